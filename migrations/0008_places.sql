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
