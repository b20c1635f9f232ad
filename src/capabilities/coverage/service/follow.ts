import type { BusinessDate } from '../../../kernel/business-date.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import { lastClosedDay } from '../../closing/index.ts';

/** From so many customers on, lists are filled before their indexes are made: four times as fast. */
const BULK_CUSTOMERS = 50_000;

/** SQL that joins the unit of a balance's home outlet: the one that stands in for it, once it has been merged. */
const HOME_UNIT = `left join organisation.org_unit o on o.id = b.home_outlet left join organisation.org_unit u on u.id = coalesce(o.heir_id, o.id)`;

const CARD = 'customer_id, name, pinyin, initials, mobile_last4, mobile_key, id_key, branch_id, outlet_id, unit_no';
/** Customers without a home outlet stand at the root: only the head office sees them. Asked first: a cluster spreads no INSERT with a subquery in it. */
async function rootNo(tx: Tx): Promise<number> {
  const { rows } = await tx.client.query<{ no: number | null }>('select min(unit_no) as no from organisation.org_unit');
  return rows[0]?.no ?? 0;
}

/** Makes the cards and standings of all customers after the first close; before it there is nothing to list them by. */
export async function fillFirst(tx: Tx, tierSql: (column: string) => string): Promise<void> {
  const { rows } = await tx.client.query<{ customers: number }>('select count(*)::integer as customers from customers.customer');
  const bulk = (rows[0]?.customers ?? 0) >= BULK_CUSTOMERS;
  if (bulk) await tx.client.query('select coverage.drop_list_indexes()');
  const root = await rootNo(tx);
  await tx.client.query(
    `insert into coverage.standing (customer_id, branch_id, outlet_id, unit_no, assets_fen, tier, has_loan, lead_staff, joint_staff)
     select c.customer_id, u.branch_id, u.id, coalesce(u.unit_no, ${root}), coalesce(b.assets_fen, 0),
            ${tierSql('coalesce(b.assets_fen, 0)')}, coalesce(b.has_loan, false), l.staff_id, j.staff_id
       from customers.customer c left join closing.balance b on b.customer_id = c.customer_id
       ${HOME_UNIT}
       left join coverage.assignment l on l.customer_id = c.customer_id and l.seat = 'lead' and l.to_date is null
       left join coverage.assignment j on j.customer_id = c.customer_id and j.seat = 'joint' and j.to_date is null
      order by c.customer_id`,
  );
  await tx.client.query(
    `insert into coverage.card (${CARD}, lead_staff, joint_staff, no_marketing)
     select c.customer_id, c.name, c.pinyin, c.initials, c.mobile_last4, c.mobile_key, c.id_key, s.branch_id, s.outlet_id, s.unit_no,
            s.lead_staff, s.joint_staff, coalesce(m.no_marketing, false)
       from customers.customer c join coverage.standing s on s.customer_id = c.customer_id
       left join personal.mark m on m.customer_id = c.customer_id order by c.customer_id`,
  );
  for (const [seat, column] of [
    ['lead', 'lead_staff'],
    ['joint', 'joint_staff'],
  ]) {
    await tx.client.query(
      `insert into coverage.by_staff (customer_id, seat, staff_id, unit_no, assets_fen)
       select customer_id, '${seat}', ${column}, unit_no, assets_fen from coverage.standing where ${column} is not null`,
    );
  }
  if (bulk) await tx.client.query('select coverage.make_list_indexes()');
}

/** Whether the lists have been filled. */
export async function isFilled(tx: Tx): Promise<boolean> {
  const { rowCount } = await tx.client.query('select 1 from coverage.standing limit 1');
  return (rowCount ?? 0) > 0;
}

/** Brings standings and cards in step with the totals of the customers of a table. */
export async function followTotals(tx: Tx, changed: string, tierSql: (column: string) => string): Promise<void> {
  const root = await rootNo(tx);
  await tx.client.query(
    `insert into coverage.standing as s (customer_id, branch_id, outlet_id, unit_no, assets_fen, tier, has_loan)
     select x.customer_id, u.branch_id, u.id, coalesce(u.unit_no, ${root}), coalesce(b.assets_fen, 0),
            ${tierSql('coalesce(b.assets_fen, 0)')}, coalesce(b.has_loan, false)
       from (select distinct customer_id from ${changed}) x left join closing.balance b on b.customer_id = x.customer_id
       ${HOME_UNIT}
     on conflict (customer_id) do update set branch_id = excluded.branch_id, outlet_id = excluded.outlet_id, unit_no = excluded.unit_no,
       assets_fen = excluded.assets_fen, tier = excluded.tier, has_loan = excluded.has_loan`,
  );
  await tx.client.query(
    `update coverage.card c set branch_id = s.branch_id, outlet_id = s.outlet_id, unit_no = s.unit_no
       from (select distinct customer_id from ${changed}) x join coverage.standing s on s.customer_id = x.customer_id
      where c.customer_id = x.customer_id and c.outlet_id is distinct from s.outlet_id`,
  );
  await tx.client.query(
    `update coverage.by_staff b set unit_no = s.unit_no, assets_fen = s.assets_fen
       from (select distinct customer_id from ${changed}) x join coverage.standing s on s.customer_id = x.customer_id
      where b.customer_id = x.customer_id and (b.assets_fen <> s.assets_fen or b.unit_no <> s.unit_no)`,
  );
}

