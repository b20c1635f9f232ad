-- What somebody should know (站内通知): written in the transaction of what it tells of. Ids and counts only, no personal data.
create table platform.notice (
  notice_id uuid primary key,
  staff_id text not null,
  kind text not null,
  subject text not null,
  at timestamptz not null,
  read_at timestamptz
);
create index notice_list on platform.notice (staff_id, at desc, notice_id desc);
create index notice_unread on platform.notice (staff_id) where read_at is null;
alter table platform.notice enable row level security; alter table platform.notice force row level security;
create policy scope on platform.notice to guanhu_app using (staff_id = nullif(current_setting('app.staff', true), ''));
create policy load on platform.notice to guanhu_worker using (true) with check (true);
grant select, update (read_at) on platform.notice to guanhu_app;
grant select, insert on platform.notice to guanhu_worker;

-- A transfer that counts from a coming day waits for the night of that day, where it is carried out or fails.
-- A claim (认领) is a transfer that needs nobody's approval: the taker asked for a customer whom nobody has.
alter table coverage.transfer add column wanted_on date;     -- null: at once
alter table coverage.transfer add column carried_at timestamptz; -- when it was carried out; null on those of before: decided_at
alter table coverage.transfer add column failure jsonb;      -- what stood against it in the night, in both languages
alter table coverage.transfer add column batch_id text;      -- decided on as a whole with the others of its workbook
alter table coverage.transfer drop constraint transfer_state_check;
alter table coverage.transfer add constraint transfer_state check (
  state in ('requested', 'scheduled', 'approved', 'rejected', 'withdrawn', 'failed', 'claimed'));
alter table coverage.transfer drop constraint transfer_decided;
alter table coverage.transfer add constraint transfer_decided check (
  (state in ('requested', 'claimed')) = (decided_by is null) and (decided_by is null) = (decided_at is null));
alter table coverage.transfer drop constraint transfer_dated;
alter table coverage.transfer add constraint transfer_dated check ((state in ('approved', 'claimed')) = (effective_from is not null));
alter table coverage.transfer add constraint transfer_scheduled check (state <> 'scheduled' or wanted_on is not null);
alter table coverage.transfer add constraint transfer_failed check ((state = 'failed') = (failure is not null));
alter table coverage.transfer add constraint transfer_claimed check (state <> 'claimed' or (from_staff is null and to_staff = requested_by));
drop index coverage.transfer_open;
create unique index transfer_open on coverage.transfer (customer_id, seat) where state in ('requested', 'scheduled');
create index transfer_scheduled on coverage.transfer (wanted_on) where state = 'scheduled';
create index transfer_of_batch on coverage.transfer (batch_id) where batch_id is not null;
-- The cooling-off asks who released a customer lately.
create index transfer_released on coverage.transfer (customer_id, seat, effective_from) where to_staff is null and state = 'approved';

-- Transfers of one workbook, approved or refused as one.
create table coverage.transfer_batch (
  batch_id text primary key,
  file_name text not null,
  state text not null check (state in ('requested', 'approved', 'scheduled', 'rejected', 'withdrawn')),
  items integer not null check (items > 0),
  -- The units of its customers: decided on by who sees all of them.
  lo integer not null,
  hi integer not null,
  requested_by text not null,
  requested_at timestamptz not null,
  decided_by text,
  decided_at timestamptz,
  note text,
  constraint batch_two_people check (state = 'withdrawn' or decided_by <> requested_by or decided_by is null),
  constraint batch_decided check ((state = 'requested') = (decided_by is null) and (decided_by is null) = (decided_at is null))
);
create index batch_list on coverage.transfer_batch (requested_at desc, batch_id desc);
alter table coverage.transfer_batch enable row level security; alter table coverage.transfer_batch force row level security;
create policy scope on coverage.transfer_batch for select to guanhu_app using (
  requested_by = nullif(current_setting('app.staff', true), '')
  or (lo >= nullif(current_setting('app.lo', true), '')::int and hi <= nullif(current_setting('app.hi', true), '')::int));
create policy load on coverage.transfer_batch to guanhu_worker using (true) with check (true);
grant select on coverage.transfer_batch to guanhu_app;
grant select, insert, update on coverage.transfer_batch to guanhu_worker;

-- Who claimed, recruited or raised a customer (营销人, 拓客人): kept for good, whoever looks after the customer later.
create table coverage.raised_by (
  customer_id text not null,
  raised_id text not null,
  staff_id text not null,
  how text not null check (how in ('claimed', 'recruited', 'raised')),
  on_date date not null,
  recorded_by text not null,
  recorded_at timestamptz not null,
  -- It counts for rewards, so nobody records it for themselves.
  constraint raised_by_other check (how = 'claimed' or recorded_by <> staff_id),
  primary key (customer_id, raised_id)
);
create index raised_by_staff on coverage.raised_by (staff_id, on_date);
alter table coverage.raised_by enable row level security; alter table coverage.raised_by force row level security;
create policy one_customer on coverage.raised_by for select to guanhu_app using (customer_id = nullif(current_setting('app.customer', true), ''));
create policy load on coverage.raised_by to guanhu_worker using (true) with check (true);
grant select on coverage.raised_by to guanhu_app;
grant select, insert on coverage.raised_by to guanhu_worker;

-- Customers whom nobody has are shown for a claim to people of their unit, who see only their own otherwise.
create function platform.set_claim_scope(lo_ integer, hi_ integer) returns void language plpgsql as $$
begin
  execute format('SET LOCAL app.claim_lo = %L', lo_::text);
  execute format('SET LOCAL app.claim_hi = %L', hi_::text);
end $$;
grant execute on function platform.set_claim_scope(integer, integer) to guanhu_app;
create policy claimable on coverage.standing for select to guanhu_app using (
  lead_staff is null and nullif(current_setting('app.staff', true), '') is not null
  and unit_no between nullif(current_setting('app.claim_lo', true), '')::int and nullif(current_setting('app.claim_hi', true), '')::int);
create policy claimable on coverage.card for select to guanhu_app using (
  lead_staff is null and nullif(current_setting('app.staff', true), '') is not null
  and unit_no between nullif(current_setting('app.claim_lo', true), '')::int and nullif(current_setting('app.claim_hi', true), '')::int);

-- A lock is lifted by two people: one asks, another one confirms.
alter table coverage.lock_period add column lift_asked_by text;
alter table coverage.lock_period add column lift_asked_at timestamptz;
alter table coverage.lock_period add column lift_words text;
alter table coverage.lock_period add constraint lock_lifted_by_two check (lifted_by is null or (lift_asked_by is not null and lifted_by <> lift_asked_by)) not valid;

insert into platform.table_place values
  ('platform.notice', 'local'), ('coverage.transfer_batch', 'local'), ('coverage.raised_by', 'customer');
-- Who takes over sees the transfer once it was agreed to.
drop policy scope on coverage.transfer;
create policy scope on coverage.transfer for select to guanhu_app using (
  case when unit_no between nullif(current_setting('app.lo', true), '')::int and nullif(current_setting('app.hi', true), '')::int then true
       when lead_staff = nullif(current_setting('app.staff', true), '') then true
       when joint_staff = nullif(current_setting('app.staff', true), '') then true
       when state in ('scheduled', 'approved', 'failed', 'claimed') and to_staff = nullif(current_setting('app.staff', true), '') then true
       else false end);
