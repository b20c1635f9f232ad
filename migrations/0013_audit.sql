-- The audit in months, and the seals over it. What is written can be read again only by what has the right, and changed by nobody:
-- triggers refuse the owner too, and whoever puts them aside is found by the seals.
alter table audit.entry rename to entry_before;
alter table audit.entry_before rename constraint entry_pkey to entry_before_pkey;
alter index audit.entry_actor rename to entry_before_actor;
alter index audit.entry_customer rename to entry_before_customer;
create table audit.entry (
  entry_id uuid not null,
  -- One higher after every restore: transaction ids start anew there.
  epoch integer not null default 1,
  xid xid8 not null default pg_current_xact_id(),
  at timestamptz not null default clock_timestamp(),
  actor text not null,
  -- Whom the actor stands in for.
  on_behalf_of text,
  role text not null,
  unit_no integer not null,
  request_id text not null,
  -- The address that the request came from.
  origin text,
  kind text not null,
  subject text not null,
  customer_id text,
  purpose text,
  -- Ids, counts, field names, settings from → to; never values of personal data.
  body jsonb not null,
  primary key (at, entry_id)
) partition by range (at);
create index entry_seal on audit.entry (epoch, xid);
create index entry_actor on audit.entry (actor, at);
create index entry_customer on audit.entry (customer_id, at) where customer_id is not null;

create function audit.refuse() returns trigger language plpgsql as $$
begin
  raise exception 'the audit is append-only' using errcode = 'insufficient_privilege';
end $$;

-- Makes a month's partition; one that is there stays.
create function audit.make_month(month_ date) returns void language plpgsql security definer set search_path = pg_catalog as $$
declare name text := 'entry_' || to_char(month_, 'YYYY_MM');
begin
  if to_regclass('audit.' || name) is not null then return; end if;
  execute format('create table audit.%I partition of audit.entry for values from (%L) to (%L)', name,
    to_char(month_, 'YYYY-MM-01') || ' 00:00:00+00', to_char(month_ + interval '1 month', 'YYYY-MM-01') || ' 00:00:00+00');
  execute format('create trigger no_truncate before truncate on audit.%I for each statement execute function audit.refuse()', name);
exception when check_violation then
  -- Rows of that month lie in the partition for all others, written while the clock was wrong: they stay there.
  null;
end $$;
create table audit.entry_other partition of audit.entry default;
create trigger no_truncate before truncate on audit.entry_other for each statement execute function audit.refuse();

-- This month's partition and those of the next three.
create function audit.make_months() returns void language plpgsql security definer set search_path = pg_catalog as $$
begin
  for i in 0..3 loop
    perform audit.make_month((date_trunc('month', clock_timestamp() at time zone 'UTC') + make_interval(months => i))::date);
  end loop;
end $$;

do $$
declare m date;
begin
  for m in select distinct date_trunc('month', at at time zone 'UTC')::date from audit.entry_before loop perform audit.make_month(m); end loop;
  perform audit.make_months();
end $$;
-- Their transaction is this one: after a restore those of another server would lie in the future of this one.
insert into audit.entry (entry_id, at, actor, role, unit_no, request_id, kind, subject, customer_id, body)
  select entry_id, at, actor, role, unit_no, request_id, kind, subject, customer_id, body from audit.entry_before;
drop table audit.entry_before;

-- A seal stands for the entries that had become visible since the one before it, in the order of transaction and id. `leaves` holds
-- 16 bytes of id and 16 of digest for each, so that what is missing, new or changed can be named; `chain` binds it to all before it.
create table audit.seal (
  seal_no bigint primary key,
  epoch integer not null,
  seen pg_snapshot not null,
  entries bigint not null,
  total_entries numeric not null,
  first_at timestamptz,
  last_at timestamptz,
  leaves bytea not null,
  prev bytea not null unique,
  chain bytea not null unique,
  sealed_at timestamptz not null
);

-- A month that has left the database: its rows are in a file with this digest.
create table audit.retired (
  month date primary key,
  entries bigint not null,
  digest bytea not null,
  retired_at timestamptz not null
);
create trigger no_change before update or delete on audit.entry for each row execute function audit.refuse();
create trigger no_change before update or delete on audit.seal for each row execute function audit.refuse();
create trigger no_change before update or delete on audit.retired for each row execute function audit.refuse();
create trigger no_truncate before truncate on audit.entry for each statement execute function audit.refuse();
create trigger no_truncate before truncate on audit.seal for each statement execute function audit.refuse();
create trigger no_truncate before truncate on audit.retired for each statement execute function audit.refuse();

create function audit.leaf(e audit.entry) returns bytea language sql immutable set search_path = pg_catalog as $$
  select sha256(convert_to(jsonb_build_array(e.entry_id, e.epoch, e.xid::text, extract(epoch from e.at), e.actor, e.on_behalf_of, e.role,
    e.unit_no, e.request_id, e.origin, e.kind, e.subject, e.customer_id, e.purpose, e.body)::text, 'UTF8'))
