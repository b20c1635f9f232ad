create schema insight;
-- How many customers of a tier and an age hold products of a category: counted anew after closes, of nobody in particular.
create table insight.peer_count (
  tier smallint not null,
  age_from smallint not null,
  category text not null,
  customers integer not null,
  holders integer not null,
  as_of date not null,
  primary key (tier, age_from, category)
);
-- What each kind of product brings the bank in a year; versions are never edited.
create table insight.rates (
  version integer primary key,
  source text not null,
  digest text not null,
  active boolean not null,
  made_by text not null,
  made_at timestamptz not null
);
create unique index rates_one_active on insight.rates (active) where active;
insert into platform.table_place values ('insight.peer_count', 'local'), ('insight.rates', 'local');
grant usage on schema insight to guanhu_app, guanhu_worker;
grant select on insight.peer_count, insight.rates to guanhu_app;
grant select, insert, update, delete on insight.peer_count to guanhu_worker;
grant select, insert, update on insight.rates to guanhu_worker;
select platform.classify('insight.peer_count', 'setting', 'tier none none 资产层级; age_from none none 年龄段起; category none none 产品类别; customers none none 客户数;
  holders none none 持有客户数; as_of none none 统计日');
select platform.classify('insight.rates', 'setting', 'version none none 版本; source none none 费率全文; digest none none 摘要; active none none 在用; made_by C1 none 启用人;
  made_at none none 启用时间');
comment on table insight.peer_count is '同类客户持有情况';
comment on table insight.rates is '客户价值费率';
