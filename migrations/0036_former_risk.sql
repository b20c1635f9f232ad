-- Risk levels that a customer had: what stood until the day on which another one, or another expiry, became known.
create table customers.former_risk (
  customer_id text not null,
  until date not null,
  risk_level text not null,
  risk_expires_on date,
  primary key (customer_id, until)
);
alter table customers.former_risk enable row level security; alter table customers.former_risk force row level security;
create policy one_customer on customers.former_risk for select to guanhu_app using (customer_id = nullif(current_setting('app.customer', true), ''));
create policy load on customers.former_risk to guanhu_worker using (true) with check (true);
insert into platform.table_place values ('customers.former_risk', 'customer');
grant select on customers.former_risk to guanhu_app;
grant select, insert, delete on customers.former_risk to guanhu_worker;
select platform.classify('customers.former_risk', 'customer', 'customer_id C1 none 客户号; until C1 none 止日; risk_level C2 none 风险等级; risk_expires_on C1 none 风险评估到期日');
comment on table customers.former_risk is '曾有的风险等级';
