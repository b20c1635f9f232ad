import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { exportTable } from '../../src/capabilities/coverage/index.ts';
import { businessDate } from '../../src/kernel/business-date.ts';
import { digestOf } from '../../src/kernel/digest.ts';
import { COMMAND_LINE } from '../../src/platform/audit/index.ts';
import { openPlatform } from '../../src/platform/context.ts';

/** Everything that a job leaves behind, by digest, without what differs from run to run: times, random ids, sealed bytes. */
export type State = Readonly<Record<string, unknown>>;

const ROWS: Readonly<Record<string, string>> = {
  imports: `select feed, file_name, sha256, business_date, revision, delta, state, rows, held, effect from feed.import
    where state in ('accepted', 'undone') order by accept_no`,
  units: 'select * from organisation.org_unit order by id',
  staff: 'select * from organisation.staff order by id',
  products: 'select * from products.product order by code',
  customers: 'select customer_id, name, pinyin, mobile_last4, mobile_key, id_key, merged_into from customers.customer order by 1',
  days: 'select business_date, digest, customers, positions, changed_customers, totals from closing.day order by 1',
  balances: 'select * from closing.balance order by customer_id',
  segments: 'select * from closing.segment t order by t::text',
  positions: 'select * from closing.position t order by t::text',
  standings: 'select * from coverage.standing order by customer_id',
  cards: 'select * from coverage.card order by customer_id',
  bands: 'select * from coverage.band_history order by 1, 2',
  assignments: `select customer_id, seat, staff_id, portfolio, band, from_date, to_date, run_id, reason, ended_reason
    from coverage.assignment order by 1, 2, 6`,
  places: 'select * from coverage.portfolio order by 1, 2',
  stays: 'select * from groups.stay order by customer_id, group_id, from_date',
  followUps: 'select * from engagement.follow_up order by customer_id, rule, cause',
  agenda: 'select * from engagement.agenda order by customer_id',
  counts: 'select * from coverage.unit_count order by 1, 3, 4',
  // Killed after the last word was written, the same command allocates once more: that run must have moved nobody.
  runs: `select run_id, kind, scheme_id, business_date, effective_from, state, digest, totals from coverage.run
    where state <> 'simulated' and not (kind = 'full' and run_id not like '%-1') order by 1`,
  idleRuns: `select run_id from coverage.assignment where run_id in (select run_id from coverage.run where kind = 'full' and run_id not like '%-1')`,
};

/** What must hold at any time: each gives no row. */
const NEVER: Readonly<Record<string, string>> = {
  'places are counted as they are taken': `select p.staff_id, p.portfolio from coverage.portfolio p
    left join (select staff_id, portfolio, count(*) as n from coverage.assignment where to_date is null group by 1, 2) a using (staff_id, portfolio)
    where p.customers <> coalesce(a.n, 0)`,
  'no run is left half way': "select run_id from coverage.run where state in ('simulating', 'applying')",
  'no import is left half way': "select import_id from feed.import where state in ('received', 'reading', 'accepting')",
  'nobody waits to be looked at': 'select customer_id from engagement.news',
  'nothing waits in staging': 'select import_id from customers.stage_customer',
  'an import is accepted once': `select sha256, business_date from feed.import where state = 'accepted' group by 1, 2, file_name having count(*) > 1`,
};

export async function stateOf(home: string, ownerUrl: string): Promise<State> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const state: Record<string, unknown> = {};
    for (const [name, sql] of Object.entries(ROWS)) {
      const { rows } = await client.query(sql);
      state[name] = { rows: rows.length, digest: digestOf(JSON.stringify(rows)) };
    }
    for (const [name, sql] of Object.entries(NEVER)) state[name] = (await client.query(sql)).rows;
    const { rows } = await client.query<{ day: string | null }>('select max(business_date)::text as day from closing.day');
    const day = rows[0]?.day ?? null;
    if (day !== null) Object.assign(state, await exportsOf(home, ownerUrl, day));
    const accepted = (await client.query("select 1 from feed.import where state in ('accepted', 'undone')")).rowCount ?? 0;
    return { ...state, files: filesOf(home, accepted) };
  } finally {
    await client.end();
  }
}

/** The files that others take: averages and portfolios of the newest day. */
async function exportsOf(home: string, ownerUrl: string, day: string): Promise<State> {
  const platform = await openPlatform(home, ownerUrl, () => new Date());
  const out = join(home, 'export.csv');
  try {
    const state: Record<string, unknown> = {};
    for (const kind of ['averages', 'portfolios'] as const) {
      await exportTable(platform, COMMAND_LINE, { kind, date: businessDate(day), out });
      state[`export ${kind}`] = digestOf(readFileSync(out, 'utf8'));
    }
    return state;
  } finally {
    rmSync(out, { force: true });
    await platform.close();
  }
}

/** Nothing half written lies about, and nothing is kept that no import owns. */
function filesOf(home: string, accepted: number): State {
  const list = (folder: string) => readdirSync(join(home, folder)).sort();
  return {
    work: list('work'),
    contentBeyondImports: list('archive/content').length - accepted,
    archive: list('archive'),
    temporary: readdirSync(join(home, 'archive'), { recursive: true, encoding: 'utf8' }).filter((name) =>
      /tmp|part|~$/.test(name),
    ),
  };
}
