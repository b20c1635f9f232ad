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
  const base = await baseOf(tx, day);
  return (
    base && {
      ...base,
      customer: {
        band: seated.band,
        outletId: seated.outlet_id,
        hasLoan: seated.has_loan,
        seats: { lead: seated.lead_staff, joint: seated.joint_staff },
      },
      seat,
    }
  );
}

type Base = Pick<TransferGround, 'scheme' | 'units' | 'staff'> | undefined;

/** Within a transaction neither the scheme nor the staff of a day change: a batch of hundreds reads them once. */
const bases = new WeakMap<Tx, { readonly day: BusinessDate; readonly base: Base }>();

async function baseOf(tx: Tx, day: BusinessDate): Promise<Base> {
  const known = bases.get(tx);
  if (known?.day === day) return known.base;
  const active = await activeSchemeOf(tx);
  const base = active && { scheme: active.scheme, ...(await loadRoster(tx, day)) };
  bases.set(tx, { day, base });
  return base;
}
