-- Every table says where it stands on a cluster: customer (distributed by customer_id), reference, or local to the coordinator.
create schema platform;
create table platform.table_place (
  table_name text primary key,
  place text not null check (place in ('customer', 'reference', 'local'))
);

create table platform.session (
  token_hash bytea primary key,
  staff_id text not null,
  demo boolean not null,
  created_at timestamptz not null,
  seen_at timestamptz not null,
  expires_at timestamptz not null
);
create index session_staff on platform.session (staff_id);

-- The answer to a write that carried an Idempotency-Key: the same key gives the same answer, once.
create table platform.idempotency (
  staff_id text not null,
  key text not null,
  route text not null,
  request_digest text not null,
  status integer,
  response jsonb,
  created_at timestamptz not null,
  primary key (staff_id, key)
);

-- The only way to set the scope of row security: SET LOCAL reaches the workers of a cluster, the function form does not.
create function platform.set_scope(name text, value text) returns void language plpgsql as $$
begin
  if name not in ('app.lo', 'app.hi', 'app.staff', 'app.customer') then
    raise exception 'unknown scope setting %', name;
  end if;
  execute format('SET LOCAL %s = %L', name, value);
end $$;

create schema audit;
-- Append only: the application may insert and nothing else. Seals join this table in a later migration.
create table audit.entry (
  entry_id uuid primary key,
  xid xid8 not null default pg_current_xact_id(),
  at timestamptz not null default clock_timestamp(),
  actor text not null,
  role text not null,
  unit_no integer not null,
  request_id text not null,
  kind text not null,
  subject text not null,
  customer_id text,
  body jsonb not null
);
create index entry_actor on audit.entry (actor, at);
create index entry_customer on audit.entry (customer_id, at) where customer_id is not null;

insert into platform.table_place values
  ('platform.session', 'local'), ('platform.idempotency', 'local'), ('platform.table_place', 'local'), ('audit.entry', 'local');

grant usage on schema platform, audit to guanhu_app, guanhu_worker;
grant execute on function platform.set_scope(text, text) to guanhu_app, guanhu_worker;
grant select, insert, update, delete on platform.session, platform.idempotency to guanhu_app;
grant insert on audit.entry to guanhu_app, guanhu_worker;
