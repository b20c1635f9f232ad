-- The only writers of assignments and portfolios. Limits hold for every writer: the local portfolio row is locked, checked and
-- counted in the transaction that opens the assignment, and the check constraint stands behind it.

-- Says how many places a portfolio has; null = no limit. Lowering it below what is taken keeps those who are there (cap = taken).
create function coverage.set_cap(staff_id_ text, portfolio_ text, cap_ integer) returns void
  language sql security definer set search_path = pg_catalog as $$
  insert into coverage.portfolio as p (staff_id, portfolio, customers, cap) values (staff_id_, portfolio_, 0, cap_)
  on conflict (staff_id, portfolio) do update set cap = case when excluded.cap is null then null else greatest(excluded.cap, p.customers) end
$$;

-- Takes n places of a portfolio (gives back when n is negative). Raises portfolio_within_cap when there are not enough.
create function coverage.take_places(staff_id_ text, portfolio_ text, n integer) returns void
  language plpgsql security definer set search_path = pg_catalog as $$
begin
  update coverage.portfolio set customers = customers + n where staff_id = staff_id_ and portfolio = portfolio_;
  if not found then
    raise exception 'portfolio % of % has no limit set', portfolio_, staff_id_ using errcode = 'no_data_found';
  end if;
end $$;
revoke execute on function coverage.take_places(text, text, integer) from public;
revoke execute on function coverage.set_cap(text, text, integer) from public;

-- Opens one assignment: locks the portfolio, counts, inserts. The customer's seat must be free.
create function coverage.open_assignment(customer_id_ text, seat_ text, staff_id_ text, portfolio_ text, band_ smallint, from_ date,
  run_id_ text, reason_ text) returns void language plpgsql security definer set search_path = pg_catalog as $$
begin
  perform coverage.take_places(staff_id_, portfolio_, 1);
  insert into coverage.assignment (customer_id, seat, staff_id, portfolio, band, from_date, run_id, reason)
    values (customer_id_, seat_, staff_id_, portfolio_, band_, from_, run_id_, reason_);
end $$;

-- Ends one open assignment from a day; one that began on that day or later never was and is removed. Returns whether there was one.
create function coverage.end_assignment(customer_id_ text, seat_ text, on_ date, reason_ text) returns boolean
  language plpgsql security definer set search_path = pg_catalog as $$
declare was coverage.assignment;
begin
  select * into was from coverage.assignment where customer_id = customer_id_ and seat = seat_ and to_date is null for update;
  if not found then return false; end if;
  perform coverage.take_places(was.staff_id, was.portfolio, -1);
  if was.from_date >= on_ then
    delete from coverage.assignment where customer_id = customer_id_ and seat = seat_ and to_date is null;
  else
    update coverage.assignment set to_date = on_, ended_reason = reason_ where customer_id = customer_id_ and seat = seat_ and to_date is null;
  end if;
  return true;
end $$;
grant execute on function coverage.set_cap(text, text, integer), coverage.open_assignment(text, text, text, text, smallint, date, text, text),
  coverage.end_assignment(text, text, date, text) to guanhu_worker;

-- Lists follow the decisions of the pools lo_ … hi_ for one seat. had_ = whether anybody of them sits somewhere before.
create function coverage.show_decisions(run_id_ text, lo_ integer, hi_ integer, seat_ text, had_ boolean) returns void
  language plpgsql security definer set search_path = pg_catalog as $$
