-- Deputies (代理) for an absence with dates. Whoever stands in sees and may do what the absent person sees and may do, under their own
-- name: the audit has both.
create table platform.deputy (
  deputy_id uuid primary key default gen_random_uuid(),
  absent text not null,
  deputy text not null,
  from_date date not null,
  to_date date not null,
  words text not null,
  state text not null check (state in ('proposed', 'approved', 'refused', 'ended')),
  -- The absent person's unit, for who may decide.
  unit_no integer not null,
  proposed_by text not null,
  proposed_at timestamptz not null,
  decided_by text,
  decided_at timestamptz,
  ended_by text,
  ended_at timestamptz,
  constraint deputy_dates check (to_date >= from_date and to_date < from_date + 93),
  constraint deputy_another check (deputy <> absent),
  constraint deputy_decided check ((state = 'proposed') = (decided_by is null) or state = 'ended'),
  constraint deputy_ended check ((state = 'ended') = (ended_by is not null)),
  -- Two people, and neither of those whom it is about (SECURITY 18).
  constraint deputy_two_people check (state <> 'approved' or decided_by <> all (array[proposed_by, absent, deputy]))
);
create index deputy_absent on platform.deputy (absent, to_date);
create index deputy_deputy on platform.deputy (deputy, to_date);
create index deputy_unit on platform.deputy (unit_no);
insert into platform.table_place values ('platform.deputy', 'local');
grant select, insert on platform.deputy to guanhu_app;
-- Whoever is told of a decision is told by the worker.
grant select, update (state, decided_by, decided_at, ended_by, ended_at) on platform.deputy to guanhu_worker;

-- For whom a session acts; counts only while the deputy does.
alter table platform.session add column on_behalf_of text;

select platform.classify('platform.deputy', 'staff', 'deputy_id none none 代理编号; absent C1 none 被代理人; deputy C1 none 代理人; from_date C1 none 起日;
  to_date C1 none 止日; words C1 none 事由; state none none 状态; unit_no none none 机构序号; proposed_by C1 none 提出人; proposed_at C1 none 提出时间;
  decided_by C1 none 审批人; decided_at C1 none 审批时间; ended_by C1 none 终止人; ended_at C1 none 终止时间');
select platform.classify('platform.session', 'session', 'on_behalf_of C1 none 代谁操作');
