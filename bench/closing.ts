import { createReadStream, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { z } from 'zod';
import { closeTo } from '../src/capabilities/closing/index.ts';
import { addDays, type BusinessDate, businessDate } from '../src/kernel/business-date.ts';
import { digestOf } from '../src/kernel/digest.ts';
import { COMMAND_LINE } from '../src/platform/audit/index.ts';
import type { Platform } from '../src/platform/context.ts';
import { type Duck, openDuck, sqlText } from '../src/platform/duck.ts';

/** Seconds of each step, and the ratios that the speed targets speak of (issue, point 22). */
export interface ClosingFigures {
  readonly customers: number;
  readonly positions: number;
  readonly copySeconds: number;
  readonly firstDaySeconds: number;
  readonly changedDaySeconds: number;
  readonly deltaDaySeconds: number;
  readonly readSeconds: number;
  readonly unchangedDaySeconds: number;
  /** First full day ÷ bare COPY of the same rows into a table with the same key; target ≤ 3. */
  readonly firstToCopy: number;
  /** Full file with 5 % changed ÷ first day; target ≤ 0.3. */
  readonly changedToFirst: number;
  readonly deltaToFirst: number;
}

const FIRST = businessDate('2026-01-05');
const PRODUCTS = ['demand-deposit', 'time-deposit', 'wealth', 'fund', 'insurance', 'loan'];

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

/**
 * Measures closing on an empty, migrated database: `owner` may create tables. Positions are 1.6 a customer over 400 outlets, ids in
 * random order in the file as a bank's unload has them.
 */
export async function benchClosing(platform: Platform, owner: pg.Pool, customers: number): Promise<ClosingFigures> {
  const content = join(platform.archive, 'content');
  const scratch = join(platform.home, 'bench');
  mkdirSync(content, { recursive: true });
  const duck = await openDuck({ memoryLimit: '2GB', scratch, folders: [content] });
  await owner.query(
    'insert into products.product (code, name, category) select c, c, c from unnest($1::text[]) as t (c) on conflict do nothing',
    [PRODUCTS],
  );
  await makePositions(duck, customers);
  const { n: positions } = await duck.one(z.object({ n: z.bigint().transform(Number) }), 'select count(*) as n from p');
  const copySeconds = await bareCopy(duck, owner, join(scratch, 'bare.csv'));
  const close = (day: BusinessDate) => closeTo(platform, COMMAND_LINE, day);

  const days = [0, 1, 2, 3].map((n) => addDays(FIRST, n));
  const [first = FIRST, changed = FIRST, unchanged = FIRST, delta = FIRST] = days;
  await sendContent(duck, owner, content, first, 'select * from p', 'one', false);
  const firstDaySeconds = await timed(() => close(first));
  const moved = 'case when hash(customer_id, outlet_id, product_code) % 20 = 0 then balance_fen + 12345 else balance_fen end';
  await sendContent(duck, owner, content, changed, `select * replace (${moved} as balance_fen) from p`, 'two', false);
  const changedDaySeconds = await timed(() => close(changed));
  await sendContent(duck, owner, content, unchanged, `select * replace (${moved} as balance_fen) from p`, 'two', false);
  const readSeconds = await timed(() =>
    duck.run(`select count(*), sum(balance_fen), min(customer_id) from ${fileOf(content, unchanged)}`),
  );
  const unchangedDaySeconds = await timed(() => close(unchanged));
  const some = `select * replace (balance_fen + 777 as balance_fen) from p where hash(customer_id, outlet_id, product_code) % 20 = 1`;
  await sendContent(duck, owner, content, delta, some, 'three', true);
  const deltaDaySeconds = await timed(() => close(delta));
  duck.close();
  rmSync(scratch, { recursive: true, force: true });
  return {
    ...{
      customers,
      positions,
      copySeconds,
      firstDaySeconds,
      changedDaySeconds,
      deltaDaySeconds,
      readSeconds,
      unchangedDaySeconds,
    },
    firstToCopy: firstDaySeconds / copySeconds,
    changedToFirst: changedDaySeconds / firstDaySeconds,
    deltaToFirst: deltaDaySeconds / firstDaySeconds,
  };
}

/** Three customers in five have one position, the others two, three or four. */
async function makePositions(duck: Duck, customers: number): Promise<void> {
  const codes = `[${PRODUCTS.map(sqlText).join(', ')}]`;
  await duck.run(`create table p as
    select distinct on (customer_id, outlet_id, product_code) 'C' || lpad(c::varchar, 9, '0') as customer_id,
           'O' || lpad(((hash(c) + case when k > 1 and hash(c, k) % 5 = 0 then k else 0 end) % 400)::varchar, 4, '0') as outlet_id,
           ${codes}[1 + (hash(c, k, 'p') % 6)::int] as product_code, (hash(c, k, 'b') % 100000000)::bigint as balance_fen,
           null::varchar as account_id, null::date as matures_on
      from range(${customers}) t (c), range(1, 5) u (k)
     where k <= case hash(c, 'n') % 10 when 0 then 4 when 1 then 3 when 2 then 2 when 3 then 2 else 1 end
     order by hash(customer_id, outlet_id, product_code)`);
}

/** The yardstick: the same rows, as they come, by COPY into an empty logged table with the same key. */
async function bareCopy(duck: Duck, owner: pg.Pool, path: string): Promise<number> {
  await duck.run(`copy (select customer_id, outlet_id, product_code, balance_fen, matures_on, date '2026-01-05' from p order by all)
    to ${sqlText(path)} (format csv, header false)`);
  const client = await owner.connect();
  try {
    await client.query('create table public.bare (like closing.position including all)');
    const seconds = await timed(() =>
      pipeline(
        createReadStream(path, { highWaterMark: 1 << 20 }),
        client.query(copyFrom('copy public.bare from stdin (format csv)')),
      ),
    );
    await client.query('drop table public.bare');
    return seconds;
  } finally {
    client.release();
  }
}

function idOf(day: BusinessDate): string {
  return `bench-${day}`;
}

function fileOf(content: string, day: BusinessDate): string {
  return `read_parquet(${sqlText(join(content, `${idOf(day)}.parquet`))})`;
}

/** Leaves a positions file as the feed does after taking it in. */
async function sendContent(
  duck: Duck,
  owner: pg.Pool,
  content: string,
  day: BusinessDate,
  sql: string,
  bytes: string,
  delta: boolean,
): Promise<void> {
  await duck.run(`copy (select row_number() over () + 1 as line, * from (${sql}))
    to ${sqlText(join(content, `${idOf(day)}.parquet`))} (format parquet)`);
  await owner.query(
    `insert into feed.import (import_id, feed, file_name, sha256, business_date, delta, state, sent_by, sent_at)
     values ($1, 'positions', $1, $2, $3, $4, 'accepted', 'bench', clock_timestamp())`,
    [idOf(day), digestOf(bytes), day, delta],
  );
}
