create schema closing;
-- Current positions, netted, by surviving customer number; only rows that stand (a closed position is deleted).
create table closing.position (
  customer_id text not null,
  outlet_id text not null,
  product_code text not null,
  balance_fen bigint not null,
  matures_on date,
  since date not null,
  primary key (customer_id, outlet_id, product_code)
) partition by range (customer_id);
-- COPY is refused where there is row security. The one partition has none and no rights for the application, which comes in through the
-- table above and its policies: so the first close of a bank loads at the speed of COPY.
create table closing.position_rows partition of closing.position default with (fillfactor = 90);
-- The stretch of days that is still open: everything about a customer's totals as it stands since from_date. Changes only when one of them does.
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
  runner_up_fen bigint not null,
  -- Some outlet has had assets above zero: the home outlet is that of the last such day, never again a mere place of business.
  home_held boolean not null
) partition by range (customer_id);
create table closing.balance_rows partition of closing.balance default with (fillfactor = 85);
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
  home_held boolean not null,
  primary key (customer_id, from_date),
  check (to_date > from_date)
);
-- Staging of one day: customers whose totals changed, positions that changed. fallback_outlet = where there is business without assets.
-- Staging has no row security, which COPY FROM refuses, and no rights for the application.
create unlogged table closing.stage_total (
  business_date date not null, customer_id text not null, assets_fen bigint not null, home_outlet text, fallback_outlet text,
  has_loan boolean not null, runner_up_outlet text, home_fen bigint not null, runner_up_fen bigint not null
);
create unlogged table closing.stage_position (
  business_date date not null, customer_id text not null, outlet_id text not null, product_code text not null, balance_fen bigint,
  matures_on date, since date
);
-- Customers whose past a restatement writes anew.
create unlogged table closing.stage_customer (customer_id text not null);
create table closing.day (
  business_date date primary key,
  -- The positions file that stands for the day; null = the last balances carried forward.
  import_id text,
  closed_at timestamptz not null,
  -- What the day was closed from: the file, and the customers of it that are held back.
  input_digest text not null,
  -- Digest of this and all earlier inputs: names the day's files in the archive.
  chain text not null,
  -- Digest of all positions as they stand at the end of the day, in no order.
  digest text not null,
  customers bigint not null,
  positions bigint not null,
  changed_customers bigint not null,
  changed_positions bigint not null,
  -- Balances by category in fen as text (they may pass 2^53), and control totals of the feed beside them.
  totals jsonb not null
);
-- What of other rooms the closed days were worked out with: numbers merged, and what each product counts as.
create table closing.merged (
  customer_id text primary key,
  into_id text not null
);
create table closing.product (
  code text primary key,
  category text not null
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
  ('closing.stage_total', 'customer'), ('closing.stage_position', 'customer'), ('closing.stage_customer', 'customer'),
  ('closing.day', 'local'), ('closing.merged', 'local'), ('closing.product', 'local');
grant usage on schema closing to guanhu_app, guanhu_worker;
grant select on closing.position, closing.balance, closing.segment, closing.day to guanhu_app;
grant select, insert, update, delete on all tables in schema closing to guanhu_worker;
grant truncate on closing.stage_total, closing.stage_position, closing.stage_customer to guanhu_worker;
