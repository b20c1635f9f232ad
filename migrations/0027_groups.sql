create schema groups;
-- A customer group (客群): a rule over what is known of customers. Of a unit, of one person's own portfolio, or, with neither, of the bank.
create table groups.definition (
  group_id text primary key,
  title_zh text not null,
  title_en text not null,
  rule jsonb not null,
  -- Only its maker sees it; null = shared with everybody of the unit.
  owner_staff text,
  -- Only customers of this unit; null = the owner's own customers, or the whole bank when it is shared.
  unit_id text,
  state text not null check (state in ('active', 'retired')),
  created_by text not null,
  created_at timestamptz not null,
  changed_at timestamptz not null
);

-- What rules ask of a customer and no standing tells, as of the newest closed day. The seats and the unit are the standing's, for row security.
create table groups.fact (
  customer_id text primary key,
  unit_no integer not null,
  lead_staff text collate "C",
  joint_staff text collate "C",
  birth_date date,
  district text,
  deposits_fen bigint not null,
  wealth_fen bigint not null,
  funds_fen bigint not null,
  insurance_fen bigint not null,
  -- Bonds, metals and trusts.
  other_fen bigint not null,
  loans_fen bigint not null,
  talks_30 integer not null,
  talks_90 integer not null,
  last_talk_on date,
  -- Days on which the customer's totals changed.
  moves_30 integer not null,
  moves_90 integer not null,
  last_move_on date,
  tags text[] not null
) with (fillfactor = 80);

-- Who was in which group when: [from_date, to_date).
create table groups.stay (
  customer_id text not null,
  group_id text not null,
  from_date date not null,
  to_date date check (to_date > from_date),
  unit_no integer not null,
  lead_staff text collate "C",
  joint_staff text collate "C",
  primary key (customer_id, group_id, from_date)
);
create unique index stay_open on groups.stay (customer_id, group_id) where to_date is null;
create index stay_members on groups.stay (group_id, customer_id) where to_date is null;
create index stay_left on groups.stay (group_id, to_date) where to_date is not null;
-- Who enters or leaves tonight: between the pass over all customers and the stays. No row security, no rights for the application.
create unlogged table groups.stage_change (customer_id text not null, group_id text not null, enters boolean not null);

-- Free words on a customer.
create table groups.tag (
  customer_id text not null,
  tag text not null,
  staff_id text not null,
  on_date date not null,
  primary key (customer_id, tag)
);

alter table groups.fact enable row level security; alter table groups.fact force row level security;
alter table groups.stay enable row level security; alter table groups.stay force row level security;
alter table groups.tag enable row level security;  alter table groups.tag force row level security;
create policy scope on groups.fact for select to guanhu_app using (
  case when unit_no between nullif(current_setting('app.lo', true), '')::int and nullif(current_setting('app.hi', true), '')::int then true
       when lead_staff = nullif(current_setting('app.staff', true), '') then true
       when joint_staff = nullif(current_setting('app.staff', true), '') then true
       else false end);
create policy scope on groups.stay for select to guanhu_app using (
  case when unit_no between nullif(current_setting('app.lo', true), '')::int and nullif(current_setting('app.hi', true), '')::int then true
       when lead_staff = nullif(current_setting('app.staff', true), '') then true
       when joint_staff = nullif(current_setting('app.staff', true), '') then true
       else false end);
create policy one_customer on groups.tag for select to guanhu_app using (customer_id = nullif(current_setting('app.customer', true), ''));
create policy load on groups.fact to guanhu_worker using (true) with check (true);
create policy load on groups.stay to guanhu_worker using (true) with check (true);
create policy load on groups.tag to guanhu_worker using (true) with check (true);

insert into platform.table_place values ('groups.definition', 'local'), ('groups.fact', 'customer'), ('groups.stay', 'customer'),
  ('groups.stage_change', 'customer'), ('groups.tag', 'customer');
grant usage on schema groups to guanhu_app, guanhu_worker;
grant select on groups.definition, groups.fact, groups.stay, groups.tag to guanhu_app;
grant select, insert, update on groups.definition to guanhu_worker;
grant select, insert, update, delete on groups.fact, groups.stay, groups.tag, groups.stage_change to guanhu_worker;
grant truncate on groups.stage_change to guanhu_worker;

