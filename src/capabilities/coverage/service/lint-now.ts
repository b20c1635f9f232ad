import type { Tx } from '../../../platform/db/transaction.ts';
import { lastClosedDay, standingAtSql } from '../../closing/index.ts';
import type { Finding } from '../rules/findings.ts';
import { lintScheme } from '../rules/lint.ts';
import { parseScheme } from '../rules/parse-scheme.ts';
import type { Scheme } from '../rules/scheme.ts';
import { checkStaffing, type Demand, type PoolStaffing } from '../rules/staffing.ts';
import { bandSql } from './bands.ts';
import { loadRoster, type Roster } from './load.ts';

export interface Checked {
  readonly findings: readonly Finding[];
  /** How the pools would be staffed today; empty before the first close. */
  readonly pools: readonly PoolStaffing[];
  readonly roster: Roster;
}

/** Findings about a scheme: its own faults, and what today's staff and customers are short of. */
export async function lintNow(tx: Tx, scheme: Scheme, source: string): Promise<Checked> {
  const parsed = parseScheme(source);
  const placeOf = 'ok' in parsed ? parsed.placeOf : undefined;
  const faults = lintScheme(scheme, placeOf);
  const last = await lastClosedDay(tx);
  if (last === undefined) return { findings: faults, pools: [], roster: { units: [], staff: [] } };
  const roster = await loadRoster(tx, last);
  const unitNo = new Map(roster.units.map((unit, i) => [unit.id, i]));
  const { rows } = await tx.client.query<{ home_outlet: string | null; band: number; has_loan: boolean; customers: number }>(
    `select coalesce(o.heir_id, home_outlet) as home_outlet, band, has_loan, count(*) as customers
       from (select home_outlet, has_loan, ${bandSql('balance_days', scheme, last)} as band from ${standingAtSql(last, scheme.measure, last)} b) x
       left join organisation.org_unit o on o.id = x.home_outlet
      where band >= 0 group by 1, band, has_loan order by 1, 2, 3`,
  );
  const demand: Demand[] = rows.map((row) => ({
    unit: unitNo.get(row.home_outlet ?? '') ?? -1,
    band: row.band,
    hasLoan: row.has_loan,
    customers: row.customers,
  }));
  const names = await tx.db.selectFrom('organisation.org_unit').select(['id', 'name']).execute();
  const nameOf = new Map(names.map((row) => [row.id, row.name]));
  const unitName = (unit: number) => nameOf.get(roster.units[unit]?.id ?? '') ?? '';
  const staffing = checkStaffing({ scheme, ...roster, demand }, unitName, placeOf);
  return { findings: [...faults, ...staffing.findings], pools: staffing.pools, roster };
}
