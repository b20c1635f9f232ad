-- Who may sign in, and with what. Staff themselves come from the staff feed; an account without a password cannot sign in yet.
create table platform.account (
  staff_id text primary key,
  -- PHC text: the function, its parameters, salt and hash.
  password_hash text,
  password_set_at timestamptz,
  -- Sealed with the home's key. The pending one waits for its first code.
  totp_secret bytea,
  totp_pending bytea,
  -- The time step of the last code taken: each code counts once.
  totp_step bigint not null default 0,
  created_at timestamptz not null
);
create table platform.recovery_code (
  staff_id text not null references platform.account (staff_id) on delete cascade,
  code_hash bytea not null,
  primary key (staff_id, code_hash)
);
-- One-time links with which a password is set. Only the hash of the code is kept.
create table platform.setup_link (
  code_hash bytea primary key,
  staff_id text not null references platform.account (staff_id) on delete cascade,
  made_by text not null,
  expires_at timestamptz not null
);
create index setup_link_staff on platform.setup_link (staff_id);
-- Browsers that have signed in as this person before: attempts from elsewhere do not lock them out.
create table platform.known_device (
  device_hash bytea not null,
  staff_id text not null,
  expires_at timestamptz not null,
  primary key (staff_id, device_hash)
);
-- Attempts of a window. Keys are hashes: people type passwords where the staff number belongs.
create table platform.attempt (
  key_hash bytea primary key,
  attempts integer not null,
  since timestamptz not null,
  locked_until timestamptz
);

alter table platform.session
  add column session_id uuid not null default gen_random_uuid(),
  add column second_factor boolean not null default false,
  add column address text not null default '',
  add column agent text not null default '';

insert into platform.table_place values
  ('platform.account', 'local'), ('platform.recovery_code', 'local'), ('platform.setup_link', 'local'),
  ('platform.known_device', 'local'), ('platform.attempt', 'local');
grant select, insert, update on platform.account to guanhu_app, guanhu_worker;
grant select, insert, delete on platform.recovery_code, platform.setup_link to guanhu_app, guanhu_worker;
grant select, insert, update, delete on platform.known_device, platform.attempt to guanhu_app;
-- The staff feed and the command line end sessions and forget devices; they open none.
grant select (staff_id), delete on platform.session, platform.known_device to guanhu_worker;
