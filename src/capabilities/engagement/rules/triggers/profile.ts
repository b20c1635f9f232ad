import { addDays, addMonths, type BusinessDate } from '../../../../kernel/business-date.ts';
import type { TriggerOf } from '../catalogue.ts';
import type { Facts, SeatFact } from '../facts.ts';
import { always, type Found } from '../spell.ts';

const ADDRESS_DUE = 30;

/** The customer's profile is to be registered [S3]. */
export function profile(trigger: TriggerOf<'profile'>, facts: Facts, _day: BusinessDate, seat: SeatFact): Found {
  if (facts.profile.registeredOn !== null) return always([]);
  const from = seat.since;
  return always([
    { cause: 'profile', from, since: from, until: null, due: addDays(from, trigger.days), stakeFen: 0, because: {} },
  ]);
}

/** Nobody has confirmed for so long that the address is still right [S2]. */
export function staleAddress(trigger: TriggerOf<'stale-address'>, facts: Facts): Found {
  const { addressOn } = facts.profile;
  if (addressOn === null) return always([]);
  const from = addMonths(addressOn, trigger.months);
  return always([
    {
      cause: addressOn,
      from,
      since: from,
      until: null,
      due: addDays(from, ADDRESS_DUE),
      stakeFen: 0,
      because: { since: addressOn },
    },
  ]);
}
