create schema engagement;
-- A version of the follow-up rules; its YAML source is kept whole. Never edited once in force.
create table engagement.catalogue (
  version integer primary key,
  source text not null,
  digest text not null,
  state text not null check (state in ('draft', 'active', 'retired')),
  created_by text not null,
  created_at timestamptz not null,
  activated_by text,
  activated_at timestamptz
);
create unique index catalogue_one_active on engagement.catalogue (state) where state = 'active';

-- What somebody should do next with a customer. Rule and cause name it for good, so nothing is made twice. Scope columns stand on the row
-- because lists cross customers; they follow the standing, open rows only.
create table engagement.follow_up (
  customer_id text not null,
  rule text not null,
  cause text not null,
  seat text not null check (seat in ('lead', 'joint')),
  staff_id text collate "C" not null,
  due_on date not null,
  since date not null,
  stake_fen bigint not null,
  priority smallint not null,
  because jsonb not null,
  state text not null check (state in ('open', 'done', 'gone', 'lapsed', 'left')),
  made_on date not null,
  -- When and by whom it is to be done: the due day and the seat's holder, unless it was postponed or handed over. Columns of their own,
  -- because row security lets no index answer an expression over two.
  act_on date not null,
  doer text collate "C" not null,
  postponed_words text,
  ended_on date,
  ended_by text,
  ended_words text,
  contact_id text,
  unit_no integer not null,
  lead_staff text collate "C",
  joint_staff text collate "C",
  primary key (customer_id, rule, cause),
  check ((state = 'open') = (ended_on is null))
);
create index follow_up_open on engagement.follow_up (doer, act_on) where state = 'open';
create index follow_up_unit on engagement.follow_up (unit_no, act_on) where state = 'open';

-- What was done with a customer. Never changed: a mistake is reversed, with who and why, and stays to be read.
create table engagement.contact (
  customer_id text not null,
  contact_id text not null,
  staff_id text collate "C" not null,
  role text not null,
  -- The unit of whoever did it.
  unit_no integer not null,
  on_behalf_of text,
  on_date date not null,
  recorded_at timestamptz not null,
  channel text not null check (channel in ('phone', 'wecom', 'visit', 'meeting', 'sms', 'letter')),
  outcome text not null check (outcome in ('reached', 'declined', 'complaint', 'no-answer', 'wrong-number', 'sent', 'returned')),
  note text not null,
  next_on date,
  next_words text not null,
  interest text[] not null,
  reversed_by text,
  reversed_at timestamptz,
  reversed_words text,
  primary key (customer_id, contact_id),
  check ((reversed_by is null) = (reversed_at is null))
);
create index contact_staff on engagement.contact (staff_id, recorded_at desc);

-- What a manager knows of a customer beyond the bank's systems, field by field with the day on which it was last confirmed.
create table engagement.profile_field (
  customer_id text not null,
  field text not null,
  value text not null,
  first_on date not null,
  confirmed_on date not null,
  staff_id text not null,
  primary key (customer_id, field)
);
-- Members of the family with their birthdays, as the customer told them.
create table engagement.family_member (
  customer_id text not null,
  member_id text not null,
  relation text not null,
  name text not null,
  birth_date date,
  staff_id text not null,
  recorded_at timestamptz not null,
  primary key (customer_id, member_id)
);

-- When each covered customer is to be looked at again, and what the rules saw last: who differs from it is looked at tonight.
create table engagement.agenda (
  customer_id text primary key,
  wake_on date,
  lead_staff text collate "C",
  joint_staff text collate "C",
  band smallint not null,
  below_since date,
  balance_from date,
  assets_fen bigint not null,
  birth_date date,
  risk_expires_on date
) with (fillfactor = 85);
create index agenda_wake on engagement.agenda (wake_on) where wake_on is not null;
-- Customers of whom something became known that the agenda does not show: positions, contacts, profiles.
create table engagement.news (customer_id text primary key);
-- Customers whose seats changed between two nights: written with the change, taken away by who has followed.
create table coverage.seat_news (customer_id text primary key);

alter table engagement.follow_up enable row level security;     alter table engagement.follow_up force row level security;
alter table engagement.contact enable row level security;       alter table engagement.contact force row level security;
alter table engagement.profile_field enable row level security; alter table engagement.profile_field force row level security;
alter table engagement.family_member enable row level security; alter table engagement.family_member force row level security;
alter table engagement.agenda enable row level security; alter table engagement.agenda force row level security;
create policy load on engagement.agenda to guanhu_worker using (true) with check (true);
alter table engagement.news enable row level security; alter table engagement.news force row level security;
create policy load on engagement.news to guanhu_worker using (true) with check (true);
alter table coverage.seat_news enable row level security; alter table coverage.seat_news force row level security;
create policy load on coverage.seat_news to guanhu_worker using (true) with check (true);
create policy scope on engagement.follow_up for select to guanhu_app using (
  case when unit_no between nullif(current_setting('app.lo', true), '')::int and nullif(current_setting('app.hi', true), '')::int then true
       when lead_staff = nullif(current_setting('app.staff', true), '') then true
       when joint_staff = nullif(current_setting('app.staff', true), '') then true
       else false end);
