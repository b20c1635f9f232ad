import { addDays, businessDate } from '../../../kernel/business-date.ts';
import { bandsAscending, type Scheme, seatRoles } from './scheme.ts';
import { checkTaker, type LoadOf, type Place, type TransferGround, type TransferRefusal } from './transfer.ts';

/** For how many days who released a customer may not claim them again, where the scheme says nothing. */
const COOLING_OFF_DAYS = 30;

/** When the person last released the customer; undefined = never, or somebody else did. */
export type Released = string | undefined;

/** Bands of which somebody in this role can be the lead manager: only their customers are worth offering. */
export function claimBands(scheme: Scheme, role: string): number[] {
  return bandsAscending(scheme).flatMap((band, i) =>
    band.seats.some((seat) => seat.seat === 'lead' && seatRoles(scheme, seat).includes(role)) ? [i] : [],
  );
}

/**
 * Whether somebody may claim (认领) a customer whom nobody has: all that holds for the taker of a transfer, and they have not released
 * the customer themselves within the cooling-off. Gives the place, or what stands against it.
 */
export function checkClaim(
  ground: TransferGround,
  { staffId, today, released }: { readonly staffId: string; readonly today: string; readonly released: Released },
  loadOf: LoadOf,
): Place | TransferRefusal {
  if (released !== undefined) {
    const days = ground.scheme.claims?.cooling_off_days ?? COOLING_OFF_DAYS;
    const free = addDays(businessDate(released), days);
    if (today < free)
      return {
        code: 'cooling-off',
        words: {
          zh: `您已于 ${released} 解除该客户的管户，${days} 天内不能再认领，${free} 起可以认领。`,
          en: `You released this customer on ${released} and cannot claim them again for ${days} days, until ${free}.`,
        },
      };
  }
  return checkTaker(ground, staffId, loadOf);
}
