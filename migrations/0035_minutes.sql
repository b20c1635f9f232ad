-- 会议纪要: what a unit's meeting of a day came to. Never changed; what is to be done with a customer is a task of its own.
create table meetings.minutes (
  minutes_id text primary key,
  unit_id text not null,
  unit_no integer not null,
  kind text not null check (kind in ('week', 'day')),
  on_date date not null,
  words text not null,
  made_by text not null,
  made_at timestamptz not null
);
create index minutes_of_unit on meetings.minutes (unit_id, on_date desc);
insert into platform.table_place values ('meetings.minutes', 'local');
grant select on meetings.minutes to guanhu_app;
grant select, insert, update on meetings.minutes to guanhu_worker;
select platform.classify('meetings.minutes', 'ledger', 'minutes_id none none 纪要编号; unit_id none none 机构; unit_no none none 机构序号; kind none none 会议;
  on_date none none 日期; words C2 none 纪要; made_by C1 none 记录人; made_at C1 none 记录时间');
comment on table meetings.minutes is '会议纪要';
