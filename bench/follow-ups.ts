import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { appointmentsOf, calendarOf } from '../src/capabilities/appointments/reads/appointments.ts';
import { seeCustomer } from '../src/capabilities/coverage/index.ts';
import { customerCurve } from '../src/capabilities/coverage/reads/curve.ts';
import { customerDetailOf } from '../src/capabilities/coverage/reads/detail.ts';
import { activateCatalogue, evaluateFollowUps, shippedRules } from '../src/capabilities/engagement/index.ts';
import { customerWorkOf } from '../src/capabilities/engagement/reads/customer-work.ts';
import { queueOf } from '../src/capabilities/engagement/reads/queue.ts';
import { themesOf } from '../src/capabilities/engagement/reads/themes.ts';
import { workbenchOf } from '../src/capabilities/engagement/reads/workbench.ts';
import { recordContact } from '../src/capabilities/engagement/service/contacts.ts';
import { groupsOfCustomer } from '../src/capabilities/groups/reads/groups.ts';
import { countPeers } from '../src/capabilities/insight/index.ts';
import { insightOf } from '../src/capabilities/insight/reads/customer.ts';
import { keepUnitDays } from '../src/capabilities/meetings/index.ts';
import { actionsOf } from '../src/capabilities/meetings/reads/actions.ts';
import { outreachOf } from '../src/capabilities/outreach/reads/messages.ts';
import { mineOf } from '../src/capabilities/plans/reads/plan.ts';
import { todayOf } from '../src/kernel/business-date.ts';
import { COMMAND_LINE } from '../src/platform/audit/index.ts';
import { type Person, personById } from '../src/platform/auth/session.ts';
import type { Platform } from '../src/platform/context.ts';
import { openCustomer, scoped } from '../src/platform/db/transaction.ts';
import { type Latency, latency } from './reading.ts';

/** Seconds of the evaluations after a close, and what share of looking at everybody a day's changes cost. */
export interface FollowUpFigures {
  readonly covered: number;
  readonly opened: number;
  readonly 'first evaluation s': number;
  readonly 'µs a customer': number;
  readonly 'changed customers': number;
  readonly 'a day s': number;
  readonly 'nothing changed s': number;
  /** Per customer looked at, less the scan that finds them: 1 = as much as in the first evaluation. */
  readonly 'a day ÷ first, per customer': number;
}

async function timed<T>(work: () => Promise<T>): Promise<{ readonly seconds: number; readonly result: T }> {
  const start = performance.now();
  const result = await work();
  return { seconds: (performance.now() - start) / 1000, result };
}

/** Follow-ups of an applied bank: everybody for the first time, then a day on which one in twenty changes, then one on which nobody does. */
export async function followUpSpeed(platform: Platform, ownerUrl: string): Promise<FollowUpFigures> {
  await activateCatalogue(platform, COMMAND_LINE, await shippedRules());
  const first = await timed(() => evaluateFollowUps(platform));
  const quiet = await timed(() => evaluateFollowUps(platform));
  await passDay(ownerUrl);
  const day = await timed(() => evaluateFollowUps(platform));
  const aCustomer = first.seconds / first.result.customers;
  const aChanged = (day.seconds - quiet.seconds) / day.result.customers;
  return {
    covered: first.result.customers,
    opened: first.result.opened,
    'first evaluation s': first.seconds,
    'µs a customer': aCustomer * 1e6,
    'changed customers': day.result.customers,
    'a day s': day.seconds,
    'nothing changed s': quiet.seconds,
    'a day ÷ first, per customer': aChanged / aCustomer,
  };
}

/** The next day is closed, with other balances for one in twenty. */
async function passDay(ownerUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query(`with last as (select * from closing.day order by business_date desc limit 1)
      insert into closing.day select business_date + 1, import_id, closed_at, input_digest, chain, digest, customers, positions, changed_customers,
        changed_positions, totals from last`);
    await client.query(`with day as (select max(business_date) as on from closing.day), old as (
        select b.* from closing.balance b, day where hashtext(customer_id) % 20 = 0 and from_date < day.on),
      ended as (insert into closing.segment (customer_id, from_date, to_date, assets_fen, home_outlet, has_loan, cum_before, year_cum,
          runner_up_outlet, home_fen, runner_up_fen, home_held)
        select customer_id, from_date, day.on, assets_fen, home_outlet, has_loan, cum_before, year_cum, runner_up_outlet, home_fen,
          runner_up_fen, home_held from old, day)
      update closing.balance b set from_date = day.on, assets_fen = b.assets_fen * 7 / 10, cum_before = o.cum_before + o.assets_fen * (day.on - o.from_date)
        from old o, day where b.customer_id = o.customer_id`);
  } finally {
    await client.end();
  }
}

