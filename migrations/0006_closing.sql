create schema closing;
-- Current positions, netted; only rows that stand (a closed position is deleted).
create table closing.position (
  customer_id text not null,
  outlet_id text not null,
  product_code text not null,
  balance_fen bigint not null,
  matures_on date,
  since date not null,
  primary key (customer_id, outlet_id, product_code)
);
-- The stretch of days that is still open: assets, home outlet and loan flag as they stand since from_date. Changes only when one of them changes.
-- cum_before = balance-days of all days before from_date; year_cum = balance-days up to 31 December before from_date's year.
create table closing.balance (
  customer_id text primary key,
  from_date date not null,
  assets_fen bigint not null,
  home_outlet text,
  has_loan boolean not null,
  cum_before bigint not null,
  year_cum bigint not null,
  runner_up_outlet text,
  home_fen bigint not null,
  runner_up_fen bigint not null
) with (fillfactor = 85);
-- Stretches that are over: [from_date, to_date).
create table closing.segment (
  customer_id text not null,
  from_date date not null,
  to_date date not null,
  assets_fen bigint not null,
  home_outlet text,
  has_loan boolean not null,
  cum_before bigint not null,
  year_cum bigint not null,
  runner_up_outlet text,
  home_fen bigint not null,
  runner_up_fen bigint not null,
  primary key (customer_id, from_date),
  check (to_date > from_date)
);
create index segment_to on closing.segment (to_date);
-- Staging of one day: customers whose totals changed, positions that changed.
-- Staging has no row security, which COPY FROM refuses, and no rights for the application.
create unlogged table closing.stage_total (
  business_date date not null, customer_id text not null, assets_fen bigint not null, home_outlet text, has_loan boolean not null,
  runner_up_outlet text, home_fen bigint not null, runner_up_fen bigint not null
);
create unlogged table closing.stage_position (
  business_date date not null, customer_id text not null, outlet_id text not null, product_code text not null, balance_fen bigint, matures_on date
);
create table closing.day (
  business_date date primary key,
  -- The positions file that stands for the day; null = the last balances carried forward.
  import_id text,
  closed_at timestamptz not null,
  input_digest text not null,
  digest text not null,
  customers bigint not null,
  changed_customers bigint not null,
  changed_positions bigint not null,
  -- Balances by category in fen as text (they may pass 2^53), and control totals of the feed beside them.
  totals jsonb not null
);
alter table closing.position enable row level security;   alter table closing.position force row level security;
alter table closing.balance enable row level security;    alter table closing.balance force row level security;
alter table closing.segment enable row level security;    alter table closing.segment force row level security;
create policy one_customer on closing.position for select to guanhu_app using (customer_id = nullif(current_setting('app.customer', true), ''));
create policy one_customer on closing.balance for select to guanhu_app using (customer_id = nullif(current_setting('app.customer', true), ''));
create policy one_customer on closing.segment for select to guanhu_app using (customer_id = nullif(current_setting('app.customer', true), ''));
create policy load on closing.position to guanhu_worker using (true) with check (true);
create policy load on closing.balance to guanhu_worker using (true) with check (true);
create policy load on closing.segment to guanhu_worker using (true) with check (true);
insert into platform.table_place values ('closing.position', 'customer'), ('closing.balance', 'customer'), ('closing.segment', 'customer'),
  ('closing.stage_total', 'customer'), ('closing.stage_position', 'customer'), ('closing.day', 'local');
grant usage on schema closing to guanhu_app, guanhu_worker;
grant select on closing.position, closing.balance, closing.segment, closing.day to guanhu_app;
grant select, insert, update, delete on all tables in schema closing to guanhu_worker;
