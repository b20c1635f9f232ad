create schema meetings;
-- A unit's day as it stood at its close, for what meetings compare: kept for each closed day, of nobody in particular.
create table meetings.unit_day (
  unit_id text not null,
  day date not null,
  unit_no integer not null,
  customers bigint not null,
  assets_fen bigint not null,
  -- On this day: relations opened, and customers whose band rose or fell.
  opened bigint not null,
  rose bigint not null,
  fell bigint not null,
  primary key (unit_id, day)
);
insert into platform.table_place values ('meetings.unit_day', 'local');
grant usage on schema meetings to guanhu_app, guanhu_worker;
grant select on meetings.unit_day to guanhu_app;
grant select, insert, update, delete on meetings.unit_day to guanhu_worker;
select platform.classify('meetings.unit_day', 'setting', 'unit_id none none 机构; day none none 业务日; unit_no none none 机构序号; customers none none 客户数;
  assets_fen none none 资产合计（分）; opened none none 当日新开户; rose none none 当日升级; fell none none 当日降级');
comment on table meetings.unit_day is '机构逐日数据';
