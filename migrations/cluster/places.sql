-- What `guanhu db distribute` puts in the place of the functions of the same name: the same effects, in steps that a cluster runs.
-- A statement there changes customer tables or local ones, not both; what it changed is carried over as JSON. Customer tables meet
-- each other only on customer_id, and an INSERT reads nothing but customer tables, because the way over the coordinator is COPY,
-- which row security refuses.
-- They run with the rights of who calls them: a cluster reaches its nodes over connections of one role, and what one role has
-- written in a transaction another's connection cannot see. So there the worker role may write assignments itself.
grant insert, update, delete on coverage.assignment, coverage.portfolio to guanhu_worker;
alter function coverage.set_cap(text, text, integer) security invoker;
alter function coverage.take_places(text, text, integer) security invoker;
alter function coverage.open_assignment(text, text, text, text, smallint, date, text, text) security invoker;
alter function coverage.end_assignment(text, text, date, text) security invoker;
alter function coverage.show_seats(text) security invoker;
alter function coverage.hold_places(text, text, text, text, integer) security invoker;
grant execute on function coverage.take_places(text, text, integer), coverage.show_seats(text),
  coverage.show_decisions(text, integer, integer, text, boolean) to guanhu_worker;

-- Lists follow the decisions: a cluster writes no table from what it changes in another one, so that portfolios look once more.
create or replace function coverage.show_decisions(run_id_ text, lo_ integer, hi_ integer, seat_ text, had_ boolean) returns void
  language plpgsql set search_path = pg_catalog as $$
