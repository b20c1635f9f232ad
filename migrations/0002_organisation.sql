create schema organisation;
create table organisation.org_unit (
  id text primary key,
  name text not null,
  level text not null check (level in ('head-office', 'branch', 'sub-branch', 'outlet')),
  parent_id text references organisation.org_unit (id) deferrable initially deferred,
  district text,
  longitude double precision,
  latitude double precision,
  -- Pre-order number: a unit's subtree is the range unit_no … last_no, which is what row security compares.
  unit_no integer not null,
  last_no integer not null,
  branch_id text,
  sub_branch_id text
);
create table organisation.staff (
  id text primary key,
  name text not null,
  pinyin text not null,
  initials text not null,
  org_unit_id text not null references organisation.org_unit (id),
  role text not null,
  grade text,
  -- Share of a full portfolio in basis points: part-timers carry less.
  share_bp integer not null default 10000 check (share_bp > 0),
  hired_on date,
  left_on date
);
create index staff_unit on organisation.staff (org_unit_id);
create index staff_pinyin on organisation.staff (initials, id);

-- Rows of an import on their way in, keyed by the import.
create unlogged table organisation.stage_org_unit (
  import_id text not null, line bigint not null, id text not null, name text, level text, parent_id text, district text,
  longitude double precision, latitude double precision
);
create unlogged table organisation.stage_staff (
  import_id text not null, line bigint not null, id text not null, name text, pinyin text, initials text, org_unit_id text,
  role text, grade text, share_bp integer, hired_on date, left_on date
);

insert into platform.table_place values
  ('organisation.org_unit', 'reference'), ('organisation.staff', 'reference'),
  ('organisation.stage_org_unit', 'local'), ('organisation.stage_staff', 'local');
grant usage on schema organisation to guanhu_app, guanhu_worker;
grant select on organisation.org_unit, organisation.staff to guanhu_app;
grant select, insert, update, delete on all tables in schema organisation to guanhu_worker;
