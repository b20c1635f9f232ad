import { addDays, type BusinessDate } from '../../../../kernel/business-date.ts';
import type { TriggerOf } from '../catalogue.ts';
import { isTalk } from '../contact.ts';
import type { Facts, StretchFact } from '../facts.ts';
import { always, type Found, type Spell } from '../spell.ts';

/** A fall is answered within days, a long silence within weeks. */
const FALL_DUE = 3;
const DORMANT_DUE = 14;

/**
 * Assets fell by so many percent from their height of so many days before [S2, S4]. It begins with the day that brings them below
 * the line and ends as many days later, or when they are above the line again; who falls on is one fall until somebody has talked
 * with the customer.
 */
export function falling(trigger: TriggerOf<'falling'>, facts: Facts): Found {
  const { stretches } = facts;
  const spells: Spell[] = [];
  stretches.forEach(({ from, assetsFen }, at) => {
    const peak = heightBefore(stretches, at, addDays(from, -trigger.days));
    const line = peak * (100 - trigger.percent);
    if (assetsFen * 100 > line || peak - assetsFen < trigger.at_least_yuan * 100) return;
    const recovered = stretches.slice(at + 1).find((later) => later.assetsFen * 100 > line)?.from;
    const end = addDays(from, trigger.days);
    const until = recovered !== undefined && recovered < end ? recovered : end;
    const last = spells.at(-1);
    if (last?.until != null && from < last.until && !talkedBetween(facts, last.from, from))
      spells[spells.length - 1] = { ...last, until: until > last.until ? until : last.until };
    else
      spells.push({
        cause: from,
        ...{ from, since: from, until, due: addDays(from, FALL_DUE) },
        stakeFen: peak - assetsFen,
        because: { on: from, fromFen: peak, toFen: assetsFen },
      });
  });
  return always(spells);
}

/** Highest assets from the day on until just before a stretch began. */
function heightBefore(stretches: readonly StretchFact[], at: number, day: BusinessDate): number {
  let height = 0;
  for (let i = at - 1; i >= 0; i--) {
    const stretch = stretches[i];
    if (stretch === undefined) break;
    height = Math.max(height, stretch.assetsFen);
    if (stretch.from <= day) break;
  }
  return height;
}

function talkedBetween(facts: Facts, from: BusinessDate, to: BusinessDate): boolean {
  return facts.contacts.some((contact) => isTalk(contact) && contact.on >= from && contact.on < to);
}

/** A large sum came in at once; it stays for so many days on the list. The first balance of all is no arrival. */
export function arrival(trigger: TriggerOf<'arrival'>, facts: Facts): Found {
  const { stretches } = facts;
  return always(
    stretches.flatMap(({ from, assetsFen }, at): Spell[] => {
      const before = stretches[at - 1];
      const fen = assetsFen - (before?.assetsFen ?? assetsFen);
      if (fen < trigger.at_least_yuan * 100) return [];
      return [
        {
          cause: from,
          ...{ from, since: from, until: addDays(from, trigger.days), due: addDays(from, FALL_DUE) },
          stakeFen: fen,
          because: { on: from, fen },
        },
      ];
    }),
  );
}

/** Neither has money moved nor has anybody talked with the customer for so many days [S2]. */
export function dormant(trigger: TriggerOf<'dormant'>, facts: Facts): Found {
  const last = facts.stretches.at(-1);
  if (last === undefined || last.assetsFen <= 0) return always([]);
  const talked = facts.contacts.findLast(isTalk)?.on;
  const since = talked !== undefined && talked > last.from ? talked : last.from;
  const from = addDays(since, trigger.days);
  return always([
    {
      cause: since,
      from,
      since: from,
      until: null,
      due: addDays(from, DORMANT_DUE),
      stakeFen: last.assetsFen,
      because: { since },
    },
  ]);
}
