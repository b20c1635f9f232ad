create schema appointments;
-- An hour agreed with a customer. It goes with the customer when the seat changes hands.
create table appointments.appointment (
  customer_id text not null,
  appointment_id text not null,
  staff_id text collate "C" not null,
  -- The unit of whoever is to keep it.
  unit_no integer not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  kind text not null check (kind in ('outlet', 'visit', 'phone', 'video')),
  place text not null,
  words text not null,
  state text not null check (state in ('planned', 'kept', 'missed', 'cancelled')),
  made_by text not null,
  made_at timestamptz not null,
  ended_by text,
  ended_at timestamptz,
  ended_words text,
  primary key (customer_id, appointment_id),
  check (ends_at > starts_at),
  check ((state = 'planned') = (ended_at is null))
);
create index appointment_staff on appointments.appointment (staff_id, starts_at);
alter table appointments.appointment enable row level security; alter table appointments.appointment force row level security;
create policy scope on appointments.appointment for select to guanhu_app using (
  case when unit_no between nullif(current_setting('app.lo', true), '')::int and nullif(current_setting('app.hi', true), '')::int then true
       when staff_id = nullif(current_setting('app.staff', true), '') then true
       else false end);
create policy one_customer on appointments.appointment for select to guanhu_app using (customer_id = nullif(current_setting('app.customer', true), ''));
create policy load on appointments.appointment to guanhu_worker using (true) with check (true);
insert into platform.table_place values ('appointments.appointment', 'customer');
grant usage on schema appointments to guanhu_app, guanhu_worker;
grant select on appointments.appointment to guanhu_app;
grant select, insert, update on appointments.appointment to guanhu_worker;
select platform.classify('appointments.appointment', 'ledger', 'customer_id C1 none 客户号; appointment_id none none 预约编号; staff_id C1 none 赴约人; unit_no none none 机构序号;
  starts_at C1 none 开始时间; ends_at C1 none 结束时间; kind C1 none 方式; place C2 none 地点; words C2 none 事由; state C1 none 状态; made_by C1 none 登记人;
  made_at C1 none 登记时间; ended_by C1 none 了结人; ended_at C1 none 了结时间; ended_words C2 none 了结说明');
comment on table appointments.appointment is '预约';
