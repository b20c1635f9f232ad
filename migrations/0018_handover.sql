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
