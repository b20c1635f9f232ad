create schema customers;
-- What the bank knows of a person. One customer's details: read only after the scoped card has found the customer.
create table customers.customer (
  customer_id text primary key,
  name text not null,
  pinyin text not null,
  initials text not null,
  id_type text,
  id_number_sealed bytea,
  id_key bytea,
  mobile_sealed bytea,
  mobile_key bytea,
  mobile_last4 text,
  birth_date date,
  gender text,
  occupation text,
  industry text,
  district text,
  longitude double precision,
  latitude double precision,
  address_sealed bytea,
  risk_level text,
  risk_expires_on date,
  opened_on date,
  closed_on date,
  merged_into text,
  consent_phone boolean,
  consent_sms boolean,
  consent_wecom boolean
);
create index customer_merged on customers.customer (merged_into) where merged_into is not null;
comment on column customers.customer.id_number_sealed is 'C2: AES-256-GCM under the key of the home folder';
comment on column customers.customer.mobile_sealed is 'C2: AES-256-GCM under the key of the home folder';
comment on column customers.customer.address_sealed is 'C2: AES-256-GCM under the key of the home folder';

-- Staging has no row security, which COPY FROM refuses, and no rights for the application.
create unlogged table customers.stage_customer (
  import_id text not null, line bigint not null, customer_id text not null, name text, pinyin text, initials text, id_type text,
  id_number_sealed bytea, id_key bytea, mobile_sealed bytea, mobile_key bytea, mobile_last4 text, birth_date date, gender text,
  occupation text, industry text, district text, longitude double precision, latitude double precision, address_sealed bytea,
  risk_level text, risk_expires_on date, opened_on date, closed_on date, merged_into text,
  consent_phone boolean, consent_sms boolean, consent_wecom boolean
);
alter table customers.customer enable row level security;
alter table customers.customer force row level security;
create policy one_customer on customers.customer for select to guanhu_app
  using (customer_id = nullif(current_setting('app.customer', true), ''));
create policy load on customers.customer to guanhu_worker using (true) with check (true);
insert into platform.table_place values ('customers.customer', 'customer'), ('customers.stage_customer', 'customer');
grant usage on schema customers to guanhu_app, guanhu_worker;
grant select on customers.customer to guanhu_app;
grant select, insert, update, delete on all tables in schema customers to guanhu_worker;
