import type { z } from 'zod';
import { addDays, addMonths, type BusinessDate, todayOf } from '../../../kernel/business-date.ts';
import type { Person } from '../../../platform/auth/session.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import { staffRefOf, staffRefs } from '../../coverage/index.ts';
import type { teamSchema, workbenchSchema } from '../contract.ts';
import { type Desk, openDesk, WEEK_DAYS } from './follow-ups.ts';

type Workbench = z.input<typeof workbenchSchema>;
const NOTHING = { overdue: 0, today: 0, week: 0, later: 0 };
const TALK =
  "channel in ('phone', 'wecom', 'visit', 'meeting') and outcome in ('reached', 'declined', 'complaint') and reversed_at is null";

/** The head of one's page: what waits, of which kind, and how far one is with the standards. */
export async function workbenchOf(tx: Tx, person: Person, now: Date): Promise<Workbench> {
  const desk = await openDesk(tx);
  const me = person.scope.staffId;
  // The counters of portfolios say it without counting.
  const own = await tx.client.query<{ n: number }>(
    'select coalesce(sum(customers), 0)::int as n from coverage.portfolio where staff_id = $1',
    [me],
  );
  const customers = own.rows[0]?.n ?? 0;
  const doneToday = await talkedSince(tx, me, todayOf(now));
  if (desk === undefined)
    return {
      ...{ day: null, rulesVersion: null, customers, buckets: NOTHING, stakeFen: 0, rules: [], standards: [], doneToday },
    };
  return {
    ...{ day: desk.day, rulesVersion: desk.version, customers, doneToday },
    ...(await waiting(tx, desk, me)),
    standards: await standardsOf(tx, person, desk.day, customers),
  };
}

interface WaitingRow {
  readonly rule: string | null;
  readonly overdue: number;
  readonly today: number;
  readonly week: number;
  readonly later: number;
  readonly stake: string;
}

/** What waits, in one reading: by rule, and each customer once in the bucket of what is due first. */
async function waiting(tx: Tx, desk: Desk, me: string): Promise<Pick<Workbench, 'buckets' | 'stakeFen' | 'rules'>> {
  const { rows } = await tx.client.query<WaitingRow>(
    `with mine as materialized (
       select customer_id, rule, act_on as due, stake_fen from engagement.follow_up
        where state = 'open' and doer = $1),
     due as (select null as rule, min(due) as due, max(stake_fen) as stake from mine group by customer_id
       union all select rule, min(due), 0 from mine where due <= $3 group by rule, customer_id)
     select rule, count(*) filter (where due < $2) as overdue, count(*) filter (where due = $2) as today,
            count(*) filter (where due > $2 and due <= $3) as week, count(*) filter (where due > $3) as later,
            coalesce(sum(stake) filter (where due <= $2), 0)::text as stake from due group by rule`,
    [me, desk.day, addDays(desk.day, WEEK_DAYS)],
  );
  const all = rows.find((row) => row.rule === null);
  return {
    buckets: all === undefined ? NOTHING : { overdue: all.overdue, today: all.today, week: all.week, later: all.later },
    stakeFen: Number(all?.stake ?? 0),
    rules: desk.rules.flatMap(({ rule, title }) => {
      const found = rows.find((row) => row.rule === rule);
      return found === undefined ? [] : [{ rule, title, customers: found.overdue + found.today + found.week }];
    }),
  };
}

async function talkedSince(tx: Tx, staffId: string, since: string): Promise<number> {
  const { rows } = await tx.client.query<{ n: number }>(
    `select count(distinct customer_id) as n from engagement.contact where staff_id = $1 and on_date >= $2 and ${TALK}`,
    [staffId, since],
  );
  return rows[0]?.n ?? 0;
}

/** Lower limits in fen of the two shares of registered profiles [S3]. */
const ALL_FROM = 50_000_000;
const MOST_FROM = 20_000_000;

