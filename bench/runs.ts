import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { activateScheme, afterDay, applyRun, findScheme, simulate } from '../src/capabilities/coverage/index.ts';
import { businessDate } from '../src/kernel/business-date.ts';
import { COMMAND_LINE } from '../src/platform/audit/index.ts';
import type { Platform } from '../src/platform/context.ts';
import { unscoped } from '../src/platform/db/transaction.ts';

/** Seconds of each part of a run over the whole bank, and of the bare COPY that it is measured against. */
export interface RunFigures {
  readonly customers: number;
  readonly assignments: number;
  /** Standings and cards of everybody after the first close. */
  readonly fillSeconds: number;
  readonly simulateSeconds: number;
  readonly applySeconds: number;
  readonly copySeconds: number;
  /** Apply ÷ COPY of as many rows into a table with the same indexes and keys. */
  readonly applyRatio: number;
}

export const DAY = businessDate('2026-06-30');

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

/** Makes a closed bank of a size straight in the tables: the golden pyramid's shares of assets, 4,000 customers an outlet. */
export async function makeClosedBank(ownerUrl: string, customers: number): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const outlets = Math.max(2, Math.round(customers / 4000));
    const branches = Math.max(1, Math.round(outlets / 25));
    for (const sql of bankSql(customers, outlets, branches)) await client.query(sql);
  } finally {
    await client.end();
  }
}

function bankSql(customers: number, outlets: number, branches: number): string[] {
  // A branch's numbers hold its sub-branch and every outlet of it: 2, 3, then its outlets.
  const span = 2 + Math.ceil(outlets / branches);
  const first = (b: string) => `(2 + (${b} - 1) * ${span})`;
  return [
    `insert into organisation.org_unit (id, name, level, parent_id, unit_no, last_no) values ('H', 'H', 'head-office', null, 1, 1000000)`,
    `insert into organisation.org_unit (id, name, level, parent_id, unit_no, last_no, branch_id, sub_branch_id)
       select 'B' || b, 'B', 'branch', 'H', ${first('b')}, ${first('b')} + ${span} - 1, 'B' || b, null from generate_series(1, ${branches}) b
       union all select 'S' || b, 'S', 'sub-branch', 'B' || b, ${first('b')} + 1, ${first('b')} + ${span} - 1, 'B' || b, 'S' || b
         from generate_series(1, ${branches}) b`,
    `insert into organisation.org_unit (id, name, level, parent_id, unit_no, last_no, branch_id, sub_branch_id)
       select 'O' || o, 'O', 'outlet', 'S' || b, no, no, 'B' || b, 'S' || b from (
         select o, b, ${first('b')} + 2 + (o - 1) / ${branches} as no from (select o, 1 + (o - 1) % ${branches} as b from generate_series(1, ${outlets}) o) x) y`,
    `insert into organisation.staff (id, name, pinyin, initials, org_unit_id, role, share_bp)
       select 'W' || o || r || n, 'x', 'x', 'x', 'O' || o, r, 10000 from generate_series(1, ${outlets}) o,
         (values ('wealth-manager', 1), ('wealth-manager', 2), ('lobby-manager', 1), ('loan-manager', 1)) v (r, n)
       union all select r || b || '-' || n, 'x', 'x', 'x', case r when 'sub-branch-head' then 'S' else 'B' end || b, r, 10000
         from generate_series(1, ${branches}) b, (values ('sub-branch-head', 1), ('wealth-advisor', 1), ('remote-manager', 1), ('remote-manager', 2)) v (r, n)`,
    `insert into customers.customer (customer_id, name, pinyin, initials, mobile_last4)
       select 'C' || lpad(c::text, 9, '0'), '客户' || c % 5000, 'kehu' || c % 90000, 'kh' || c % 700, lpad((c % 10000)::text, 4, '0')
         from generate_series(1, ${customers}) c`,
    // Shares of the pyramid: 85 % below 5,000 yuan, 10.6 % up to 50,000, 4.15 % above, 0.01 % from 6 million.
    `insert into closing.balance (customer_id, from_date, assets_fen, home_outlet, has_loan, cum_before, year_cum, runner_up_outlet, home_fen, runner_up_fen, home_held)
       select customer_id, date '2026-01-01', a, 'O' || (1 + h % ${outlets}), h % 9 = 0, 0, 0, null, a, 0, true from (
         select customer_id, h, case when p < 85230 then p * 5 when p < 95840 then 500000 + (p - 85230) * 424 when p < 99990 then 5000000 + (p - 95840) * 40000
           else 600000000 + p * 1000 end as a
         from (select 'C' || lpad(c::text, 9, '0') as customer_id, abs(hashint8(c)::bigint) as h, abs(hashint8(c * 7 + 1)::bigint) % 100000 as p
                 from generate_series(1, ${customers}) c) x) y order by customer_id`,
    `insert into closing.day (business_date, closed_at, input_digest, chain, digest, customers, positions, changed_customers, changed_positions, totals)
       values ('${DAY}', clock_timestamp(), '', '', 'bench', ${customers}, 0, 0, 0, '{}')`,
    'vacuum analyze',
  ];
}