select platform.classify('groups.definition', 'setting', 'group_id none none 客群编号; title_zh none none 名称; title_en none none 英文名称; rule none none 规则;
  owner_staff C1 none 所有人; unit_id none none 机构; state none none 状态; created_by C1 none 建立人; created_at none none 建立时间; changed_at none none 修改时间');
select platform.classify('groups.fact', 'customer', 'customer_id C1 none 客户号; unit_no none none 机构序号; lead_staff C1 none 主办客户经理;
  joint_staff C1 none 协办客户经理; birth_date C2 birth 出生日期; district C2 none 所在区; deposits_fen C2 none 存款（分）; wealth_fen C2 none 理财（分）;
  funds_fen C2 none 基金（分）; insurance_fen C2 none 保险（分）; other_fen C2 none 债券、贵金属和信托（分）; loans_fen C2 none 贷款（分）;
  talks_30 C1 none 近30天联系次数; talks_90 C1 none 近90天联系次数; last_talk_on C1 none 最近联系日; moves_30 C2 none 近30天资金变动天数;
  moves_90 C2 none 近90天资金变动天数; last_move_on C2 none 最近资金变动日; tags C2 none 标签');
select platform.classify('groups.stay', 'customer', 'customer_id C1 none 客户号; group_id C2 none 客群编号; from_date C1 none 进入日期; to_date C1 none 离开日期;
  unit_no none none 机构序号; lead_staff C1 none 主办客户经理; joint_staff C1 none 协办客户经理');
select platform.classify('groups.stage_change', 'staging', 'customer_id C1 none 客户号; group_id C2 none 客群编号; enters none none 是否进入');
select platform.classify('groups.tag', 'customer', 'customer_id C1 none 客户号; tag C2 none 标签; staff_id C1 none 登记人; on_date C1 none 登记日期');
comment on table groups.definition is '客群';
comment on table groups.fact is '客群划分依据';
comment on table groups.stay is '所属客群';
comment on table groups.stage_change is '待变动的客群成员';
comment on table groups.tag is '客户标签';

alter table disclosure.export drop constraint export_kind_check;
alter table disclosure.export add constraint export_kind_check check (kind in ('portfolio', 'portfolio-on', 'run', 'handover', 'group'));

-- A teller's list (柜员名单): a VIP whom a teller raised from an ordinary customer, kept as theirs once the outlet's head has agreed.
-- What the customer had when the teller got them and when it was asked stays on the row: that is what the head agreed to.
create table coverage.keep (
  customer_id text not null,
  keep_id text not null,
  staff_id text collate "C" not null,
  -- The unit of the customer, for the head's list.
  unit_no integer not null,
  state text not null check (state in ('requested', 'agreed', 'refused', 'withdrawn')),
  began_on date not null,
  began_fen bigint not null,
  asked_fen bigint not null,
  -- Whether they are still a VIP as of the newest closed day.
  is_vip boolean not null,
  words text not null,
  requested_at timestamptz not null,
  decided_by text,
  decided_at timestamptz,
  note text,
  primary key (customer_id, keep_id),
  constraint keep_two_people check (state = 'withdrawn' or decided_by is null or decided_by <> staff_id),
  check ((state = 'requested') = (decided_at is null))
);
create unique index keep_open on coverage.keep (customer_id) where state in ('requested', 'agreed');
create index keep_staff on coverage.keep (staff_id, state);
alter table coverage.keep enable row level security; alter table coverage.keep force row level security;
create policy scope on coverage.keep for select to guanhu_app using (
  case when unit_no between nullif(current_setting('app.lo', true), '')::int and nullif(current_setting('app.hi', true), '')::int then true
       when staff_id = nullif(current_setting('app.staff', true), '') then true
       else false end);
create policy load on coverage.keep to guanhu_worker using (true) with check (true);
insert into platform.table_place values ('coverage.keep', 'customer');
grant select on coverage.keep to guanhu_app;
grant select, insert, update on coverage.keep to guanhu_worker;
select platform.classify('coverage.keep', 'ledger', 'customer_id C1 none 客户号; keep_id none none 申请编号; staff_id C1 none 柜员; unit_no none none 机构序号;
  state C1 none 状态; began_on C1 none 起始日; began_fen C2 none 起始资产（分）; asked_fen C2 none 申请时资产（分）; is_vip C2 none 是否仍为贵宾;
  words C2 none 说明; requested_at C1 none 申请时间; decided_by C1 none 审批人; decided_at C1 none 审批时间; note C2 none 审批意见');
comment on table coverage.keep is '柜员名单';

-- A flexible team (柔性团队) [S3] of several roles for one private customer, beside the seats. `see`: reads the customer; `work`: also
-- records contacts and the profile. Whoever is in it finds the customer through this table and opens that one alone.
create table coverage.team_member (
  customer_id text not null,
  member_id text not null,
  staff_id text collate "C" not null,
  may text not null check (may in ('see', 'work')),
  words text not null,
  from_date date not null,
  added_by text not null,
  ended_on date,
  ended_by text,
  primary key (customer_id, member_id),
  check ((ended_on is null) = (ended_by is null))
);
create unique index team_member_open on coverage.team_member (customer_id, staff_id) where ended_on is null;
create index team_member_staff on coverage.team_member (staff_id) where ended_on is null;
alter table coverage.team_member enable row level security; alter table coverage.team_member force row level security;
create policy scope on coverage.team_member for select to guanhu_app using (staff_id = nullif(current_setting('app.staff', true), ''));
create policy one_customer on coverage.team_member for select to guanhu_app using (customer_id = nullif(current_setting('app.customer', true), ''));
create policy load on coverage.team_member to guanhu_worker using (true) with check (true);
-- Standing and card of the one customer in whose team somebody has just been found: they have no seat and no unit there.
create function platform.set_team_scope(customer_ text) returns void language plpgsql as $$
begin
  execute format('SET LOCAL app.team = %L', customer_);
end $$;
grant execute on function platform.set_team_scope(text) to guanhu_app;
create policy one_customer on coverage.standing for select to guanhu_app using (
  nullif(current_setting('app.staff', true), '') is not null and customer_id = nullif(current_setting('app.team', true), ''));
create policy one_customer on coverage.card for select to guanhu_app using (
  nullif(current_setting('app.staff', true), '') is not null and customer_id = nullif(current_setting('app.team', true), ''));
insert into platform.table_place values ('coverage.team_member', 'customer');
grant select on coverage.team_member to guanhu_app;
grant select, insert, update on coverage.team_member to guanhu_worker;
select platform.classify('coverage.team_member', 'ledger', 'customer_id C1 none 客户号; member_id none none 成员编号; staff_id C1 none 成员; may none none 权限;
  words C2 none 分工; from_date C1 none 加入日期; added_by C1 none 加入人; ended_on C1 none 退出日期; ended_by C1 none 办理退出人');
comment on table coverage.team_member is '柔性团队成员';
