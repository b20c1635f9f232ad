-- A connection that is lost at COMMIT leaves nobody knowing whether the request was carried out. Its audit entry knows: it is in the
-- same transaction. A key whose answer was never kept is looked up by the request that claimed it.
alter table platform.idempotency add column request_id text;
select platform.classify('platform.idempotency', 'session', 'request_id none none 请求编号');

-- Whether a request of one's own changed anything. Looks and refusals are entries too, but change nothing.
create function audit.was_carried_out(actor_ text, since_ timestamptz, request_ text) returns boolean
language sql stable security definer set search_path = pg_catalog as $$
  select exists (select from audit.entry e where e.actor = actor_ and e.at >= since_ - interval '1 day' and e.request_id = request_
    and e.kind not in ('customer.viewed', 'customer.searched', 'list.viewed', 'access.refused', 'audit.read', 'reveal.refused', 'reveal.unusual'))
$$;
revoke execute on function audit.was_carried_out(text, timestamptz, text) from public;
grant execute on function audit.was_carried_out(text, timestamptz, text) to guanhu_app;