/** Fills the lists, simulates and applies a run over the whole bank, and copies as many assignments bare. */
export async function measureRun(platform: Platform, ownerUrl: string): Promise<RunFigures> {
  const fillSeconds = await seconds(() => fillLists(platform));
  const scheme = await findScheme(platform, COMMAND_LINE, 'full-coverage');
  await activateScheme(platform, COMMAND_LINE, scheme.schemeId);
  await onOwner(ownerUrl, ['vacuum analyze']);
  let runId = '';
  const simulateSeconds = await seconds(async () => {
    runId = await simulate(platform, COMMAND_LINE, { scheme, date: DAY });
  });
  const applySeconds = await seconds(() => applyRun(platform, COMMAND_LINE, { runId }));
  const { assignments, customers, copySeconds } = await bareCopy(ownerUrl);
  return {
    customers,
    assignments,
    fillSeconds,
    simulateSeconds,
    applySeconds,
    copySeconds,
    applyRatio: applySeconds / copySeconds,
  };
}

async function onOwner(ownerUrl: string, statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    for (const sql of statements) await client.query(sql);
  } finally {
    await client.end();
  }
}

/** COPY of the same assignments, in the order in which they were made, into an empty table with the same indexes and key to staff. */
async function bareCopy(ownerUrl: string): Promise<{ assignments: number; customers: number; copySeconds: number }> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query('create table public.bare (like coverage.assignment including all)');
    await client.query('alter table public.bare add foreign key (staff_id) references organisation.staff (id)');
    const { rows } = await client.query<{ line: string }>(
      `select concat_ws(E'\\t', customer_id, seat, staff_id, portfolio, band, from_date, '\\N', run_id, reason, '\\N') || E'\\n' as line
         from coverage.assignment order by ctid`,
    );
    const lines = rows.map((row) => row.line);
    const batches: string[] = [];
    for (let i = 0; i < lines.length; i += 2000) batches.push(lines.slice(i, i + 2000).join(''));
    const copySeconds = await seconds(() =>
      pipeline(Readable.from(batches), client.query(copyFrom('copy public.bare from stdin'))),
    );
    const counted = await client.query<{ customers: string }>('select count(*) as customers from coverage.standing');
    await client.query('drop table public.bare');
    return { assignments: lines.length, customers: Number(counted.rows[0]?.customers), copySeconds };
  } finally {
    await client.end();
  }
}

/** Fills standings and cards as the first close does. */
async function fillLists(platform: Platform): Promise<void> {
  await unscoped(platform.worker, (tx) =>
    afterDay(tx, { actor: COMMAND_LINE, now: platform.now() }, { day: DAY, changed: 'closing.balance' }),
  );
}
