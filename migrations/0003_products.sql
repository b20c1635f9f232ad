create schema products;
create table products.product (
  code text primary key,
  name text not null,
  category text not null check (category in ('demand-deposit', 'time-deposit', 'wealth', 'fund', 'insurance', 'bond', 'metal',
    'trust', 'loan', 'credit-card', 'service')),
  risk_rating text check (risk_rating in ('R1', 'R2', 'R3', 'R4', 'R5')),
  term_days integer
);
create unlogged table products.stage_product (
  import_id text not null, line bigint not null, code text not null, name text, category text, risk_rating text, term_days integer
);
insert into platform.table_place values ('products.product', 'reference'), ('products.stage_product', 'local');
grant usage on schema products to guanhu_app, guanhu_worker;
grant select on products.product to guanhu_app;
grant select, insert, update, delete on all tables in schema products to guanhu_worker;
