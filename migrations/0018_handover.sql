-- A portfolio that is handed over as a whole (交接): who leaves, moves or is away for long. While it is open the portfolio is frozen.
create table coverage.handover (
  handover_id text primary key,
  staff_id text not null,
  kind text not null check (kind in ('leaving', 'move', 'absence')),
  -- Last day, or first day of the absence; an absence also says when they are back.
  on_date date not null,
  back_on date,
  words text not null,
  state text not null check (state in ('frozen', 'split', 'done', 'withdrawn', 'returned')),
  unit_id text not null,
  unit_no integer not null,
  -- Who gets part of it, once it has been split; each of them signs, and so does who gives.
  successors text[] not null default '{}',
  -- Why customers who changed hands too often lately change again.
  often_words text,
  started_by text not null,
  started_at timestamptz not null,
  split_by text,
  split_at timestamptz,
  giver_signed_by text,
  giver_signed_at timestamptz,
  decided_by text,
  decided_at timestamptz,
  effective_from date,
  returned_by text,
  returned_at timestamptz,
  constraint handover_absence check ((kind = 'absence') = (back_on is not null) and (back_on is null or back_on > on_date)),
  -- Nobody approves what they started, split or signed, nor what they give or get (SECURITY 18).
  constraint handover_two_people check (state not in ('done', 'returned') or (
    decided_by <> started_by and decided_by <> split_by and decided_by <> staff_id and decided_by <> giver_signed_by and decided_by <> all (successors))),
  constraint handover_signed check (state not in ('done', 'returned') or giver_signed_by is not null),
  constraint handover_decided check ((state in ('done', 'withdrawn', 'returned')) = (decided_by is not null)),
  constraint handover_dated check ((state in ('done', 'returned')) = (effective_from is not null)),
  constraint handover_returned check ((state = 'returned') = (returned_by is not null))
);
create unique index handover_open on coverage.handover (staff_id) where state in ('frozen', 'split');
create index handover_list on coverage.handover (started_at desc, handover_id desc);

-- The successors' signatures; splitting anew takes them away.
create table coverage.handover_signature (
  handover_id text not null,
  staff_id text not null,
  signed_at timestamptz not null,
  primary key (handover_id, staff_id)
);

-- One customer of a handover: to whom, and after the approval what became of it. Scope columns as of the split; who gets the
-- customer sees the line too.
create table coverage.handover_item (
  customer_id text not null,
  handover_id text not null,
  seat text not null check (seat in ('lead', 'joint')),
  band smallint not null,
  assets_fen bigint not null,
  from_portfolio text not null,
  to_staff text collate "C",                  -- null: nobody can take the customer
  to_portfolio text,
  -- Changed hands as often as is allowed in ninety days already.
  often boolean not null,
  outcome text check (outcome in ('moved', 'stayed', 'gone', 'returned')),
  unit_no integer not null,
  lead_staff text collate "C",
  joint_staff text collate "C",
  primary key (customer_id, handover_id)
);
create index handover_item_list on coverage.handover_item (handover_id, assets_fen desc, customer_id desc);
alter table coverage.handover_item enable row level security; alter table coverage.handover_item force row level security;
create policy scope on coverage.handover_item for select to guanhu_app using (
  case when unit_no between nullif(current_setting('app.lo', true), '')::int and nullif(current_setting('app.hi', true), '')::int then true
       when lead_staff = nullif(current_setting('app.staff', true), '') then true
       when joint_staff = nullif(current_setting('app.staff', true), '') then true
       when to_staff = nullif(current_setting('app.staff', true), '') then true
       else false end);
create policy one_customer on coverage.handover_item for select to guanhu_app using (customer_id = nullif(current_setting('app.customer', true), ''));
create policy load on coverage.handover_item to guanhu_worker using (true) with check (true);

insert into platform.table_place values ('coverage.handover', 'local'), ('coverage.handover_signature', 'local'), ('coverage.handover_item', 'customer');
grant select on coverage.handover, coverage.handover_signature, coverage.handover_item to guanhu_app;
grant select, insert, update on coverage.handover to guanhu_worker;
grant select, insert, update, delete on coverage.handover_signature, coverage.handover_item to guanhu_worker;

-- Customers of one household stay together in a handover.
alter table customers.customer add column household_id text;
alter table customers.stage_customer add column household_id text;

-- Handovers, and portfolios as of a day (`person@day`), are exported like portfolios and runs.
alter table disclosure.export drop constraint export_kind_check;
alter table disclosure.export add constraint export_kind_check check (kind in ('portfolio', 'portfolio-on', 'run', 'handover'));

-- Whom a person had on a day, as far as the reader's scope shows these customers today. Former customers of a person are found by the
-- index of what has ended; those of today stand in by_staff.
create index assignment_ended on coverage.assignment (staff_id, to_date) where to_date is not null;
create function coverage.had_on(staff_id_ text, on_ date) returns table (customer_id text, seat text, band smallint, from_date date,
  to_date date, reason text, run_id text, outlet_id text, assets_fen bigint, name text) language sql stable security definer set search_path = pg_catalog as $$
  select a.customer_id, a.seat, a.band, a.from_date, a.to_date, a.reason, a.run_id, s.outlet_id, s.assets_fen, c.name from (
    select x.* from coverage.by_staff b join coverage.assignment x on x.customer_id = b.customer_id and x.seat = b.seat and x.to_date is null
     where b.staff_id = staff_id_ and x.from_date <= on_
    union all
    select x.* from coverage.assignment x where x.staff_id = staff_id_ and x.to_date > on_ and x.from_date <= on_) a
    join coverage.standing s on s.customer_id = a.customer_id join coverage.card c on c.customer_id = a.customer_id
   where s.unit_no between nullif(current_setting('app.lo', true), '')::int and nullif(current_setting('app.hi', true), '')::int
      or s.lead_staff = nullif(current_setting('app.staff', true), '') or s.joint_staff = nullif(current_setting('app.staff', true), '')
$$;
revoke execute on function coverage.had_on(text, date) from public;
grant execute on function coverage.had_on(text, date) to guanhu_app;

-- Units close and merge on a date. heir_id: who stands in for the unit as of the newest closed day; null = the unit itself.
alter table organisation.org_unit add column closed_on date, add column merged_into text, add column heir_id text;
alter table organisation.stage_org_unit add column closed_on date, add column merged_into text;

-- Units and posts as they were, [from_date, to_date); null = still so. A change counts from the day on which the file that brings it is
-- taken; what was there first is taken to have been so before.
create table organisation.unit_history (
  id text not null, from_date date not null, to_date date check (to_date > from_date),
  name text not null, level text not null, parent_id text, closed_on date, merged_into text,
  primary key (id, from_date)
);
create table organisation.post_history (
  staff_id text not null, from_date date not null, to_date date check (to_date > from_date),
  name text not null, org_unit_id text not null, role text not null, left_on date,
  primary key (staff_id, from_date)
);
insert into organisation.unit_history (id, from_date, name, level, parent_id) select id, '1900-01-01', name, level, parent_id from organisation.org_unit;
insert into organisation.post_history (staff_id, from_date, name, org_unit_id, role, left_on)
  select id, coalesce(hired_on, '1900-01-01'), name, org_unit_id, role, left_on from organisation.staff;
insert into platform.table_place values ('organisation.unit_history', 'reference'), ('organisation.post_history', 'reference');
grant select on organisation.unit_history, organisation.post_history to guanhu_app;
grant select, insert, update, delete on organisation.unit_history, organisation.post_history to guanhu_worker;
