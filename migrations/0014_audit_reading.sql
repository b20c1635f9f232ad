-- The application may not select from the audit. These functions are its only way in: they show what people of the caller's own units
-- did, and who looked at the one customer whom the caller has just opened.
create function audit.entries(actor_ text, kind_ text, customer_ text, from_ timestamptz, until_ timestamptz, before_at timestamptz,
  before_id uuid, limit_ integer) returns table (entry_id uuid, at timestamptz, actor text, on_behalf_of text, role text, origin text, kind text,
    subject text, customer_id text, purpose text, body jsonb)
  language plpgsql stable security definer set search_path = pg_catalog as $$
declare
  lo integer := nullif(current_setting('app.lo', true), '')::integer;
  hi integer := nullif(current_setting('app.hi', true), '')::integer;
  opened text := nullif(current_setting('app.customer', true), '');
  q text := 'select entry_id, at, actor, on_behalf_of, role, origin, kind, subject, customer_id, purpose, body from audit.entry where at >= $1 and at < $2';
begin
  if lo is null or hi is null then return; end if;
  -- Only the conditions that are there: each has its index.
  if customer_ is null then q := q || ' and unit_no between $3 and $4';
  elsif customer_ is distinct from opened then return;
  else q := q || ' and customer_id = $5';
  end if;
  if actor_ is not null then q := q || ' and actor = $6'; end if;
  if kind_ is not null then q := q || ' and kind = $7'; end if;
  if before_at is not null then q := q || ' and (at, entry_id) < ($8, $9)'; end if;
  return query execute q || ' order by at desc, entry_id desc limit $10'
    using from_, until_, lo, hi, customer_, actor_, kind_, before_at, before_id, limit_;
end $$;

-- Looks of each person between two instants: at whom, at how many who are not theirs, how many by night (22–6 h in Beijing), and what
-- they took away as files.
create function audit.look_sums(from_ timestamptz, until_ timestamptz)
  returns table (actor text, role text, looks bigint, customers bigint, outside bigint, night bigint, exported bigint, last_at timestamptz)
  language sql stable security definer set search_path = pg_catalog as $$
  select e.actor, max(e.role), count(*) filter (where e.kind = 'customer.viewed'), count(distinct e.customer_id),
         count(distinct e.customer_id) filter (where b.customer_id is null),
         count(*) filter (where extract(hour from e.at at time zone 'Asia/Shanghai') >= 22 or extract(hour from e.at at time zone 'Asia/Shanghai') < 6),
         coalesce(sum((e.body->>'rows')::bigint) filter (where e.kind = 'export.made'), 0), max(e.at)
    from audit.entry e left join coverage.by_staff b on b.customer_id = e.customer_id and b.staff_id = e.actor
   where e.at >= from_ and e.at < until_ and e.kind in ('customer.viewed', 'customer.searched', 'list.viewed', 'export.made')
     and e.unit_no between nullif(current_setting('app.lo', true), '')::integer and nullif(current_setting('app.hi', true), '')::integer
   group by e.actor
$$;
revoke execute on function audit.entries(text, text, text, timestamptz, timestamptz, timestamptz, uuid, integer),
  audit.look_sums(timestamptz, timestamptz) from public;
grant execute on function audit.entries(text, text, text, timestamptz, timestamptz, timestamptz, uuid, integer),
  audit.look_sums(timestamptz, timestamptz) to guanhu_app;