declare t text;
begin
  foreach t in array array['standing', 'card'] loop
    execute format('update coverage.%1$I s set %2$I = d.staff_id from coverage.decision d
      where d.run_id = %3$L and d.pool_no between %4$s and %5$s and d.seat = %6$L
        and s.customer_id = d.customer_id and s.%2$I is distinct from d.staff_id', t, seat_ || '_staff', run_id_, lo_, hi_, seat_);
  end loop;
  if had_ then
    delete from coverage.by_staff where seat = seat_ and customer_id = any(array(select d.customer_id from coverage.decision d
      where d.run_id = run_id_ and d.pool_no between lo_ and hi_ and d.seat = seat_ and d.before_staff is not null and d.staff_id is null));
    update coverage.by_staff b set staff_id = d.staff_id from coverage.decision d
     where d.run_id = run_id_ and d.pool_no between lo_ and hi_ and d.seat = seat_ and d.before_staff <> d.staff_id
       and b.customer_id = d.customer_id and b.seat = seat_;
  end if;
  insert into coverage.by_staff (customer_id, seat, staff_id, unit_no, assets_fen)
  select d.customer_id, seat_, d.staff_id, s.unit_no, s.assets_fen from coverage.decision d
    join coverage.standing s on s.customer_id = d.customer_id
   where d.run_id = run_id_ and d.pool_no between lo_ and hi_ and d.seat = seat_ and d.before_staff is null and d.staff_id is not null;
end $$;

-- Counts places that were taken (sign_ 1) or given back (-1): [{staff_id, portfolio, n}].
create or replace function coverage.count_places(moves_ jsonb, sign_ integer) returns integer language plpgsql
  set search_path = pg_catalog as $$
declare total integer;
begin
  with m as (select staff_id, portfolio, n from jsonb_to_recordset(moves_) x (staff_id text, portfolio text, n integer)),
  counted as (
    update coverage.portfolio p set customers = p.customers + sign_ * m.n from m
     where p.staff_id = m.staff_id and p.portfolio = m.portfolio returning m.n)
  select coalesce(sum(n), 0) into total from counted;
  return total;
end $$;
revoke execute on function coverage.count_places(jsonb, integer) from public;
grant execute on function coverage.count_places(jsonb, integer) to guanhu_worker;

create or replace function coverage.apply_pool(run_id_ text, lo_ integer, hi_ integer, on_ date, at_ timestamptz, out opened integer, out ended integer)
  language plpgsql set search_path = pg_catalog as $$
declare
  pool coverage.run_pool;
  staff text[];
  moves jsonb;
begin
  opened := 0; ended := 0;
  perform 1 from coverage.run where run_id = run_id_ and state = 'applying';
  if not found then raise exception 'run % is not being applied', run_id_; end if;
  perform 1 from coverage.run_pool where run_id = run_id_ and pool_no between lo_ and hi_ and applied_at is not null;
  if found then return; end if;

  insert into coverage.portfolio as p (staff_id, portfolio, customers, cap)
    select distinct s->>'staffId', r.portfolio, 0, null::integer
      from coverage.run_pool r cross join lateral jsonb_array_elements(r.staff) s
     where r.run_id = run_id_ and r.pool_no between lo_ and hi_ order by 1, 2
    on conflict (staff_id, portfolio) do update set cap = null;

  -- Who leaves this pool for another one waits in transit until that pool takes them.
  if lo_ = hi_ and lo_ >= 0 then
    select * into strict pool from coverage.run_pool where run_id = run_id_ and pool_no = lo_;
    staff := array(select s->>'staffId' from jsonb_array_elements(pool.staff) s);
    with parked as (
      update coverage.assignment a set portfolio = '#in-transit' from coverage.by_staff b, coverage.decision d
       where b.staff_id = any(staff) and b.seat = pool.seat and a.customer_id = b.customer_id and a.seat = b.seat and a.to_date is null
         and a.portfolio = pool.portfolio and d.customer_id = a.customer_id and d.run_id = run_id_ and d.seat = a.seat
         and (d.staff_id is distinct from a.staff_id
           or d.pool_no <> all(array(select r.pool_no from coverage.run_pool r where r.run_id = run_id_ and r.portfolio = pool.portfolio)))
      returning a.staff_id)
    select coalesce(jsonb_agg(jsonb_build_object('staff_id', staff_id, 'portfolio', pool.portfolio, 'n', n)), '[]') into moves
      from (select staff_id, count(*) as n from parked group by 1) x;
    perform coverage.count_places(moves, -1);
    insert into coverage.portfolio as p (staff_id, portfolio, customers, cap)
      select m.staff_id, '#in-transit', m.n, null from jsonb_to_recordset(moves) m (staff_id text, n integer)
      on conflict (staff_id, portfolio) do update set customers = p.customers + excluded.customers;
  end if;

  -- Ends what the decisions end; an assignment that began on the day or later never was.
  with closed as (
    update coverage.assignment a set to_date = on_, ended_reason = d.reason from coverage.decision d
     where d.run_id = run_id_ and d.pool_no between lo_ and hi_ and d.before_staff is not null and a.customer_id = d.customer_id
       and a.seat = d.seat and a.to_date is null and a.staff_id is distinct from d.staff_id and a.from_date < on_
    returning a.staff_id, a.portfolio)
  select coalesce(jsonb_agg(to_jsonb(x)), '[]') into moves from (select staff_id, portfolio, count(*) as n from closed group by 1, 2) x;
  ended := coverage.count_places(moves, -1);
  with removed as (
    delete from coverage.assignment a using coverage.decision d
     where d.run_id = run_id_ and d.pool_no between lo_ and hi_ and d.before_staff is not null and a.customer_id = d.customer_id
       and a.seat = d.seat and a.to_date is null and a.staff_id is distinct from d.staff_id and a.from_date >= on_
    returning a.staff_id, a.portfolio)
  select coalesce(jsonb_agg(to_jsonb(x)), '[]') into moves from (select staff_id, portfolio, count(*) as n from removed group by 1, 2) x;
  ended := ended + coverage.count_places(moves, -1);

  for pool in select * from coverage.run_pool where run_id = run_id_ and pool_no between lo_ and hi_ order by pool_no loop
    -- Who stays with the same person in another portfolio keeps the assignment and its first day.
    select coalesce(jsonb_agg(to_jsonb(x)), '[]') into moves from (
      select a.staff_id, a.portfolio, count(*) as n from coverage.assignment a join coverage.decision d on d.customer_id = a.customer_id
       where d.run_id = run_id_ and d.pool_no = pool.pool_no and d.before_staff = d.staff_id and a.seat = d.seat and a.to_date is null
         and a.staff_id = d.staff_id and a.portfolio <> pool.portfolio group by 1, 2) x;
    if moves <> '[]' then
      update coverage.assignment a set portfolio = pool.portfolio, band = d.band from coverage.decision d
       where d.run_id = run_id_ and d.pool_no = pool.pool_no and d.before_staff = d.staff_id and a.customer_id = d.customer_id
         and a.seat = d.seat and a.to_date is null and a.staff_id = d.staff_id and a.portfolio <> pool.portfolio;
      perform coverage.count_places(moves, -1);
      perform coverage.count_places((select jsonb_agg(m || jsonb_build_object('portfolio', pool.portfolio)) from jsonb_array_elements(moves) m), 1);
    end if;
    -- Opens what is new.
    with fresh as (
      insert into coverage.assignment (customer_id, seat, staff_id, portfolio, band, from_date, run_id, reason)
      select d.customer_id, d.seat, d.staff_id, pool.portfolio, d.band, on_, run_id_, d.reason from coverage.decision d
       where d.run_id = run_id_ and d.pool_no = pool.pool_no and d.staff_id is not null and d.staff_id is distinct from d.before_staff
      returning staff_id, portfolio)
    select coalesce(jsonb_agg(to_jsonb(x)), '[]') into moves from (select staff_id, portfolio, count(*) as n from fresh group by 1, 2) x;
    opened := opened + coverage.count_places(moves, 1);
  end loop;

  -- The limits again: a full run's must hold, a night's never lie below who was there before it.
  update coverage.portfolio p
     set cap = case when run.kind = 'full' then limits.cap else greatest(limits.cap, least(p.customers, limits.before)) end
    from coverage.run run,
         (select r.portfolio, s->>'staffId' as staff_id, coalesce((s->>'limitAtMost')::integer, (s->>'limitInitial')::integer) as cap,
                 (s->>'before')::integer as before
            from coverage.run_pool r cross join lateral jsonb_array_elements(r.staff) s
           where r.run_id = run_id_ and r.pool_no between lo_ and hi_) limits
   where run.run_id = run_id_ and limits.cap is not null and p.staff_id = limits.staff_id and p.portfolio = limits.portfolio;

  perform coverage.show_decisions(run_id_, lo_, hi_, 'lead', true);
  perform coverage.show_decisions(run_id_, lo_, hi_, 'joint', true);

  update coverage.run_pool set applied_at = at_ where run_id = run_id_ and pool_no between lo_ and hi_;
end $$;

create or replace function coverage.take_over(work_ text) returns void language plpgsql set search_path = pg_catalog as $$
declare moves jsonb;
begin
  with ended as (
    update coverage.assignment a set to_date = greatest(t.from_date, a.from_date + 1), ended_reason = work_ from coverage.stage_taken t
     where t.work = work_ and a.customer_id = t.customer_id and a.seat = t.seat and a.to_date is null and a.staff_id <> t.staff_id
    returning a.staff_id, a.portfolio)
  select coalesce(jsonb_agg(to_jsonb(x)), '[]') into moves from (select staff_id, portfolio, count(*) as n from ended group by 1, 2) x;
  perform coverage.count_places(moves, -1);
  with fresh as (
    insert into coverage.assignment (customer_id, seat, staff_id, portfolio, band, from_date, run_id, reason)
    select t.customer_id, t.seat, t.staff_id, t.portfolio, t.band, greatest(t.from_date, h.until), work_, 'taken-over'
      from coverage.stage_taken t
      left join (select customer_id, seat, max(to_date) as until from coverage.assignment group by 1, 2) h
        on h.customer_id = t.customer_id and h.seat = t.seat
     where t.work = work_ and not exists (select 1 from coverage.assignment a
       where a.customer_id = t.customer_id and a.seat = t.seat and a.to_date is null)
    returning staff_id, portfolio)
  select coalesce(jsonb_agg(to_jsonb(x)), '[]') into moves from (select staff_id, portfolio, count(*) as n from fresh group by 1, 2) x;
  perform coverage.count_places(moves, 1);
  perform coverage.show_seats(work_);
end $$;

create or replace function coverage.give_back(work_ text) returns void language plpgsql set search_path = pg_catalog as $$
declare moves jsonb;
begin
  insert into coverage.stage_taken (customer_id, work, seat, staff_id, portfolio, band, from_date)
    select customer_id, work_, seat, staff_id, portfolio, band, from_date from coverage.assignment where run_id = work_ and to_date is null;
  with gone as (
    delete from coverage.assignment where run_id = work_ and to_date is null returning staff_id, portfolio)
  select coalesce(jsonb_agg(to_jsonb(x)), '[]') into moves from (select staff_id, portfolio, count(*) as n from gone group by 1, 2) x;
  perform coverage.count_places(moves, -1);
  with back as (
    update coverage.assignment a set to_date = null, ended_reason = null from coverage.stage_taken t
     where t.work = work_ and a.customer_id = t.customer_id and a.seat = t.seat and a.ended_reason = work_
    returning a.staff_id, a.portfolio)
  select coalesce(jsonb_agg(to_jsonb(x)), '[]') into moves from (select staff_id, portfolio, count(*) as n from back group by 1, 2) x;
  perform coverage.count_places(moves, 1);
  perform coverage.show_seats(work_);
end $$;

-- Indexes of a cluster are made once: dropping them is no work of a night there.
create or replace function coverage.drop_list_indexes() returns void language sql set search_path = pg_catalog as $$ select $$;
create or replace function coverage.make_list_indexes() returns void language sql set search_path = pg_catalog as $$ select $$;
