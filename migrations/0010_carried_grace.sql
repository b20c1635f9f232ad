-- Who was below their band when the scheme in force began, with the band of this scheme that they keep meanwhile: a new version
-- does not cut anybody's grace short. Bands are worked out again from here when closed days are restated.
create table coverage.carried_grace (
  customer_id text not null primary key,
  band smallint not null,
  below_since date not null
);
alter table coverage.carried_grace enable row level security; alter table coverage.carried_grace force row level security;
create policy load on coverage.carried_grace to guanhu_worker using (true) with check (true);
insert into platform.table_place values ('coverage.carried_grace', 'customer');
grant select, insert, update, delete on coverage.carried_grace to guanhu_worker;