begin
  -- A first run finds nobody to take out or to hand over.
  if had_ then
    delete from coverage.by_staff where seat = seat_ and customer_id = any(array(select d.customer_id from coverage.decision d
      where d.run_id = run_id_ and d.pool_no between lo_ and hi_ and d.seat = seat_ and d.before_staff is not null and d.staff_id is null));
    update coverage.by_staff b set staff_id = d.staff_id from coverage.decision d
     where d.run_id = run_id_ and d.pool_no between lo_ and hi_ and d.seat = seat_ and d.before_staff <> d.staff_id
       and b.customer_id = d.customer_id and b.seat = seat_;
  end if;
  if seat_ = 'lead' then
    update coverage.card c set lead_staff = d.staff_id from coverage.decision d
     where d.run_id = run_id_ and d.pool_no between lo_ and hi_ and d.seat = seat_
       and c.customer_id = d.customer_id and c.lead_staff is distinct from d.staff_id;
    with shown as (
      update coverage.standing s set lead_staff = d.staff_id from coverage.decision d
       where d.run_id = run_id_ and d.pool_no between lo_ and hi_ and d.seat = seat_
         and s.customer_id = d.customer_id and s.lead_staff is distinct from d.staff_id
      returning s.customer_id, s.lead_staff as staff_id, s.unit_no, s.assets_fen, d.before_staff)
    insert into coverage.by_staff (customer_id, seat, staff_id, unit_no, assets_fen)
    select customer_id, seat_, staff_id, unit_no, assets_fen from shown where before_staff is null and staff_id is not null;
  else
    update coverage.card c set joint_staff = d.staff_id from coverage.decision d
     where d.run_id = run_id_ and d.pool_no between lo_ and hi_ and d.seat = seat_
       and c.customer_id = d.customer_id and c.joint_staff is distinct from d.staff_id;
    with shown as (
      update coverage.standing s set joint_staff = d.staff_id from coverage.decision d
       where d.run_id = run_id_ and d.pool_no between lo_ and hi_ and d.seat = seat_
         and s.customer_id = d.customer_id and s.joint_staff is distinct from d.staff_id
      returning s.customer_id, s.joint_staff as staff_id, s.unit_no, s.assets_fen, d.before_staff)
    insert into coverage.by_staff (customer_id, seat, staff_id, unit_no, assets_fen)
    select customer_id, seat_, staff_id, unit_no, assets_fen from shown where before_staff is null and staff_id is not null;
  end if;
end $$;
revoke execute on function coverage.show_decisions(text, integer, integer, text, boolean) from public;

-- Who leaves a pool for another one waits in transit, with whom they had, until that pool takes them.
create function coverage.park_leaving(run_id_ text, pool coverage.run_pool, staff text[]) returns void
  language sql security definer set search_path = pg_catalog as $$
  with here as materialized (
    select a.customer_id, a.seat, a.staff_id, a.portfolio from coverage.by_staff b
     cross join lateral (select * from coverage.assignment x where x.customer_id = b.customer_id and x.seat = b.seat and x.to_date is null offset 0) a
     where b.staff_id = any(staff) and b.seat = pool.seat and a.portfolio = pool.portfolio),
  leaving as materialized (
    select here.* from here join coverage.decision d on d.customer_id = here.customer_id and d.run_id = run_id_ and d.seat = here.seat
      left join coverage.run_pool r on r.run_id = run_id_ and r.pool_no = d.pool_no
     where d.staff_id is distinct from here.staff_id or r.portfolio is distinct from here.portfolio),
  parked as (
    update coverage.assignment a set portfolio = '#in-transit' from leaving
     where a.customer_id = leaving.customer_id and a.seat = leaving.seat and a.to_date is null
    returning a.staff_id, leaving.portfolio),
  moved as (
    select staff_id, portfolio, count(*)::integer as n from parked group by 1, 2),
  left_ as (
    update coverage.portfolio p set customers = p.customers - m.n from moved m
     where p.staff_id = m.staff_id and p.portfolio = m.portfolio)
  insert into coverage.portfolio as p (staff_id, portfolio, customers, cap) select staff_id, '#in-transit', n, null from moved
    on conflict (staff_id, portfolio) do update set customers = p.customers + excluded.customers;
$$;
revoke execute on function coverage.park_leaving(text, coverage.run_pool, text[]) from public;

-- For those who sit somewhere: ends what the decisions of the pools lo_ … hi_ end and gives back how many, and moves who stays.
create function coverage.settle_sitting(run_id_ text, lo_ integer, hi_ integer, on_ date, out ended integer)
  language plpgsql security definer set search_path = pg_catalog as $$