/** The workbench of the people with most customers, 20 at once, and contacts recorded. */
export async function workbenchSpeed(platform: Platform, rounds: number): Promise<Latency[]> {
  const { rows } = await platform.worker.query<{ staff_id: string; ids: string[] }>(
    `select staff_id, (select array_agg(customer_id) from (select customer_id from coverage.by_staff b where b.staff_id = p.staff_id limit 200) x) as ids
       from coverage.portfolio p where customers > 0 order by customers desc limit 40`,
  );
  const people: { readonly person: Person; readonly ids: readonly string[] }[] = [];
  for (const { staff_id, ids } of rows) {
    const person = await personById(platform.app, staff_id, platform.now());
    if (person !== undefined) people.push({ person, ids });
  }
  const at = (n: number) => {
    const one = people[n % people.length];
    if (one === undefined) throw new Error('the bench has nobody at work');
    return one;
  };
  return [
    await latency('workbench', rounds, (n) => {
      const { person } = at(n);
      return wholeWorkbench(platform, person);
    }),
    await latency('queue', rounds, (n) => {
      const { person } = at(n);
      return scoped(platform.app, person.scope, (tx) => queueOf(tx, person, {}, { limit: 50 }, platform.now()));
    }),
    await latency('360° page', rounds, (n) => {
      const { person, ids } = at(n);
      return wholeCustomer(platform, person, ids[n % ids.length] ?? '');
    }),
    await latency('contact recorded', rounds, (n) => {
      const { person, ids } = at(n);
      const actor = { staffId: person.staffId, role: person.role, unitNo: person.unitNo, requestId: 'bench' };
      const customerId = ids[n % ids.length] ?? '';
      const said = { channel: 'phone', outcome: 'reached', note: 'bench', next: null, interest: [] } as const;
      return recordContact(platform, { person, actor }, { customerId, contactId: randomUUID(), ...said });
    }),
  ];
}

/** All that the morning's page reads: what waits, whom one looks for first, standards, plans, the day's appointments, what meetings ask. */
function wholeWorkbench(platform: Platform, person: Person): Promise<unknown> {
  const now = platform.now();
  return scoped(platform.app, person.scope, async (tx) => [
    await workbenchOf(tx, person, now),
    await mineOf(platform, tx, person),
    await actionsOf(tx, person, now),
    await calendarOf(tx, person, person.scope.staffId, todayOf(now), todayOf(now), now),
    await themesOf(tx, person),
  ]);
}

/** All that the customer's page reads: details, work, value and similar customers, outreach, appointments, groups. */
function wholeCustomer(platform: Platform, person: Person, customerId: string): Promise<unknown> {
  return scoped(platform.app, person.scope, async (tx) => {
    const row = await seeCustomer(tx, person.scope, customerId);
    if (row === undefined) throw new Error('the bench lost a customer');
    await openCustomer(tx, customerId);
    const now = platform.now();
    return [
      await customerDetailOf(tx, row, platform.secrets, todayOf(now)),
      await customerCurve(tx, customerId),
      await customerWorkOf(tx, person, row),
      await insightOf(tx, row),
      await outreachOf(tx, person, customerId, now),
      await appointmentsOf(tx, person, customerId, now),
      await groupsOfCustomer(tx, person, customerId),
    ];
  });
}

/** Seconds of what each close brings up to date for everybody in one pass. */
export interface NightFigures {
  readonly 'peer counts s': number;
  readonly 'unit days s': number;
}

export async function nightSpeed(platform: Platform): Promise<NightFigures> {
  const peers = await timed(() => countPeers(platform));
  const days = await timed(() => keepUnitDays(platform));
  return { 'peer counts s': peers.seconds, 'unit days s': days.seconds };
}