/** News from the customers feed: their cards, in the same transaction. Rows that go are staged with a null name. */
export async function followCustomers(tx: Tx, importId: string): Promise<void> {
  const last = await lastClosedDay(tx);
  if (last === undefined) return;
  const root = await rootNo(tx);
  await tx.client.query(
    `insert into coverage.standing (customer_id, unit_no, assets_fen, tier, has_loan)
     select customer_id, ${root}, 0, 0, false from customers.stage_customer where import_id = $1 and name is not null
     on conflict (customer_id) do nothing`,
    [importId],
  );
  await tx.client.query(
    `insert into coverage.card (${CARD}, no_marketing)
     select c.customer_id, c.name, c.pinyin, c.initials, c.mobile_last4, c.mobile_key, c.id_key, s.branch_id, s.outlet_id, s.unit_no,
            coalesce(m.no_marketing, false)
       from customers.stage_customer c join coverage.standing s on s.customer_id = c.customer_id
       left join personal.mark m on m.customer_id = c.customer_id where c.import_id = $1 and c.name is not null
     on conflict (customer_id) do update set name = excluded.name, pinyin = excluded.pinyin, initials = excluded.initials,
       mobile_last4 = excluded.mobile_last4, mobile_key = excluded.mobile_key, id_key = excluded.id_key`,
    [importId],
  );
  await endGone(tx, importId, last);
  for (const table of ['card', 'standing', 'by_staff', 'band_history', 'risk_history', 'carried_grace']) {
    await tx.client.query(
      `delete from coverage.${table} c using customers.stage_customer g
        where g.import_id = $1 and g.name is null and g.customer_id = c.customer_id`,
      [importId],
    );
  }
}

/** Ends the assignments of customers who go, after the last closed day. One by one, since a cluster writes no customers in a SELECT. */
async function endGone(tx: Tx, importId: string, last: BusinessDate): Promise<void> {
  const { rows } = await tx.client.query<{ customer_id: string; seat: string; ends: string }>(
    `select a.customer_id, a.seat, (greatest(a.from_date, $2::date) + 1)::text as ends
       from coverage.assignment a join customers.stage_customer g on g.customer_id = a.customer_id
      where g.import_id = $1 and g.name is null and a.to_date is null order by a.staff_id, a.customer_id`,
    [importId, last],
  );
  for (const { customer_id, seat, ends } of rows)
    await tx.client.query("select coverage.end_assignment($1, $2, $3, 'gone')", [customer_id, seat, ends]);
}

/** News from the organisation: the numbers that row security compares follow the tree, in the same transaction. */
export async function followUnits(tx: Tx): Promise<void> {
  const root = await rootNo(tx);
  for (const table of ['card', 'standing', 'decision']) {
    await tx.client.query(
      `update coverage.${table} c set branch_id = u.branch_id, unit_no = u.unit_no from organisation.org_unit u
        where u.id = c.outlet_id and (u.unit_no <> c.unit_no or u.branch_id is distinct from c.branch_id)`,
    );
    await tx.client.query(`update coverage.${table} set unit_no = $1 where outlet_id is null and unit_no <> $1`, [root]);
  }
  for (const table of ['transfer', 'handover_item', 'keep']) {
    await tx.client.query(
      `update coverage.${table} t set unit_no = s.unit_no from coverage.standing s where s.customer_id = t.customer_id and s.unit_no <> t.unit_no`,
    );
  }
  await tx.client.query(
    'update coverage.handover h set unit_no = u.unit_no from organisation.org_unit u where u.id = h.unit_id and u.unit_no <> h.unit_no',
  );
  await tx.client.query(
    `update coverage.by_staff b set unit_no = s.unit_no from coverage.standing s
      where s.customer_id = b.customer_id and s.unit_no <> b.unit_no`,
  );
  await tx.client.query(
    'update coverage.run_pool p set unit_no = u.unit_no from organisation.org_unit u where u.id = p.unit_id and u.unit_no <> p.unit_no',
  );
}

/** Counts customers and assets per unit, band and tier, for every unit with all below it. */
export async function refreshCounts(tx: Tx): Promise<void> {
  await tx.client.query('delete from coverage.unit_count');
  await tx.client.query(
    `with base as (
       select unit_no, band, tier, count(*) as customers, sum(assets_fen) as assets,
              count(*) filter (where lead_staff is not null or joint_staff is not null) as covered,
              count(*) filter (where below_since is not null) as at_risk,
              coalesce(sum(assets_fen) filter (where lead_staff is not null or joint_staff is not null), 0) as covered_assets
         from coverage.standing group by unit_no, band, tier)
     insert into coverage.unit_count (unit_id, unit_no, band, tier, customers, covered, at_risk, assets_fen, covered_assets_fen)
     select u.id, u.unit_no, b.band, b.tier, sum(b.customers), sum(b.covered), sum(b.at_risk), sum(b.assets), sum(b.covered_assets)
       from base b join organisation.org_unit u on b.unit_no between u.unit_no and u.last_no
      group by u.id, u.unit_no, b.band, b.tier`,
  );
}