begin
  -- Another pool may be parking some of them at this moment. Waited for first: what follows then sees where they are, and their places.
  perform from coverage.decision d
    cross join lateral (select from coverage.assignment x where x.customer_id = d.customer_id and x.seat = d.seat and x.to_date is null for update) a
   where d.run_id = run_id_ and d.pool_no between lo_ and hi_ and d.before_staff is not null;
  -- Each decision looks up its own assignment (offset 0 keeps the planner from starting at the assignments, which it takes for few
  -- while a first run fills them). Ends what the decisions end; an assignment that began on the day or later never was.
  with due as (
    select a.customer_id, a.seat, a.from_date, d.reason from coverage.decision d
      cross join lateral (select * from coverage.assignment x where x.customer_id = d.customer_id and x.seat = d.seat and x.to_date is null offset 0) a
     where d.run_id = run_id_ and d.pool_no between lo_ and hi_ and d.before_staff is not null
       and a.staff_id is distinct from d.staff_id),
  closed as (
    update coverage.assignment a set to_date = on_, ended_reason = due.reason from due
     where a.customer_id = due.customer_id and a.seat = due.seat and a.from_date = due.from_date and a.from_date < on_
    returning a.staff_id, a.portfolio),
  removed as (
    delete from coverage.assignment a using due
     where a.customer_id = due.customer_id and a.seat = due.seat and a.from_date = due.from_date and a.from_date >= on_
    returning a.staff_id, a.portfolio),
  gone as (
    select staff_id, portfolio, count(*)::integer as n from (select * from closed union all select * from removed) x group by 1, 2),
  counted as (
    update coverage.portfolio p set customers = p.customers - g.n from gone g
     where p.staff_id = g.staff_id and p.portfolio = g.portfolio returning g.n)
  select coalesce(sum(counted.n), 0) into ended from counted;

  -- Who stays with the same person in another portfolio (another band, another scheme) keeps the assignment and its first day.
  with due as (
    select a.customer_id, a.seat, a.from_date, a.staff_id, a.portfolio as was, r.portfolio, d.band from coverage.decision d
      join coverage.run_pool r on r.run_id = d.run_id and r.pool_no = d.pool_no
      cross join lateral (select * from coverage.assignment x where x.customer_id = d.customer_id and x.seat = d.seat and x.to_date is null offset 0) a
     where d.run_id = run_id_ and d.pool_no between lo_ and hi_ and d.before_staff = d.staff_id and a.staff_id = d.staff_id
       and a.portfolio <> r.portfolio),
  moved as (
    update coverage.assignment a set portfolio = due.portfolio, band = due.band from due
     where a.customer_id = due.customer_id and a.seat = due.seat and a.from_date = due.from_date returning 1),
  net as (
    select staff_id, portfolio, sum(n)::integer as n
      from (select staff_id, was as portfolio, -1 as n from due union all select staff_id, portfolio, 1 from due) x group by 1, 2)
  update coverage.portfolio p set customers = p.customers + net.n from net
   where p.staff_id = net.staff_id and p.portfolio = net.portfolio;
end $$;
revoke execute on function coverage.settle_sitting(text, integer, integer, date) from public;

-- Carries out a run's decisions of the pools lo_ … hi_ (-1: those without a pool): one pool at a time for a full run, all for a night's.
-- A range, because one plan must serve both and still use the index. When it commits, every limit holds and nobody whom another pool
-- will take has been left without anyone: they wait in the portfolio '#in-transit' with whom they had. Calling it again for a pool
-- that is done changes nothing.
create function coverage.apply_pool(run_id_ text, lo_ integer, hi_ integer, on_ date, at_ timestamptz, out opened integer, out ended integer)
  language plpgsql security definer set search_path = pg_catalog as $$
declare
  pool coverage.run_pool;
  staff text[];
  had boolean;
