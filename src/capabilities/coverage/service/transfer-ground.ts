import { type BusinessDate, todayOf } from '../../../kernel/business-date.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import type { SeatSlot } from '../rules/scheme.ts';
import type { TransferGround } from '../rules/transfer.ts';
import { loadRoster } from './load.ts';
import { activeSchemeOf } from './schemes.ts';

/** The columns of a standing that a transfer turns on. */
export interface Seated {
  readonly customer_id: string;
  readonly outlet_id: string | null;
  readonly band: number;
  readonly has_loan: boolean;
  readonly lead_staff: string | null;
  readonly joint_staff: string | null;
}

/** What a transfer of a customer's seat is decided on today; undefined before a scheme is in force. */
export function groundOf(tx: Tx, now: Date, seated: Seated, seat: SeatSlot): Promise<TransferGround | undefined> {
  return groundOn(tx, todayOf(now), seated, seat);
}

/** The same with the staff of a given day. */
export async function groundOn(tx: Tx, day: BusinessDate, seated: Seated, seat: SeatSlot): Promise<TransferGround | undefined> {
  const active = await activeSchemeOf(tx);
  if (active === undefined) return undefined;
  const roster = await loadRoster(tx, day);
  return {
    scheme: active.scheme,
    ...roster,
    customer: {
      band: seated.band,
      outletId: seated.outlet_id,
      hasLoan: seated.has_loan,
      seats: { lead: seated.lead_staff, joint: seated.joint_staff },
    },
    seat,
  };
}
