create schema feed;
-- One row per file sent, whatever became of it.
create table feed.import (
  import_id text primary key,
  seq bigint generated always as identity unique,
  feed text not null,
  file_name text not null,
  sha256 text,
  bytes bigint,
  business_date date,
  revision integer not null default 1,
  delta boolean not null default false,
  state text not null check (state in ('received', 'reading', 'checked', 'applying', 'accepted', 'unchanged', 'refused', 'undone', 'discarded')),
  rows bigint not null default 0,
  rejected bigint not null default 0,
  held bigint not null default 0,
  -- Totals of the file, what it changes, progress while under way: shapes in feed/contract.ts.
  totals jsonb not null default '{}',
  effect jsonb not null default '{}',
  progress jsonb not null default '{}',
  problems jsonb not null default '[]',
  unknown_columns jsonb not null default '[]',
  present_columns jsonb not null default '[]',
  -- Headers as sent: the columns of the workbook of rejects.
  headers jsonb not null default '[]',
  options jsonb not null default '{}',
  sent_by text not null,
  sent_at timestamptz not null,
  decided_at timestamptz,
  -- Order in which imports were accepted: for upserts the last one that carries a column stands.
  accept_no bigint unique,
  undone_by text,
  undone_at timestamptz
);
create index import_feed on feed.import (feed, business_date, revision) where state = 'accepted';
create index import_sha on feed.import (sha256) where state in ('accepted', 'unchanged');
-- One file stands for a day and revision: a corrected one must say so.
create unique index import_day on feed.import (business_date, revision) where state = 'accepted' and feed = 'positions';
-- Rows of customers who are not known yet, kept back until they arrive; the rows themselves stay in the archived file.
create table feed.held (
  import_id text not null references feed.import (import_id),
  customer_id text not null,
  rows integer not null,
  balance_fen bigint not null,
  taken_at timestamptz,
  primary key (import_id, customer_id)
);
insert into platform.table_place values ('feed.import', 'local'), ('feed.held', 'local');
grant usage on schema feed to guanhu_app, guanhu_worker;
grant select on feed.import to guanhu_app;
grant select, insert, update, delete on all tables in schema feed to guanhu_worker;