begin
  opened := 0; ended := 0;
  perform 1 from coverage.run where run_id = run_id_ and state = 'applying';
  if not found then raise exception 'run % is not being applied', run_id_; end if;
  perform 1 from coverage.run_pool where run_id = run_id_ and pool_no between lo_ and hi_ and applied_at is not null;
  if found then return; end if;

  -- The pool's places; while it is being changed its own limits rest, they are checked when set again below.
  insert into coverage.portfolio as p (staff_id, portfolio, customers, cap)
    select distinct s->>'staffId', r.portfolio, 0, null::integer
      from coverage.run_pool r cross join lateral jsonb_array_elements(r.staff) s
     where r.run_id = run_id_ and r.pool_no between lo_ and hi_ order by 1, 2
    on conflict (staff_id, portfolio) do update set cap = null;

  if lo_ = hi_ and lo_ >= 0 then
    select * into strict pool from coverage.run_pool where run_id = run_id_ and pool_no = lo_;
    staff := array(select s->>'staffId' from jsonb_array_elements(pool.staff) s);
    if exists (select from coverage.portfolio p where p.staff_id = any(staff) and p.portfolio = pool.portfolio and p.customers > 0) then
      perform coverage.park_leaving(run_id_, pool, staff);
    end if;
  end if;

  -- A first run has nobody to end or to move.
  had := exists (select from coverage.decision d where d.run_id = run_id_ and d.pool_no between lo_ and hi_ and d.before_staff is not null);
  if had then
    ended := coverage.settle_sitting(run_id_, lo_, hi_, on_);
  end if;

  -- Opens what is new.
  with fresh as (
    insert into coverage.assignment (customer_id, seat, staff_id, portfolio, band, from_date, run_id, reason)
    select d.customer_id, d.seat, d.staff_id, r.portfolio, d.band, on_, run_id_, d.reason from coverage.decision d
      join coverage.run_pool r on r.run_id = d.run_id and r.pool_no = d.pool_no
     where d.run_id = run_id_ and d.pool_no between lo_ and hi_ and d.staff_id is not null
       and d.staff_id is distinct from d.before_staff
     order by d.customer_id
    returning staff_id, portfolio),
  counted as (
    update coverage.portfolio p set customers = p.customers + f.n
      from (select staff_id, portfolio, count(*)::integer as n from fresh group by 1, 2) f
     where p.staff_id = f.staff_id and p.portfolio = f.portfolio returning f.n)
  select coalesce(sum(counted.n), 0) into opened from counted;

  -- The limits again: a full run's must hold, a night's never lie below who was there before it.
  update coverage.portfolio p
     set cap = case when run.kind = 'full' then limits.cap else greatest(limits.cap, least(p.customers, limits.before)) end
    from coverage.run run,
         (select r.portfolio, s->>'staffId' as staff_id, coalesce((s->>'limitAtMost')::integer, (s->>'limitInitial')::integer) as cap,
                 (s->>'before')::integer as before
            from coverage.run_pool r cross join lateral jsonb_array_elements(r.staff) s
           where r.run_id = run_id_ and r.pool_no between lo_ and hi_) limits
   where run.run_id = run_id_ and limits.cap is not null and p.staff_id = limits.staff_id and p.portfolio = limits.portfolio;

  if pool.seat is distinct from 'joint' then perform coverage.show_decisions(run_id_, lo_, hi_, 'lead', had); end if;
  if pool.seat is distinct from 'lead' then perform coverage.show_decisions(run_id_, lo_, hi_, 'joint', had); end if;

  update coverage.run_pool set applied_at = at_ where run_id = run_id_ and pool_no between lo_ and hi_;
end $$;
revoke execute on function coverage.apply_pool(text, integer, integer, date, timestamptz) from public;
grant execute on function coverage.apply_pool(text, integer, integer, date, timestamptz) to guanhu_worker;

-- The planner must know of a run's decisions before the pools read them, and of the seats that a first run fills; only the owner may say so.
create function coverage.analyze_decisions() returns void language plpgsql security definer set search_path = pg_catalog as $$
begin
  analyze coverage.decision;
  analyze coverage.run_pool;
end $$;
create function coverage.analyze_seats() returns void language plpgsql security definer set search_path = pg_catalog as $$
begin
  analyze coverage.portfolio;
  analyze coverage.assignment;
  analyze coverage.by_staff;
end $$;
revoke execute on function coverage.analyze_decisions() from public;
revoke execute on function coverage.analyze_seats() from public;
grant execute on function coverage.analyze_decisions(), coverage.analyze_seats() to guanhu_worker;

-- The first filling of a large bank's lists: their indexes are dropped and made anew behind the rows, four times as fast.
create table coverage.list_index (
  name text primary key,
  definition text not null
);
insert into platform.table_place values ('coverage.list_index', 'local');
create function coverage.drop_list_indexes() returns void language plpgsql security definer set search_path = pg_catalog as $$
declare i record;
begin
  insert into coverage.list_index (name, definition)
    select format('%I.%I', schemaname, indexname), indexdef from pg_indexes
     where schemaname = 'coverage' and tablename in ('card', 'standing') and indexname not in ('card_pkey', 'standing_pkey')
    on conflict (name) do nothing;
  for i in select name from coverage.list_index loop execute 'drop index if exists ' || i.name; end loop;
end $$;
create function coverage.make_list_indexes() returns void language plpgsql security definer
  set search_path = pg_catalog set maintenance_work_mem = '256MB' as $$
declare i record;
begin
  for i in select definition from coverage.list_index order by name loop execute i.definition; end loop;
  delete from coverage.list_index;
end $$;
revoke execute on function coverage.drop_list_indexes() from public;
revoke execute on function coverage.make_list_indexes() from public;
grant execute on function coverage.drop_list_indexes(), coverage.make_list_indexes() to guanhu_worker;

