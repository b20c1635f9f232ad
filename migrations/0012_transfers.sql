-- A change of who looks after a customer, asked for by one person and decided by another (调户). Scope columns as of the request, like
-- those of decisions; where nobody sits yet, the seat's column is the person who shall take it.
create table coverage.transfer (
  customer_id text not null,
  transfer_id text not null,
  seat text not null check (seat in ('lead', 'joint')),
  from_staff text,                            -- null: nobody had the seat
  to_staff text,                              -- null: the customer is released
  state text not null check (state in ('requested', 'approved', 'rejected', 'withdrawn')),
  -- Where the customer goes, as of the request, and from the approval on as it was carried out.
  portfolio text,
  band smallint not null,
  reason text not null,
  words text not null,
  evidence text,
  requested_by text not null,
  requested_at timestamptz not null,
  decided_by text,
  decided_at timestamptz,
  note text,
  effective_from date,
  unit_no integer not null,
  lead_staff text collate "C",
  joint_staff text collate "C",
  primary key (customer_id, transfer_id),
  constraint transfer_moves check (from_staff is distinct from to_staff),
  -- Nobody decides on what they asked for, nor on a customer who leaves them or comes to them; what one asked for one may withdraw.
  constraint transfer_two_people check (
    state = 'withdrawn' or (decided_by <> requested_by and decided_by is distinct from from_staff and decided_by is distinct from to_staff) or decided_by is null),
  constraint transfer_decided check ((state = 'requested') = (decided_by is null) and (decided_by is null) = (decided_at is null)),
  constraint transfer_dated check ((state = 'approved') = (effective_from is not null))
);
create unique index transfer_open on coverage.transfer (customer_id, seat) where state = 'requested';
create index transfer_id on coverage.transfer (transfer_id);
create index transfer_list on coverage.transfer (requested_at desc, transfer_id desc);

alter table coverage.transfer enable row level security; alter table coverage.transfer force row level security;
create policy scope on coverage.transfer for select to guanhu_app using (
  case when unit_no between nullif(current_setting('app.lo', true), '')::int and nullif(current_setting('app.hi', true), '')::int then true
       when lead_staff = nullif(current_setting('app.staff', true), '') then true
       when joint_staff = nullif(current_setting('app.staff', true), '') then true
       else false end);
-- The why card of a customer who has been found tells of transfers also to who took over.
create policy one_customer on coverage.transfer for select to guanhu_app using (customer_id = nullif(current_setting('app.customer', true), ''));
create policy load on coverage.transfer to guanhu_worker using (true) with check (true);

-- While a period is on, portfolios change by transfer only (锁包).
create table coverage.lock_period (
  lock_id text primary key,
  name text not null,
  from_date date not null,
  to_date date not null check (to_date >= from_date),   -- last day of the period
  set_by text not null,
  set_at timestamptz not null,
  lifted_by text,
  lifted_at timestamptz
);

insert into platform.table_place values ('coverage.transfer', 'customer'), ('coverage.lock_period', 'local');
grant select on coverage.transfer, coverage.lock_period to guanhu_app;
grant select, insert, update on coverage.transfer, coverage.lock_period to guanhu_worker;

-- Locks the places of both sides of a transfer, always in the same order so that two that cross do not wait for each other, and says
-- what the taker's limit is. Gives how many customers the taker has.
create function coverage.hold_places(from_staff_ text, from_portfolio_ text, to_staff_ text, to_portfolio_ text, cap_ integer) returns integer
  language plpgsql security definer set search_path = pg_catalog as $$
begin
  if to_staff_ is not null then
    insert into coverage.portfolio (staff_id, portfolio, customers, cap) values (to_staff_, to_portfolio_, 0, cap_)
      on conflict (staff_id, portfolio) do nothing;
  end if;
  perform 1 from coverage.portfolio
   where (staff_id = from_staff_ and portfolio = from_portfolio_) or (staff_id = to_staff_ and portfolio = to_portfolio_)
   order by staff_id, portfolio for update;
  if to_staff_ is null then return 0; end if;
  perform coverage.set_cap(to_staff_, to_portfolio_, cap_);
  return (select customers from coverage.portfolio where staff_id = to_staff_ and portfolio = to_portfolio_);
end $$;
revoke execute on function coverage.hold_places(text, text, text, text, integer) from public;
grant execute on function coverage.hold_places(text, text, text, text, integer), coverage.show_seats(text) to guanhu_worker;