$$;
create function audit.link(prev_ bytea, leaves_ bytea, seal_no_ bigint, epoch_ integer, seen_ pg_snapshot, entries_ bigint, total_ numeric)
  returns bytea language sql immutable set search_path = pg_catalog as $$
  select sha256(prev_ || sha256(leaves_) || convert_to(concat_ws('|', seal_no_, epoch_, seen_, entries_, total_), 'UTF8'))
$$;
-- Entries that became visible between two snapshots. By difference, not by a watermark: one long import does not hold up the others.
create function audit.members(epoch_ integer, before_ pg_snapshot, after_ pg_snapshot) returns setof audit.entry
  language sql stable set search_path = pg_catalog as $$
  select e.* from audit.entry e
   where e.epoch = epoch_
     and (e.xid >= pg_snapshot_xmax(before_) and e.xid < pg_snapshot_xmax(after_) or e.xid = any (array(select pg_snapshot_xip(before_))))
     and pg_visible_in_snapshot(e.xid, after_)
$$;
create function audit.add_seal(last audit.seal, epoch_ integer, seen_ pg_snapshot, leaves_ bytea, first_ timestamptz, last_ timestamptz) returns void
  language sql set search_path = pg_catalog as $$
  insert into audit.seal (seal_no, epoch, seen, entries, total_entries, first_at, last_at, leaves, prev, chain, sealed_at)
  values (last.seal_no + 1, epoch_, seen_, length(leaves_) / 32, last.total_entries + length(leaves_) / 32, first_, last_, leaves_, last.chain,
    audit.link(last.chain, leaves_, last.seal_no + 1, epoch_, seen_, length(leaves_) / 32, last.total_entries + length(leaves_) / 32), clock_timestamp())
$$;

-- Seals what has become visible since the last seal; returns how many entries, or -1 while another process is at it (lock 727030).
create function audit.seal_next() returns bigint language plpgsql security definer set search_path = pg_catalog as $$
declare
  last audit.seal;
  now_ pg_snapshot;
  r record;
begin
  if not pg_try_advisory_xact_lock(727030) then return -1; end if;
  select * into strict last from audit.seal order by seal_no desc limit 1;
  -- Taken before the scan: a transaction that still runs is in its list and is sealed later.
  now_ := pg_current_snapshot();
  select string_agg(uuid_send(e.entry_id) || substr(audit.leaf(e), 1, 16), ''::bytea order by e.xid, e.entry_id) as leaves, min(e.at) as first_at, max(e.at) as last_at
    into r from audit.members(last.epoch, last.seen, now_) e;
  if r.leaves is null then return 0; end if;
  perform audit.add_seal(last, last.epoch, now_, r.leaves, r.first_at, r.last_at);
  return length(r.leaves) / 32;
end $$;

-- After a restore: seals what the backup had not sealed yet, and begins an epoch, because transaction ids start anew.
create function audit.begin_epoch() returns void language plpgsql set search_path = pg_catalog as $$
declare
  last audit.seal;
  all_ pg_snapshot;
  r record;
begin
  select * into strict last from audit.seal order by seal_no desc limit 1;
  select (x || ':' || x || ':')::pg_snapshot into all_
    from (select greatest(max(e.xid)::text::numeric + 1, pg_snapshot_xmax(last.seen)::text::numeric)::text as x from audit.entry e where e.epoch = last.epoch) m;
  select coalesce(string_agg(uuid_send(e.entry_id) || substr(audit.leaf(e), 1, 16), ''::bytea order by e.xid, e.entry_id), ''::bytea) as leaves,
         min(e.at) as first_at, max(e.at) as last_at
    into r from audit.members(last.epoch, last.seen, all_) e;
  if length(r.leaves) > 0 then
    perform audit.add_seal(last, last.epoch, all_, r.leaves, r.first_at, r.last_at);
    select * into strict last from audit.seal order by seal_no desc limit 1;
  end if;
  perform audit.add_seal(last, last.epoch + 1, pg_current_snapshot(), ''::bytea, null, null);
  execute format('alter table audit.entry alter column epoch set default %s', last.epoch + 1);
end $$;

-- What does not fit, seal by seal. Months that have left are checked by their seals' chain alone.
create function audit.problems(out seal_no bigint, out problem text, out entry_id uuid, out at timestamptz) returns setof record
  language plpgsql stable security definer set search_path = pg_catalog as $$
declare
  s audit.seal;
  p audit.seal;
