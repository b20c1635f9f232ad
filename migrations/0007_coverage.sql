create schema coverage;
-- A version of a scheme; its YAML source is kept whole. Immutable once active.
create table coverage.scheme (
  scheme_id text primary key,                 -- name@version
  name text not null,
  version integer not null,
  title_zh text not null,
  title_en text not null,
  source text not null,
  digest text not null,
  state text not null check (state in ('draft', 'active', 'retired')),
  created_by text not null,
  created_at timestamptz not null,
  activated_on date,
  unique (name, version)
);
create unique index scheme_one_active on coverage.scheme (state) where state = 'active';

-- The bands of a version by number (0 = lowest), so that queries can name them.
create table coverage.scheme_band (
  scheme_id text not null references coverage.scheme (scheme_id),
  band smallint not null,
  id text not null,
  primary key (scheme_id, band)
);

-- Search card: changes rarely. All searched text is stored ready to search; customer_id apart, in collation C.
create table coverage.card (
  customer_id text primary key,
  name text collate "C" not null,
  pinyin text collate "C" not null,
  initials text collate "C" not null,
  mobile_last4 text collate "C",
  mobile_key bytea,
  id_key bytea,
  branch_id text collate "C",
  outlet_id text collate "C",
  unit_no integer not null,
  lead_staff text collate "C",
  joint_staff text collate "C"
) with (fillfactor = 85);
create index card_branch_name on coverage.card (branch_id, name, unit_no, customer_id);
create index card_branch_pinyin on coverage.card (branch_id, pinyin, unit_no, customer_id);
create index card_branch_initials on coverage.card (branch_id, initials, unit_no, customer_id);
create index card_branch_last4 on coverage.card (branch_id, mobile_last4, unit_no, customer_id);
create index card_name on coverage.card (name, customer_id);
create index card_pinyin on coverage.card (pinyin, customer_id);
create index card_initials on coverage.card (initials, customer_id);
create index card_last4 on coverage.card (mobile_last4, customer_id);

-- What changes nightly, and what lists of units sort by. No index holds the staff: a change of manager is then a change of the row
-- alone (HOT), where five indexes would each get a new entry. Lists of a person stand in coverage.by_staff.
create table coverage.standing (
  customer_id text primary key,
  branch_id text collate "C",
  outlet_id text collate "C",
  unit_no integer not null,
  lead_staff text collate "C",
  joint_staff text collate "C",
  assets_fen bigint not null,
  tier smallint not null,
  has_loan boolean not null,
  -- Band of the active scheme: index into its ascending bands, -1 below the lowest. below_since = first day of falling short of it.
  band smallint not null default -1,
  band_since date,
  below_since date
) with (fillfactor = 85);
create index standing_outlet on coverage.standing (outlet_id, assets_fen desc, customer_id desc);
create index standing_branch on coverage.standing (branch_id, assets_fen desc, customer_id desc);
create index standing_bank on coverage.standing (assets_fen desc, customer_id desc);

-- Who is in whose portfolio now, in the order in which portfolios are read: staff and assets stand on one row, each seat is one.
create table coverage.by_staff (
  customer_id text not null,
  seat text not null,
  staff_id text collate "C" not null,
  unit_no integer not null,
  assets_fen bigint not null,
  primary key (customer_id, seat)
);
create index by_staff_list on coverage.by_staff (staff_id, assets_fen desc, customer_id desc);

-- Bands that are over: [since, until); the open one stands in coverage.standing.
create table coverage.band_history (
  customer_id text not null,
  since date not null,
  until date not null,
  band smallint not null,
  scheme_id text not null,
  primary key (customer_id, since)
);

-- Stretches of being at risk that are over, [since, until): with the open one in coverage.standing they give the path back day by day.
create table coverage.risk_history (
  customer_id text not null,
  since date not null,
  until date not null,
  primary key (customer_id, since)
);

-- Who was below their band when the scheme in force began, with the band of this scheme that they keep meanwhile: a new version
-- does not cut anybody's grace short. Bands are worked out again from here when closed days are restated.
create table coverage.carried_grace (
  customer_id text not null primary key,
  band smallint not null,
  below_since date not null
);

create table coverage.assignment (
  customer_id text not null,
  seat text not null check (seat in ('lead', 'joint')),
  staff_id text not null references organisation.staff (id),
  -- The portfolio whose limit this assignment counts against: seat of a band of a scheme.
  portfolio text not null,
  band smallint not null,
  from_date date not null,
  to_date date check (to_date > from_date),
  run_id text,
  reason text not null,
  ended_reason text,
  primary key (customer_id, seat, from_date)
) with (fillfactor = 90);
create unique index assignment_open on coverage.assignment (customer_id, seat) where to_date is null;

