-- Where `guanhu verify` puts what it has worked out anew from the archive, to compare. Nothing reads it but that command.
create schema verify;
-- Every stretch of every customer; to_date null = still open.
create unlogged table verify.stretch (
  customer_id text not null,
  from_date date not null,
  to_date date,
  assets_fen bigint not null,
  home_outlet text,
  has_loan boolean not null,
  cum_before bigint not null,
  year_cum bigint not null,
  runner_up_outlet text,
  home_fen bigint not null,
  runner_up_fen bigint not null,
  home_held boolean not null
);
create unlogged table verify.position (
  customer_id text not null,
  outlet_id text not null,
  product_code text not null,
  balance_fen bigint not null
);
insert into platform.table_place values ('verify.stretch', 'customer'), ('verify.position', 'customer');
grant usage on schema verify to guanhu_worker;
grant select, insert, update, delete, truncate on all tables in schema verify to guanhu_worker;