-- Portfolios that a bank sends as they are (assignments feed): whoever sits there is succeeded, places are counted, limits hold.
-- work_ = the import; its rows are in stage_taken, one a customer and seat.
create function coverage.take_over(work_ text) returns void language plpgsql security definer set search_path = pg_catalog as $$
begin
  with due as (
    select a.customer_id, a.seat, t.from_date from coverage.stage_taken t
      join coverage.assignment a on a.customer_id = t.customer_id and a.seat = t.seat and a.to_date is null
     where t.work = work_ and a.staff_id <> t.staff_id),
  ended as (
    update coverage.assignment a set to_date = greatest(due.from_date, a.from_date + 1), ended_reason = work_ from due
     where a.customer_id = due.customer_id and a.seat = due.seat and a.to_date is null
    returning a.staff_id, a.portfolio)
  update coverage.portfolio p set customers = p.customers - e.n
    from (select staff_id, portfolio, count(*)::integer as n from ended group by 1, 2) e
   where p.staff_id = e.staff_id and p.portfolio = e.portfolio;
  with fresh as (
    insert into coverage.assignment (customer_id, seat, staff_id, portfolio, band, from_date, run_id, reason)
    select t.customer_id, t.seat, t.staff_id, t.portfolio, t.band,
           greatest(t.from_date, (select max(h.to_date) from coverage.assignment h where h.customer_id = t.customer_id and h.seat = t.seat)),
           work_, 'taken-over'
      from coverage.stage_taken t
     where t.work = work_ and not exists (select 1 from coverage.assignment a
       where a.customer_id = t.customer_id and a.seat = t.seat and a.to_date is null)
     order by t.customer_id
    returning staff_id, portfolio)
  update coverage.portfolio p set customers = p.customers + f.n
    from (select staff_id, portfolio, count(*)::integer as n from fresh group by 1, 2) f
   where p.staff_id = f.staff_id and p.portfolio = f.portfolio;
  perform coverage.show_seats(work_);
end $$;

-- The same taken back: what the import opened and still stands is gone, whom it succeeded sits there again.
create function coverage.give_back(work_ text) returns void language plpgsql security definer set search_path = pg_catalog as $$
begin
  insert into coverage.stage_taken (customer_id, work, seat, staff_id, portfolio, band, from_date)
    select customer_id, work_, seat, staff_id, portfolio, band, from_date from coverage.assignment where run_id = work_ and to_date is null;
  with gone as (
    delete from coverage.assignment where run_id = work_ and to_date is null returning staff_id, portfolio)
  update coverage.portfolio p set customers = p.customers - g.n
    from (select staff_id, portfolio, count(*)::integer as n from gone group by 1, 2) g
   where p.staff_id = g.staff_id and p.portfolio = g.portfolio;
  with back as (
    update coverage.assignment a set to_date = null, ended_reason = null from coverage.stage_taken t
     where t.work = work_ and a.customer_id = t.customer_id and a.seat = t.seat and a.ended_reason = work_
    returning a.staff_id, a.portfolio)
  update coverage.portfolio p set customers = p.customers + b.n
    from (select staff_id, portfolio, count(*)::integer as n from back group by 1, 2) b
   where p.staff_id = b.staff_id and p.portfolio = b.portfolio;
  perform coverage.show_seats(work_);
end $$;

-- Lists follow the seats of the customers that are staged under work_.
create function coverage.show_seats(work_ text) returns void language plpgsql security definer set search_path = pg_catalog as $$
declare t text;
begin
  foreach t in array array['standing', 'card'] loop
    execute format('update coverage.%I s set lead_staff = x.lead, joint_staff = x.joint from (
        select c.customer_id, max(a.staff_id) filter (where a.seat = ''lead'') as lead, max(a.staff_id) filter (where a.seat = ''joint'') as joint
          from (select distinct customer_id from coverage.stage_taken where work = %L) c
          left join coverage.assignment a on a.customer_id = c.customer_id and a.to_date is null group by c.customer_id) x
      where s.customer_id = x.customer_id and (s.lead_staff is distinct from x.lead or s.joint_staff is distinct from x.joint)', t, work_);
  end loop;
  delete from coverage.by_staff b using coverage.stage_taken t where t.work = work_ and b.customer_id = t.customer_id;
  insert into coverage.by_staff (customer_id, seat, staff_id, unit_no, assets_fen)
  select s.customer_id, a.seat, a.staff_id, s.unit_no, s.assets_fen
    from (select distinct customer_id from coverage.stage_taken where work = work_) c
    join coverage.standing s on s.customer_id = c.customer_id
    join coverage.assignment a on a.customer_id = c.customer_id and a.to_date is null;
end $$;
revoke execute on function coverage.take_over(text) from public;
revoke execute on function coverage.give_back(text) from public;
revoke execute on function coverage.show_seats(text) from public;
grant execute on function coverage.take_over(text), coverage.give_back(text) to guanhu_worker;
