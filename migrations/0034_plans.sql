create schema plans;
-- 计划: what a unit is to reach in a period, broken down to its people. One in force is never changed: another one replaces it.
create table plans.plan (
  plan_id text primary key,
  unit_id text not null,
  unit_no integer not null,
  metric text not null,
  period text not null,
  target bigint not null check (target > 0),
  basis text not null check (basis in ('shares', 'growth')),
  growth_bp integer,
  made_by text not null,
  made_at timestamptz not null,
  replaced_at timestamptz,
  check ((basis = 'growth') = (growth_bp is not null))
);
create unique index plan_in_force on plans.plan (unit_id, metric, period) where replaced_at is null;
create table plans.part (
  plan_id text not null references plans.plan (plan_id),
  staff_id text collate "C" not null,
  target bigint not null check (target >= 0),
  by_hand boolean not null,
  primary key (plan_id, staff_id)
);
create index part_staff on plans.part (staff_id);
-- 小组 [S2]: people of a unit who work towards it together, with one who leads them.
create table plans.team (
  team_id text primary key,
  unit_id text not null,
  unit_no integer not null,
  name text not null,
  leader text not null,
  members text[] not null,
  made_by text not null,
  made_at timestamptz not null,
  ended_at timestamptz,
  check (leader = any(members))
);
create index team_unit on plans.team (unit_no) where ended_at is null;
insert into platform.table_place values ('plans.plan', 'local'), ('plans.part', 'local'), ('plans.team', 'local');
grant usage on schema plans to guanhu_app, guanhu_worker;
grant select on plans.plan, plans.part, plans.team to guanhu_app;
grant select, insert, update on plans.plan, plans.part, plans.team to guanhu_worker;
select platform.classify('plans.plan', 'setting', 'plan_id none none 计划编号; unit_id none none 机构; unit_no none none 机构序号; metric none none 指标; period none none 期间;
  target none none 目标; basis none none 分解办法; growth_bp none none 增幅（万分之一）; made_by C1 none 下达人; made_at none none 下达时间; replaced_at none none 被替换时间');
select platform.classify('plans.part', 'setting', 'plan_id none none 计划编号; staff_id C1 none 员工; target C1 none 目标; by_hand none none 手工调整');
select platform.classify('plans.team', 'setting', 'team_id none none 小组编号; unit_id none none 机构; unit_no none none 机构序号; name none none 小组名称; leader C1 none 组长;
  members C1 none 组员; made_by C1 none 设立人; made_at none none 设立时间; ended_at none none 撤销时间');
comment on table plans.plan is '计划';
comment on table plans.part is '计划分解';
comment on table plans.team is '小组';

alter table disclosure.export drop constraint export_kind_check;
alter table disclosure.export add constraint export_kind_check check (kind in ('portfolio', 'portfolio-on', 'run', 'handover', 'group',
  'follow-ups', 'work-log', 'vip-overview', 'customer-register', 'sales', 'plan'));
