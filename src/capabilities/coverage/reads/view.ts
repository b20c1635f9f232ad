import type { z } from 'zod';
import { maskName } from '../../../kernel/mask.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import type { bandRef, customerRow } from '../contract.ts';
import type { StandingRow } from './customers.ts';
import { allUnits, type StaffRef, staffRefOf, staffRefs, type UnitRow, unitRefOf } from './refs.ts';
import { activeScheme, type SchemeView } from './schemes.ts';
import { TIERS } from './tiers.ts';

/** What turns ids of rows into what a page shows; read once a request. */
export interface View {
  readonly units: ReadonlyMap<string, UnitRow>;
  readonly staff: ReadonlyMap<string, StaffRef>;
  readonly scheme: SchemeView | undefined;
}

export async function viewFor(tx: Tx, staffIds: Iterable<string | null>): Promise<View> {
  const units = await allUnits(tx);
  const staff = await staffRefs(tx, staffIds);
  return { units, staff, scheme: await activeScheme(tx) };
}

export function bandTitle(view: View, band: number): z.input<typeof bandRef>['title'] | null {
  return view.scheme?.bands.find((candidate) => candidate.band === band)?.title ?? null;
}

/** What a tier is called. */
export function tierTitle(tier: number): z.input<typeof bandRef>['title'] {
  return TIERS[tier]?.title ?? { zh: '', en: '' };
}

/** The one mapper from a standing to what leaves the server: names masked. */
export function toCustomerRow(view: View, row: StandingRow): z.input<typeof customerRow> {
  return {
    customerId: row.customer_id,
    name: maskName(row.name),
    outlet: unitRefOf(view.units, row.outlet_id),
    tier: row.tier,
    tierTitle: tierTitle(row.tier),
    band: row.band,
    bandTitle: bandTitle(view, row.band),
    atRisk: row.below_since !== null,
    hasLoan: row.has_loan,
    noMarketing: row.no_marketing,
    assetsFen: row.assets_fen,
    lead: staffRefOf(view.staff, row.lead_staff),
    joint: staffRefOf(view.staff, row.joint_staff),
  };
}
