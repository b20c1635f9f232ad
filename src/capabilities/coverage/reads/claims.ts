import type { z } from 'zod';
import { todayOf } from '../../../kernel/business-date.ts';
import { maskName } from '../../../kernel/mask.ts';
import type { Person } from '../../../platform/auth/session.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import { checkClaim, claimBands } from '../rules/claim.ts';
import { placesFor, type TransferGround } from '../rules/transfer.ts';
import { releasesBy } from '../service/claims.ts';
import { loadRoster } from '../service/load.ts';
import { lockOn } from '../service/portfolio-lock.ts';
import { activeSchemeOf } from '../service/schemes.ts';
import type { claimsSchema } from '../transfer-contract.ts';
import { unitRefOf } from './refs.ts';
import { TIERS } from './tiers.ts';
import { bandTitle, viewFor } from './view.ts';

interface Offered {
  readonly customer_id: string;
  readonly name: string;
  readonly outlet_id: string | null;
  readonly tier: number;
  readonly band: number;
  readonly has_loan: boolean;
  readonly joint_staff: string | null;
}

/** How many are offered at once: the best ones; whoever has taken them sees the next ones. */
const OFFERED_MAX = 100;

/**
 * Customers of one's unit whom nobody has and whose lead manager one's role can be, the largest first; of each what stands against a
 * claim. Their amounts are not shown: one sees only their band and tier before they are one's own.
 */
export async function claimsFor(tx: Tx, person: Person, now: Date): Promise<z.input<typeof claimsSchema>> {
  const today = todayOf(now);
  const locked = (await lockOn(tx, today)) ?? null;
  const active = await activeSchemeOf(tx);
  const bands = active === undefined ? [] : claimBands(active.scheme, person.role);
  if (active === undefined || bands.length === 0) return { locked, eligible: false, more: false, load: null, items: [] };
  const rows = await offered(tx, person, bands);
  const items = rows.slice(0, OFFERED_MAX);
  const released = await releasesBy(
    tx,
    person.staffId,
    items.map((row) => row.customer_id),
  );
  const loads = await tx.db.selectFrom('coverage.portfolio').selectAll().where('staff_id', '=', person.staffId).execute();
  const roster = await loadRoster(tx, today);
  const view = await viewFor(tx, []);
  const groundOfRow = (row: Offered): TransferGround => ({
    scheme: active.scheme,
    ...roster,
    customer: {
      ...{ band: row.band, outletId: row.outlet_id, hasLoan: row.has_loan },
      seats: { lead: null, joint: row.joint_staff },
    },
    seat: 'lead',
  });
  const problemOf = (row: Offered) => {
    const asked = { staffId: person.staffId, today, released: released.get(row.customer_id) };
    const answer = checkClaim(
      groundOfRow(row),
      asked,
      ({ portfolio }) => loads.find((load) => load.portfolio === portfolio)?.customers ?? 0,
    );
    return 'code' in answer ? answer.words : null;
  };
  const place = items[0] && placesFor(groundOfRow(items[0])).find((one) => one.staffId === person.staffId);
  return {
    locked,
    eligible: true,
    more: rows.length > OFFERED_MAX,
    load:
      place === undefined
        ? null
        : {
            customers: loads.find((load) => load.portfolio === place.portfolio)?.customers ?? 0,
            atMost: place.atMost === Infinity ? null : place.atMost,
          },
    items: items.map((row) => {
      const problem = problemOf(row);
      return {
        customerId: row.customer_id,
        name: maskName(row.name),
        outlet: unitRefOf(view.units, row.outlet_id),
        tierTitle: TIERS[row.tier]?.title ?? { zh: '', en: '' },
        bandTitle: bandTitle(view, row.band),
        problem,
        may: problem === null ? (['claim'] as const).slice() : [],
      };
    }),
  };
}

/** Opens the customers of one's unit whom nobody has to this transaction, and reads them. Row security says the same once more. */
async function offered(tx: Tx, { unitNo, lastNo, unitId, unitLevel }: Person, bands: readonly number[]): Promise<Offered[]> {
  await tx.client.query('select platform.set_claim_scope($1, $2)', [unitNo, lastNo]);
  // The column by which customers of such a unit are indexed.
  const place =
    unitLevel === 'outlet' ? 's.outlet_id = $4' : unitLevel === 'branch' ? 's.branch_id = $4' : '$4::text is not null';
  const { rows } = await tx.client.query<Offered>(
    `select s.customer_id, c.name, s.outlet_id, s.tier, s.band, s.has_loan, s.joint_staff
       from (select * from coverage.standing s where s.lead_staff is null and s.unit_no between $1 and $2 and s.band = any($3) and ${place}
              order by s.assets_fen desc, s.customer_id desc limit ${OFFERED_MAX + 1}) s
       join coverage.card c on c.customer_id = s.customer_id
      order by s.assets_fen desc, s.customer_id desc`,
    [unitNo, lastNo, bands, unitId],
  );
  return rows;
}