-- Places taken and places there are, one row a staff member and portfolio. Every writer goes through coverage.take_places.
create table coverage.portfolio (
  staff_id text not null,
  portfolio text not null,
  customers integer not null check (customers >= 0),
  cap integer,
  primary key (staff_id, portfolio),
  constraint portfolio_within_cap check (cap is null or customers <= cap)
);

create table coverage.run (
  run_id text primary key,                    -- 2026-06-30-3
  kind text not null check (kind in ('full', 'nightly')),
  scheme_id text not null references coverage.scheme (scheme_id),
  business_date date not null,
  effective_from date,
  move_budget integer,
  state text not null check (state in ('simulating', 'simulated', 'applying', 'applied', 'stale', 'discarded')),
  input_digest text,
  digest text,
  -- What the simulation stood on, to tell what has changed since: imports, closing digest, staff, assignments.
  basis jsonb not null default '{}',
  totals jsonb not null default '{}',
  roster jsonb not null default '[]',
  progress jsonb not null default '{}',
  created_by text not null,
  created_at timestamptz not null,
  applied_by text,
  applied_at timestamptz
);
create index run_date on coverage.run (business_date, run_id);
create table coverage.run_pool (
  run_id text not null references coverage.run (run_id),
  pool_no integer not null,
  unit_id text not null,
  unit_no integer not null,
  band smallint not null,
  seat text not null,
  portfolio text not null,
  customers integer not null,
  covered integer not null,
  uncovered integer not null,
  kept integer not null,
  moved integer not null,
  fresh integer not null,
  staff_needed integer not null,
  over_initial boolean not null,
  staff jsonb not null,                       -- per person: before, after, assets, limits, share
  applied_at timestamptz,
  primary key (run_id, pool_no)
);
-- Why each customer of a run has whom: only customers who have a seat in their band or somebody now.
create table coverage.decision (
  customer_id text not null,
  run_id text not null,
  seat text not null,
  pool_no integer not null,                   -- -1: no pool (band without a seat)
  band smallint not null,
  before_staff text,
  staff_id text,
  reason text not null,
  runner_up text,
  average_fen bigint not null,
  has_loan boolean not null,
  branch_id text,
  outlet_id text,
  unit_no integer not null,
  lead_staff text,
  joint_staff text,
  primary key (customer_id, run_id, seat)
);
create index decision_pool on coverage.decision (run_id, pool_no);
create index decision_reason on coverage.decision (run_id, reason, average_fen desc, customer_id desc);

-- Staging has no row security, which COPY FROM refuses, and no rights for the application. Keyed by the run or day that fills it.
create unlogged table coverage.stage_decision (
  customer_id text not null, run_id text not null, seat text not null, pool_no integer not null, band smallint not null,
  before_staff text, staff_id text, reason text not null, runner_up text, average_fen bigint not null, has_loan boolean not null,
  outlet_id text
);
create unlogged table coverage.stage_change (
  customer_id text not null, work text not null, band smallint, band_since date, below_since date, was_band smallint,
  was_band_since date, was_below_since date
);
create unlogged table coverage.stage_taken (
  customer_id text not null, work text not null, seat text not null, staff_id text not null, portfolio text not null, band smallint not null,
  from_date date not null
);

-- Counters from the night, because exact counts of large sets have no place in a request.
create table coverage.unit_count (
  unit_id text not null,
  unit_no integer not null,
  band smallint not null,
  tier smallint not null,
  customers bigint not null,
  covered bigint not null,
  at_risk bigint not null,
  assets_fen numeric not null,
  covered_assets_fen numeric not null,
  primary key (unit_id, band, tier)
);

alter table coverage.card enable row level security;       alter table coverage.card force row level security;
alter table coverage.standing enable row level security;   alter table coverage.standing force row level security;
alter table coverage.by_staff enable row level security;   alter table coverage.by_staff force row level security;
alter table coverage.decision enable row level security;   alter table coverage.decision force row level security;
alter table coverage.assignment enable row level security; alter table coverage.assignment force row level security;
alter table coverage.band_history enable row level security; alter table coverage.band_history force row level security;
alter table coverage.risk_history enable row level security; alter table coverage.risk_history force row level security;
alter table coverage.carried_grace enable row level security; alter table coverage.carried_grace force row level security;
create policy scope on coverage.card for select to guanhu_app using (
  case when unit_no between nullif(current_setting('app.lo', true), '')::int and nullif(current_setting('app.hi', true), '')::int then true
       when lead_staff = nullif(current_setting('app.staff', true), '') then true
       when joint_staff = nullif(current_setting('app.staff', true), '') then true
       else false end);