/** Standards that are counted over a portfolio: whom one has talked with in six months, and a wealth manager's registered profiles [S3]. */
async function standardsOf(tx: Tx, person: Person, day: BusinessDate, of: number): Promise<Workbench['standards']> {
  const { rows } = await tx.client.query<{ n: number }>(
    `select count(distinct c.customer_id) as n from engagement.contact c join coverage.by_staff b on b.customer_id = c.customer_id and b.staff_id = $1
      where c.staff_id = $1 and c.on_date >= $2 and ${TALK}`,
    [person.scope.staffId, addMonths(day, -6)],
  );
  const talked = { standard: 'talked' as const, done: rows[0]?.n ?? 0, of, targetPercent: 100 };
  if (person.role !== 'wealth-manager') return [talked];
  const profiles = await tx.client.query<{ all_of: number; all_open: number; most_of: number; most_open: number }>(
    `select count(*) filter (where b.assets_fen >= $2) as all_of, count(f.customer_id) filter (where b.assets_fen >= $2) as all_open,
            count(*) filter (where b.assets_fen >= $3) as most_of, count(f.customer_id) filter (where b.assets_fen >= $3) as most_open
       from coverage.by_staff b left join engagement.follow_up f
         on f.customer_id = b.customer_id and f.rule in ('profile-full', 'profile-most') and f.state = 'open'
      where b.staff_id = $1`,
    [person.scope.staffId, ALL_FROM, MOST_FROM],
  );
  const counted = profiles.rows[0];
  if (counted === undefined) return [talked];
  return [
    talked,
    { standard: 'profile-all', done: counted.all_of - counted.all_open, of: counted.all_of, targetPercent: 100 },
    { standard: 'profile-most', done: counted.most_of - counted.most_open, of: counted.most_of, targetPercent: 60 },
  ];
}

const TEAM_MAX = 200;

/** What waits for each person of a head's unit, whoever is furthest behind first. */
export async function teamOf(tx: Tx, person: Person): Promise<z.input<typeof teamSchema>> {
  const desk = await openDesk(tx);
  const { lo, hi = lo } = person.scope;
  if (desk === undefined || lo === undefined) return { day: desk?.day ?? null, rules: [], items: [] };
  const { rows } = await tx.client.query<{ id: string; overdue: number; today: number; week: number; oldest: string | null }>(
    `select staff as id, count(*) filter (where due < $3) as overdue, count(*) filter (where due = $3) as today,
            count(*) filter (where due > $3) as week, min(due) as oldest
       from (select doer as staff, customer_id, min(act_on) as due from engagement.follow_up
              where state = 'open' and unit_no between $1 and $2 and act_on <= $4 group by 1, 2) x
      group by staff order by overdue desc, today desc, week desc, staff limit ${TEAM_MAX}`,
    [lo, hi, desk.day, addDays(desk.day, WEEK_DAYS)],
  );
  const { rows: kinds } = await tx.client.query<{ rule: string; customers: number }>(
    `select rule, count(distinct customer_id) as customers from engagement.follow_up
      where state = 'open' and unit_no between $1 and $2 and act_on <= $3 group by rule`,
    [lo, hi, addDays(desk.day, WEEK_DAYS)],
  );
  const ids = rows.map((row) => row.id);
  const talked = await talkedByTeam(tx, ids, addDays(desk.day, -WEEK_DAYS));
  const named = await staffRefs(tx, ids);
  return {
    day: desk.day,
    rules: desk.rules.flatMap(({ rule, title }) => {
      const found = kinds.find((kind) => kind.rule === rule);
      return found === undefined ? [] : [{ rule, title, customers: found.customers }];
    }),
    items: rows.flatMap(({ id, ...counts }) => {
      const staff = staffRefOf(named, id);
      return staff === null ? [] : [{ staff, ...counts, talkedThisWeek: talked.get(id) ?? 0 }];
    }),
  };
}

/** Row security shows a head the contacts of the unit's people. */
async function talkedByTeam(tx: Tx, ids: readonly string[], since: string): Promise<ReadonlyMap<string, number>> {
  const { rows } = await tx.client.query<{ id: string; n: number }>(
    `select staff_id as id, count(distinct customer_id) as n from engagement.contact
      where staff_id = any($1) and on_date >= $2 and ${TALK} group by staff_id`,
    [ids, since],
  );
  return new Map(rows.map((row) => [row.id, row.n]));
}
