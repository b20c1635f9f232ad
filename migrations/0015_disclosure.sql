-- What leaves the masks: values shown, numbers searched for, rows exported. Who it was about stands in the audit, not here.
create schema disclosure;

-- How often a person did so since the start of a day or minute: what quotas count by and peers are compared with.
create table disclosure.usage (
  staff_id text not null,
  kind text not null check (kind in ('reveal', 'search', 'export-rows')),
  since timestamptz not null,
  role text not null,
  used integer not null check (used > 0),
  primary key (staff_id, kind, since)
);
create index usage_peers on disclosure.usage (kind, role, since);

-- An export that somebody asked for: small ones may be fetched at once, large ones after somebody else has agreed, each once.
create table disclosure.export (
  export_id text primary key,
  kind text not null check (kind in ('portfolio', 'run')),
  subject text not null,                      -- whose portfolio, or which run
  unit_id text,                               -- of a run: this unit of it only
  purpose text not null,
  words text not null,
  rows_counted integer not null,
  needs_approval boolean not null,
  state text not null check (state in ('requested', 'approved', 'rejected', 'withdrawn', 'taken')),
  requested_by text not null,
  requested_at timestamptz not null,
  -- The requester's scope: who agrees has to see all of it.
  lo integer not null,
  hi integer not null,
  decided_by text,
  decided_at timestamptz,
  note text,
  expires_at timestamptz,
  taken_at timestamptz,
  rows_written integer,
  digest text,
  constraint export_two_people check (not needs_approval or state = 'withdrawn' or decided_by is distinct from requested_by),
  constraint export_decided check (not needs_approval or (state = 'requested') = (decided_by is null)),
  constraint export_fetchable check ((state in ('approved', 'taken')) = (expires_at is not null)),
  constraint export_taken check ((state = 'taken') = (taken_at is not null and rows_written is not null and digest is not null))
);
create index export_list on disclosure.export (requested_at desc, export_id desc);

-- What the bank sets: one row.
create table disclosure.setting (
  only_one boolean primary key default true check (only_one),
  -- Sheets are put together in memory; more than this takes the command line on the server.
  export_rows_a_day integer not null check (export_rows_a_day between 0 and 50000)
);
insert into disclosure.setting (export_rows_a_day) values (5000);

-- Search by a whole number, exact.
create index card_mobile_key on coverage.card (mobile_key) where mobile_key is not null;
create index card_id_key on coverage.card (id_key) where id_key is not null;

insert into platform.table_place values ('disclosure.usage', 'local'), ('disclosure.export', 'local'), ('disclosure.setting', 'local');
grant usage on schema disclosure to guanhu_app, guanhu_worker;
grant select, insert, update on disclosure.usage, disclosure.export to guanhu_app;
grant delete on disclosure.usage to guanhu_app;
grant select on disclosure.setting to guanhu_app, guanhu_worker;
grant update on disclosure.setting to guanhu_worker;