create policy scope on coverage.standing for select to guanhu_app using (
  case when unit_no between nullif(current_setting('app.lo', true), '')::int and nullif(current_setting('app.hi', true), '')::int then true
       when lead_staff = nullif(current_setting('app.staff', true), '') then true
       when joint_staff = nullif(current_setting('app.staff', true), '') then true
       else false end);
create policy scope on coverage.by_staff for select to guanhu_app using (
  case when unit_no between nullif(current_setting('app.lo', true), '')::int and nullif(current_setting('app.hi', true), '')::int then true
       when staff_id = nullif(current_setting('app.staff', true), '') then true
       else false end);
create policy scope on coverage.decision for select to guanhu_app using (
  case when unit_no between nullif(current_setting('app.lo', true), '')::int and nullif(current_setting('app.hi', true), '')::int then true
       when lead_staff = nullif(current_setting('app.staff', true), '') then true
       when joint_staff = nullif(current_setting('app.staff', true), '') then true
       else false end);
create policy one_customer on coverage.assignment for select to guanhu_app using (customer_id = nullif(current_setting('app.customer', true), ''));
create policy one_customer on coverage.band_history for select to guanhu_app using (customer_id = nullif(current_setting('app.customer', true), ''));
create policy one_customer on coverage.risk_history for select to guanhu_app using (customer_id = nullif(current_setting('app.customer', true), ''));
-- Why a customer is with whom they are, for everybody who may open the customer: the seats above are those before the run.
create policy one_customer on coverage.decision for select to guanhu_app using (customer_id = nullif(current_setting('app.customer', true), ''));
create policy load on coverage.card to guanhu_worker using (true) with check (true);
create policy load on coverage.standing to guanhu_worker using (true) with check (true);
create policy load on coverage.by_staff to guanhu_worker using (true) with check (true);
create policy load on coverage.decision to guanhu_worker using (true) with check (true);
create policy load on coverage.assignment to guanhu_worker using (true) with check (true);
create policy load on coverage.band_history to guanhu_worker using (true) with check (true);
create policy load on coverage.risk_history to guanhu_worker using (true) with check (true);
create policy load on coverage.carried_grace to guanhu_worker using (true) with check (true);
-- The functions below run as the owner and are the only writers of assignments and portfolios.
create policy keeper on coverage.assignment to current_user using (true) with check (true);
create policy keeper on coverage.decision for select to current_user using (true);
create policy keeper on coverage.standing to current_user using (true) with check (true);
create policy keeper on coverage.by_staff to current_user using (true) with check (true);
create policy keeper on coverage.card to current_user using (true) with check (true);

insert into platform.table_place values ('coverage.scheme', 'reference'), ('coverage.scheme_band', 'reference'), ('coverage.card', 'customer'), ('coverage.standing', 'customer'), ('coverage.by_staff', 'customer'),
  ('coverage.band_history', 'customer'), ('coverage.risk_history', 'customer'), ('coverage.carried_grace', 'customer'), ('coverage.stage_decision', 'customer'),
  ('coverage.stage_change', 'customer'), ('coverage.stage_taken', 'customer'), ('coverage.assignment', 'customer'), ('coverage.portfolio', 'local'), ('coverage.run', 'local'),
  ('coverage.run_pool', 'local'), ('coverage.decision', 'customer'), ('coverage.unit_count', 'local');
grant usage on schema coverage to guanhu_app, guanhu_worker;
grant select on coverage.scheme, coverage.scheme_band, coverage.card, coverage.standing, coverage.by_staff, coverage.band_history, coverage.risk_history,
  coverage.assignment, coverage.portfolio, coverage.run, coverage.run_pool, coverage.decision, coverage.unit_count to guanhu_app;
grant select, insert, update, delete on coverage.carried_grace, coverage.scheme, coverage.scheme_band, coverage.card, coverage.standing, coverage.by_staff, coverage.band_history, coverage.risk_history,
  coverage.run, coverage.run_pool, coverage.decision, coverage.unit_count, coverage.stage_decision, coverage.stage_change,
  coverage.stage_taken to guanhu_worker;
grant select on coverage.assignment, coverage.portfolio to guanhu_worker;
