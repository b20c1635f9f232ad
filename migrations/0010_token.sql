-- Keys for programs: what a person lets them do in their stead, less than they may themselves, for a year at most.
create table platform.api_token (
  token_id uuid primary key default gen_random_uuid(),
  token_hash bytea not null unique,
  staff_id text not null,
  label text not null,
  permissions text[] not null,
  created_at timestamptz not null,
  expires_at timestamptz not null check (expires_at <= created_at + interval '366 days'),
  used_at timestamptz
);
create index api_token_staff on platform.api_token (staff_id);
insert into platform.table_place values ('platform.api_token', 'local');
grant select, insert, delete, update (used_at) on platform.api_token to guanhu_app;
grant select (staff_id), delete on platform.api_token to guanhu_worker;
