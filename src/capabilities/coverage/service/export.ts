import type { BusinessDate } from '../../../kernel/business-date.ts';
import { refuse } from '../../../kernel/refusal.ts';
import { type Actor, audit } from '../../../platform/audit/index.ts';
import type { Platform } from '../../../platform/context.ts';
import { copyOut } from '../../../platform/db/copy-out.ts';
import { type Tx, unscoped } from '../../../platform/db/transaction.ts';
import { type Column, writeTable } from '../../../platform/tables/index.ts';
import { type Measure, measureDays, tierSql } from '../../closing/contract.ts';
import { lastClosedDay, standingAtSql } from '../../closing/index.ts';
import { schemeViewById } from '../reads/schemes.ts';
import { bandsAscending } from '../rules/scheme.ts';
import { type ActiveScheme, bandsAtSql } from './bands.ts';
import { activeSchemeOf } from './schemes.ts';

export const EXPORTS = ['averages', 'portfolios', 'uncovered'] as const;
export type ExportKind = (typeof EXPORTS)[number];

export interface ExportWish {
  readonly kind: ExportKind;
  readonly date: BusinessDate;
  readonly out: string;
  /** Of averages; by default the active scheme's, else the calendar year's. */
  readonly measure?: Measure | undefined;
  /** Who takes the rows out: stands on every row, with the time, so that a part of the file still says it. */
  readonly by?: string;
}

const text = (name: string): Column => ({ name, type: 'text' });
const integer = (name: string): Column => ({ name, type: 'integer' });

/** Writes averages, portfolios or the uncovered as of a closed day. Returns the number of rows. */
export function exportTable(platform: Platform, actor: Actor, wish: ExportWish): Promise<number> {
  return unscoped(platform.worker, async (tx) => {
    const last = await lastClosedDay(tx);
    if (last === undefined || wish.date > last) refuseOpen(wish.date, last);
    const mark = markOf(wish.by, platform.now());
    const { columns, query } = await planOf(tx, wish, last, mark.sql);
    const rows = await writeTable(wish.out, {
      name: wish.kind,
      columns: [...columns, ...mark.columns],
      batches: copyOut(tx, query),
    });
    await audit(tx, actor, { kind: 'export.made', subject: wish.kind, body: { date: wish.date, rows, by: wish.by ?? null } });
    return rows;
  });
}

function refuseOpen(date: BusinessDate, last: BusinessDate | undefined): never {
  return refuse(
    'day-not-closed',
    `${date} 还没有日终${last === undefined ? '' : `；最近的日终是 ${last}`}。`,
    `${date} is not closed${last === undefined ? '' : `; the newest closed day is ${last}`}.`,
    { date, lastClosedDay: last ?? null },
  );
}

interface Mark {
  readonly columns: readonly Column[];
  readonly sql: string;
}

interface Plan {
  readonly columns: readonly Column[];
  readonly query: string;
}

/** Who and when as two more columns; text that stands in the query, so quotes are doubled. */
function markOf(by: string | undefined, at: Date): Mark {
  if (by === undefined) return { columns: [], sql: '' };
  return {
    columns: [text('exported_by'), text('exported_at')],
    sql: `, '${by.replaceAll("'", "''")}'::text, '${at.toISOString()}'::text`,
  };
}

async function planOf(tx: Tx, wish: ExportWish, last: BusinessDate, mark: string): Promise<Plan> {
  const active = await activeSchemeOf(tx);
  if (wish.kind === 'averages') return averages(wish, active, last, mark);
  if (wish.kind === 'portfolios') return portfolios(wish.date, mark);
  return uncovered(tx, wish.date, mark);
}

const TIERS = "(array['ordinary', 'potential', 'middle', 'high', 'private'])";

function averages({ date, measure }: ExportWish, active: ActiveScheme | undefined, last: BusinessDate, mark: string): Plan {
  const by = measure ?? active?.scheme.measure ?? 'calendar-year';
  const days = measureDays(date, by);
  const ids =
    active === undefined
      ? ''
      : bandsAscending(active.scheme)
          .map((band) => `'${band.band}'`)
          .join(', ');
  const bands = active === undefined ? undefined : bandsAtSql(active, active, date, last);
  return {
    columns: [
      text('customer_id'),
      integer('balance_days_fen'),
      integer('days'),
      integer('average_fen'),
      text('home_outlet'),
      text('tier'),
      text('band'),
    ],
    query: `select b.customer_id, b.balance_days, ${days}, (b.balance_days - ((b.balance_days % ${days}) + ${days}) % ${days}) / ${days},
        b.home_outlet, ${TIERS}[${tierSql('b.assets_fen')} + 1], ${bands === undefined ? 'null' : `case when n.band >= 0 then (array[${ids}])[n.band + 1] end`}${mark}
      from ${standingAtSql(date, by, last)} b ${bands === undefined ? '' : `left join ${bands} n on n.customer_id = b.customer_id`}
     order by b.customer_id`,
  };
}

/** Bands go by the name that they have in the scheme of the run that assigned. */
function portfolios(date: BusinessDate, mark: string): Plan {
  const at = `date '${date}'`;
  return {
    columns: [text('customer_id'), text('staff_id'), text('seat'), text('band'), { name: 'since', type: 'date' }, text('reason')],
    query: `select a.customer_id, a.staff_id, a.seat, coalesce(b.id, a.band::text), a.from_date, a.reason${mark}
        from coverage.assignment a left join coverage.run r on r.run_id = a.run_id
        left join coverage.scheme_band b on b.scheme_id = r.scheme_id and b.band = a.band
       where a.from_date <= ${at} and (a.to_date is null or a.to_date > ${at}) order by a.customer_id, a.seat desc`,
  };
}

/** The uncovered of the newest full run that was in effect on the day, with what nightly runs decided since. */
async function uncovered(tx: Tx, date: BusinessDate, mark: string): Promise<Plan> {
  const run = await tx.db
    .selectFrom('coverage.run')
    .select(['run_id', 'scheme_id', 'applied_at'])
    .where('state', '=', 'applied')
    .where('kind', '=', 'full')
    .where('effective_from', '<=', date)
    .orderBy('applied_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (run === undefined) {
    return refuse('no-run', `${date} 之前没有生效的分户。`, `No run was in effect on ${date}.`, { date });
  }
  const scheme = await schemeViewById(tx, run.scheme_id);
  const ids = (scheme?.bands ?? []).map((band) => `'${band.id}'`).join(', ');
  return {
    columns: [
      text('customer_id'),
      text('band'),
      text('home_outlet'),
      integer('average_fen'),
      text('reason'),
      integer('staff_needed'),
    ],
    query: `select d.customer_id, (array[${ids}])[d.band + 1], d.outlet_id, d.average_fen, d.reason, coalesce(p.staff_needed, 0)${mark}
        from (select distinct on (d.customer_id, d.seat) d.* from coverage.decision d join coverage.run r on r.run_id = d.run_id
               where r.state = 'applied' and r.effective_from <= date '${date}' and r.scheme_id = '${run.scheme_id}'
               order by d.customer_id, d.seat, r.applied_at desc) d
        left join coverage.run_pool p on p.run_id = d.run_id and p.pool_no = d.pool_no
       where d.staff_id is null and d.reason like 'uncovered%' order by d.customer_id, d.seat desc`,
  };
}
