import { Readable } from 'node:stream';
import { allUnits } from '../capabilities/coverage/index.ts';
import { activateCatalogue, addHistory, evaluateFollowUps, shippedRules } from '../capabilities/engagement/index.ts';
import { takeFile } from '../capabilities/feed/index.ts';
import { activateRates, shippedRates } from '../capabilities/insight/index.ts';
import { putInForce } from '../capabilities/plans/index.ts';
import { type DemoSeat, demoContacts, demoFamilies, demoProfiles } from '../demo/contacts.ts';
import { type DemoHolding, demoSales } from '../demo/sales.ts';
import { addMonths, type BusinessDate, businessDate } from '../kernel/business-date.ts';
import { COMMAND_LINE } from '../platform/audit/index.ts';
import type { Platform } from '../platform/context.ts';
import { unscoped } from '../platform/db/transaction.ts';
import { feedDesk } from './feeds.ts';

/** Gives everybody of the demo a history with their customers and puts the shipped follow-up rules in force. */
export async function openDesks(platform: Platform, seed: string, to: string): Promise<void> {
  const { rows } = await platform.worker.query<{ id: string; staff: string; role: string; since: string; fen: number }>(
    `select a.customer_id as id, a.staff_id as staff, s.role, a.from_date as since, b.assets_fen as fen from coverage.assignment a
       join organisation.staff s on s.id = a.staff_id join coverage.by_staff b on b.customer_id = a.customer_id and b.seat = a.seat
      where a.to_date is null order by a.customer_id, a.seat`,
  );
  const seats: DemoSeat[] = rows.map(({ id, staff, role, since, fen }) => ({
    ...{ customerId: id, staffId: staff, role, assetsFen: fen },
    since: businessDate(since),
  }));
  const last = businessDate(to);
  const history = {
    contacts: demoContacts(seats, last, seed),
    profiles: demoProfiles(seats, last, seed),
    relatives: demoFamilies(seats, last, seed),
  };
  await unscoped(platform.worker, (tx) => addHistory(tx, history, platform.now()));
  await activateCatalogue(platform, COMMAND_LINE, await shippedRules());
  await activateRates(platform, COMMAND_LINE, await shippedRates());
  await evaluateFollowUps(platform);
  await sellHoldings(platform, seed, last);
  await planMonth(platform, last);
}

/** A month's plans of every outlet, and the quarter's of the units above. */
async function planMonth(platform: Platform, on: BusinessDate): Promise<void> {
  const { rows: made } = await platform.worker.query<{ unit_id: string }>('select unit_id from plans.plan');
  const done = new Set(made.map((row) => row.unit_id));
  const units = await unscoped(platform.worker, allUnits);
  const { rows: people } = await platform.worker.query<{ id: string; n: number }>(
    `select u.id, count(*)::int as n from organisation.org_unit u join organisation.org_unit b on b.unit_no between u.unit_no and u.last_no
       join organisation.staff s on s.org_unit_id = b.id and s.left_on is null and s.role like '%-manager' group by u.id`,
  );
  const month = on.slice(0, 7);
  const quarter = `${on.slice(0, 4)}Q${Math.ceil(Number(on.slice(5, 7)) / 3)}`;
  for (const { id, n } of people) {
    const unit = units.get(id);
    if (unit === undefined || done.has(id)) continue;
    const plans =
      unit.level === 'outlet'
        ? [
            { metric: 'talks' as const, period: month, target: 25 * n },
            { metric: 'sales' as const, period: month, target: 3_000_000 * n },
          ]
        : [{ metric: 'sales' as const, period: quarter, target: 6_000_000 * n }];
    for (const plan of plans)
      await putInForce({ platform, actor: COMMAND_LINE }, unit, { ...plan, basis: 'shares', fixed: [], spread: false });
  }
}

/** What customers bought in the half-year, as the sales that it was. */
async function sellHoldings(platform: Platform, seed: string, to: BusinessDate): Promise<void> {
  const { rows } = await platform.worker.query<DemoHolding>(
    `select p.customer_id as "customerId", p.product_code as "productCode", sum(p.balance_fen)::bigint as "balanceFen",
            max(p.since) as since, a.staff_id as "staffId",
            array(select c.id from organisation.staff c where c.org_unit_id = s.org_unit_id and c.id <> s.id and c.left_on is null order by c.id) as colleagues
       from closing.position p join products.product r on r.code = p.product_code
       join coverage.assignment a on a.customer_id = p.customer_id and a.seat = 'lead' and a.to_date is null
       join organisation.staff s on s.id = a.staff_id
      where p.balance_fen > 0 and p.since > $1 and r.category not in ('demand-deposit', 'loan', 'credit-card')
      group by p.customer_id, p.product_code, a.staff_id, s.org_unit_id, s.id order by 1, 2`,
    [addMonths(to, -6)],
  );
  const text = demoSales(rows, seed);
  const taken = await takeFile(feedDesk(platform), COMMAND_LINE, {
    fileName: `sales-${to}.csv`,
    stream: Readable.from([Buffer.from(text)]),
    options: { tolerateBp: 0, holdUnknown: false, direct: true },
  });
  if (taken.state !== 'accepted' && taken.state !== 'unchanged')
    throw new Error(`the demo's sales: ${JSON.stringify(taken.problems.slice(0, 3))}`);
}