begin
  for s in select * from audit.seal order by audit.seal.seal_no loop
    seal_no := s.seal_no; entry_id := null; at := null;
    if p.seal_no is null and s.seal_no <> 0 then problem := 'seal-missing'; seal_no := 0; return next; seal_no := s.seal_no; end if;
    if p.seal_no is not null and s.seal_no <> p.seal_no + 1 then
      problem := 'seal-missing'; seal_no := p.seal_no + 1; return next; seal_no := s.seal_no;
    elsif p.seal_no is not null and s.prev <> p.chain then problem := 'seal-changed'; return next;
    end if;
    if s.chain <> audit.link(s.prev, s.leaves, s.seal_no, s.epoch, s.seen, s.entries, s.total_entries) or s.entries * 32 <> length(s.leaves)
      or p.seal_no is not null and s.seal_no = p.seal_no + 1 and s.total_entries <> p.total_entries + s.entries then problem := 'seal-changed'; return next;
    end if;
    if p.seal_no is not null and s.epoch = p.epoch and s.seal_no = p.seal_no + 1 and not exists (select from audit.retired r
      where s.first_at < r.month + interval '1 month' and s.last_at >= r.month) then
      return query
        select s.seal_no, case when m.entry_id is null then 'entry-missing' when l.id is null then 'entry-inserted'
                 when l.leaf <> substr(audit.leaf(m), 1, 16) then 'entry-changed' else 'entry-backdated' end,
               coalesce(m.entry_id, encode(l.id, 'hex')::uuid), m.at
          from (select substr(s.leaves, (1 + 32 * i)::integer, 16) as id, substr(s.leaves, (17 + 32 * i)::integer, 16) as leaf
                  from generate_series(0, s.entries - 1) i) l
          full join audit.members(s.epoch, p.seen, s.seen) m on uuid_send(m.entry_id) = l.id
         where m.entry_id is null or l.id is null or l.leaf <> substr(audit.leaf(m), 1, 16)
            -- Its transaction began after the seal before this one: an earlier time than that cannot be true. Clocks may err by minutes.
            or m.xid >= pg_snapshot_xmax(p.seen) and m.at < p.sealed_at - interval '10 minutes' or m.at > s.sealed_at + interval '10 minutes';
    end if;
    p := s;
  end loop;
  return query select null::bigint, 'entry-outside', e.entry_id, e.at from audit.entry e where not exists (select from audit.seal x where x.epoch = e.epoch);
end $$;

-- Entries that wait for a seal longer than they should.
create function audit.unsealed(older_than interval) returns bigint language sql stable security definer set search_path = pg_catalog as $$
  select count(*) from (select * from audit.seal order by seal_no desc limit 1) last
    cross join lateral audit.members(last.epoch, last.seen, pg_current_snapshot()) e where e.at < clock_timestamp() - older_than
$$;

-- The entries of a month as lines of JSON, always in the same order: what an export holds, and what it is compared with.
create function audit.month_lines(month_ date) returns setof text language sql stable security definer set search_path = pg_catalog as $$
  select to_jsonb(e)::text from audit.entry e
   where e.at >= month_::timestamp at time zone 'UTC' and e.at < (month_ + interval '1 month') at time zone 'UTC' order by e.epoch, e.xid, e.entry_id
$$;

-- Takes a month out of the database; whoever calls it has compared an export with what is here. Six months stay in any case.
create function audit.retire_month(month_ date, entries_ bigint, digest_ bytea) returns void
  language plpgsql security definer set search_path = pg_catalog as $$
declare name text := 'entry_' || to_char(month_, 'YYYY_MM');
begin
  if month_ + interval '7 months' > clock_timestamp() at time zone 'UTC' then
    raise exception 'the audit of % is kept for six months at least', to_char(month_, 'YYYY-MM') using errcode = 'check_violation';
  end if;
  if to_regclass('audit.' || name) is null then raise exception 'no partition %', name using errcode = 'undefined_table'; end if;
  insert into audit.retired (month, entries, digest, retired_at) values (month_, entries_, digest_, clock_timestamp());
  execute format('drop table audit.%I', name);
end $$;

-- The first seal knows nothing, so that the second one takes all that was written before there were seals.
insert into audit.seal values (0, 1, '1:1:', 0, 0, null, null, '', '', audit.link('', '', 0, 1, '1:1:', 0, 0), '-infinity');

insert into platform.table_place values ('audit.seal', 'local'), ('audit.retired', 'local');
revoke execute on function audit.make_month(date), audit.make_months(), audit.seal_next(), audit.begin_epoch(), audit.problems(),
  audit.unsealed(interval), audit.month_lines(date), audit.retire_month(date, bigint, bytea), audit.add_seal(audit.seal, integer, pg_snapshot, bytea, timestamptz, timestamptz) from public;
-- Time, transaction and epoch are the database's to say.
grant insert (entry_id, actor, on_behalf_of, role, unit_no, request_id, origin, kind, subject, customer_id, purpose, body)
  on audit.entry to guanhu_app, guanhu_worker;
grant execute on function audit.make_months(), audit.seal_next(), audit.problems(), audit.unsealed(interval),
  audit.month_lines(date), audit.retire_month(date, bigint, bytea) to guanhu_worker;
grant select on audit.seal, audit.retired to guanhu_worker;