create policy one_customer on engagement.contact for select to guanhu_app using (customer_id = nullif(current_setting('app.customer', true), ''));
-- One's own record of work is one's own, also of customers whom one has no more; heads see how much their people do.
create policy scope on engagement.contact for select to guanhu_app using (
  case when unit_no between nullif(current_setting('app.lo', true), '')::int and nullif(current_setting('app.hi', true), '')::int then true
       when staff_id = nullif(current_setting('app.staff', true), '') then true
       else false end);
create policy one_customer on engagement.profile_field for select to guanhu_app using (customer_id = nullif(current_setting('app.customer', true), ''));
create policy one_customer on engagement.family_member for select to guanhu_app using (customer_id = nullif(current_setting('app.customer', true), ''));
create policy load on engagement.follow_up to guanhu_worker using (true) with check (true);
create policy load on engagement.contact to guanhu_worker using (true) with check (true);
create policy load on engagement.profile_field to guanhu_worker using (true) with check (true);
create policy load on engagement.family_member to guanhu_worker using (true) with check (true);

insert into platform.table_place values ('engagement.catalogue', 'local'), ('engagement.follow_up', 'customer'), ('engagement.contact', 'customer'),
  ('engagement.profile_field', 'customer'), ('engagement.family_member', 'customer'), ('engagement.agenda', 'customer'),
  ('engagement.news', 'customer'), ('coverage.seat_news', 'customer');
grant usage on schema engagement to guanhu_app, guanhu_worker;
grant select on engagement.catalogue, engagement.follow_up, engagement.contact, engagement.profile_field, engagement.family_member to guanhu_app;
grant select, insert, update, delete on engagement.follow_up, engagement.profile_field, engagement.family_member, engagement.agenda,
  engagement.news, coverage.seat_news to guanhu_worker;
grant select, insert, update on engagement.catalogue, engagement.contact to guanhu_worker;

select platform.classify('engagement.catalogue', 'setting', 'version none none 版本; source none none 规则全文; digest none none 摘要; state none none 状态;
  created_by C1 none 保存人; created_at none none 保存时间; activated_by C1 none 启用人; activated_at none none 启用时间');
select platform.classify('engagement.follow_up', 'ledger', 'customer_id C1 none 客户号; rule none none 跟进规则; cause C1 none 事由编号; seat C1 none 席位;
  staff_id C1 none 跟进人; due_on C1 none 应办日期; since C1 none 事由起日; stake_fen C2 none 涉及金额（分）; priority none none 优先级; because C2 none 事由;
  state C1 none 状态; made_on C1 none 生成日期; act_on C1 none 办理日期; doer C1 none 办理人; postponed_words C2 none 延期原因; ended_on C1 none 了结日期;
  ended_by C1 none 了结人; ended_words C2 none 了结原因; contact_id none none 联系记录编号; unit_no none none 机构序号; lead_staff C1 none 主办客户经理;
  joint_staff C1 none 协办客户经理');
select platform.classify('engagement.contact', 'ledger', 'customer_id C1 none 客户号; contact_id none none 记录编号; staff_id C1 none 联系人; role C1 none 岗位;
  unit_no none none 机构序号; on_behalf_of C1 none 代谁办理; on_date C1 none 联系日期; recorded_at C1 none 登记时间; channel C1 none 联系方式;
  outcome C1 none 结果; note C2 none 沟通记录; next_on C1 none 下次联系日期; next_words C2 none 下一步; interest C2 none 感兴趣的产品;
  reversed_by C1 none 冲正人; reversed_at C1 none 冲正时间; reversed_words C2 none 冲正原因');
select platform.classify('engagement.profile_field', 'customer', 'customer_id C1 none 客户号; field none none 档案项目; value C2 none 内容; first_on C1 none 首次登记日;
  confirmed_on C1 none 最近核实日; staff_id C1 none 登记人');
select platform.classify('engagement.family_member', 'customer', 'customer_id C1 none 客户号; member_id none none 成员编号; relation C2 none 关系; name C2 name 称呼;
  birth_date C2 birth 生日; staff_id C1 none 登记人; recorded_at C1 none 登记时间');
select platform.classify('engagement.agenda', 'customer', 'customer_id C1 none 客户号; wake_on none none 下次评估日; lead_staff C1 none 主办客户经理;
  joint_staff C1 none 协办客户经理; band C2 none 分户级别; below_since C1 none 低于级别起日; balance_from C1 none 余额起日; assets_fen C2 none 资产（分）;
  birth_date C2 birth 出生日期; risk_expires_on C1 none 风险评估到期日');
select platform.classify('engagement.news', 'staging', 'customer_id C1 none 客户号');
select platform.classify('coverage.seat_news', 'staging', 'customer_id C1 none 客户号');
comment on table engagement.follow_up is '待跟进';
comment on table engagement.contact is '联系记录';
comment on table engagement.profile_field is '客户档案';
comment on table engagement.family_member is '家庭成员';
comment on table engagement.agenda is '跟进评估依据';
comment on table engagement.news is '待评估的客户';
comment on table coverage.seat_news is '管户人有变的客户';
