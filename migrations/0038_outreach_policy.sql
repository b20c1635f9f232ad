-- What the bank sets of the gate; versions are never edited. Without one the settings that ship hold.
create table outreach.policy (
  version integer primary key,
  source text not null,
  digest text not null,
  active boolean not null,
  made_by text not null,
  made_at timestamptz not null
);
create unique index policy_one_active on outreach.policy (active) where active;
insert into platform.table_place values ('outreach.policy', 'local');
grant select on outreach.policy to guanhu_app;
grant select, insert, update on outreach.policy to guanhu_worker;
select platform.classify('outreach.policy', 'setting', 'version none none 版本; source none none 规则全文; digest none none 摘要; active none none 在用; made_by C1 none 启用人;
  made_at none none 启用时间');
comment on table outreach.policy is '触达规则';
