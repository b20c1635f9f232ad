create schema outreach;
-- What somebody wanted to send to a customer, with what became of it. What the gate refused stays, with the reasons.
create table outreach.message (
  customer_id text not null,
  message_id text not null,
  staff_id text collate "C" not null,
  role text not null,
  -- The unit of whoever wrote it.
  unit_no integer not null,
  on_behalf_of text,
  channel text not null check (channel in ('sms', 'wecom', 'phone')),
  purpose text not null check (purpose in ('marketing', 'service')),
  product_code text,
  words text not null,
  state text not null check (state in ('waiting', 'refused', 'handed', 'delivered', 'failed')),
  refused_for text[] not null default '{}',
  made_at timestamptz not null,
  handed_in text,
  receipt_at timestamptz,
  receipt_words text,
  primary key (customer_id, message_id),
  check ((state = 'refused') = (refused_for <> '{}')),
  check ((state in ('handed', 'delivered', 'failed')) = (handed_in is not null)),
  check ((state in ('delivered', 'failed')) = (receipt_at is not null))
);
create index message_staff on outreach.message (staff_id, made_at desc);
create index message_unit on outreach.message (unit_no, made_at desc);
create index message_waiting on outreach.message (made_at) where state = 'waiting';
create index message_handed on outreach.message (handed_in) where handed_in is not null;
-- One row a customer, locked while the gate looks: two people at once count each other.
create table outreach.turn (customer_id text primary key);
-- A customer asked to be left alone, and later perhaps no more.
create table outreach.stop (
  customer_id text not null,
  since timestamptz not null,
  words text not null,
  recorded_by text not null,
  lifted_at timestamptz,
  lifted_by text,
  lifted_words text,
  primary key (customer_id, since),
  check ((lifted_at is null) = (lifted_by is null))
);
-- A list handed to the bank's gateway.
create table outreach.handover (
  handover_id text primary key,
  made_at timestamptz not null,
  made_by text not null,
  messages integer not null,
  written_at timestamptz
);

alter table outreach.message enable row level security; alter table outreach.message force row level security;
alter table outreach.turn enable row level security;    alter table outreach.turn force row level security;
alter table outreach.stop enable row level security;    alter table outreach.stop force row level security;
create policy scope on outreach.message for select to guanhu_app using (
  case when unit_no between nullif(current_setting('app.lo', true), '')::int and nullif(current_setting('app.hi', true), '')::int then true
       when staff_id = nullif(current_setting('app.staff', true), '') then true
       else false end);
create policy one_customer on outreach.message for select to guanhu_app using (customer_id = nullif(current_setting('app.customer', true), ''));
create policy one_customer on outreach.stop for select to guanhu_app using (customer_id = nullif(current_setting('app.customer', true), ''));
create policy load on outreach.message to guanhu_worker using (true) with check (true);
create policy load on outreach.turn to guanhu_worker using (true) with check (true);
create policy load on outreach.stop to guanhu_worker using (true) with check (true);

insert into platform.table_place values ('outreach.message', 'customer'), ('outreach.turn', 'customer'), ('outreach.stop', 'customer'),
  ('outreach.handover', 'local');
grant usage on schema outreach to guanhu_app, guanhu_worker;
grant select on outreach.message, outreach.stop to guanhu_app;
grant select, insert, update on outreach.message, outreach.turn, outreach.stop, outreach.handover to guanhu_worker;

select platform.classify('outreach.message', 'ledger', 'customer_id C1 none 客户号; message_id none none 触达编号; staff_id C1 none 发起人; role C1 none 岗位;
  unit_no none none 机构序号; on_behalf_of C1 none 代谁办理; channel C1 none 方式; purpose C1 none 用途; product_code C2 none 产品代码; words C2 none 内容;
  state C1 none 状态; refused_for C2 none 拦截原因; made_at C1 none 发起时间; handed_in none none 交付批次; receipt_at C1 none 回执时间; receipt_words C2 none 回执说明');
select platform.classify('outreach.turn', 'ledger', 'customer_id C1 none 客户号');
select platform.classify('outreach.stop', 'ledger', 'customer_id C1 none 客户号; since C1 none 勿扰起; words C2 none 原因; recorded_by C1 none 登记人;
  lifted_at C1 none 解除时间; lifted_by C1 none 解除人; lifted_words C2 none 解除原因');
select platform.classify('outreach.handover', 'ledger', 'handover_id none none 交付批次; made_at none none 生成时间; made_by C1 none 操作人; messages none none 条数;
  written_at none none 写出时间');
comment on table outreach.message is '触达记录';
comment on table outreach.turn is '触达占位';
comment on table outreach.stop is '客户勿扰';
comment on table outreach.handover is '触达交付批次';
