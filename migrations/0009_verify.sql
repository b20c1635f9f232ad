-- Where `guanhu verify` puts what it has worked out anew from the archive, to compare. Nothing reads it but that command.
create schema verify;
create unlogged table verify.standing (
  business_date date not null,
  customer_id text not null,
  assets_fen bigint not null,
  home_outlet text,
  has_loan boolean not null,
  year_days bigint not null,
  rolling_days bigint not null,
  tier smallint not null
);
create unlogged table verify.position (
  customer_id text not null,
  outlet_id text not null,
  product_code text not null,
  balance_fen bigint not null
);
insert into platform.table_place values ('verify.standing', 'customer'), ('verify.position', 'customer');
grant usage on schema verify to guanhu_worker;
grant select, insert, update, delete, truncate on all tables in schema verify to guanhu_worker;
