import { addDays, type BusinessDate, businessDate } from '../../../../kernel/business-date.ts';
import type { TriggerOf } from '../catalogue.ts';
import { isTalk } from '../contact.ts';
import type { ContactFact, Facts, SeatFact } from '../facts.ts';
import { periodOf } from '../period.ts';
import { always, type Found } from '../spell.ts';

/** How long a standard that was missed stays on the list after its period. */
const MISSED_DAYS = 31;
/** A promise shows a week ahead. */
const PROMISE_AHEAD = 7;

/** Get in touch at least once in each period [S3]. It counts for whoever has the seat for the better part of it: a period that ends before the seat began, or in its first month, is none of theirs. */
export function standard(trigger: TriggerOf<'standard'>, _facts: Facts, day: BusinessDate, seat: SeatFact): Found {
  const now = periodOf(day, trigger.period);
  const before = periodOf(addDays(now.from, -1), trigger.period);
  const after = periodOf(addDays(now.to, 1), trigger.period);
  const periods = [before, now, after].filter((period) => addDays(seat.since, MISSED_DAYS) <= period.to);
  return {
    spells: periods.map((period) => {
      const lead = addDays(period.to, -trigger.lead_days);
      return {
        cause: period.name,
        from: [lead, period.from, seat.since].reduce((a, b) => (a > b ? a : b)),
        since: period.from,
        until: addDays(period.to, 1 + MISSED_DAYS),
        due: period.to,
        stakeFen: 0,
        because: { period: period.name },
      };
    }),
    knownUntil: after.from,
  };
}

/** A new manager introduces themselves. */
export function firstContact(trigger: TriggerOf<'first-contact'>, _facts: Facts, _day: BusinessDate, seat: SeatFact): Found {
  return always([
    {
      cause: `${seat.staffId}/${seat.since}`,
      ...{ from: seat.since, since: seat.since, until: null, due: addDays(seat.since, trigger.days) },
      stakeFen: 0,
      because: { since: seat.since },
    },
  ]);
}

/** How long one has once a customer counts as untouched. */
const UNTOUCHED_DUE = 7;

/** Nobody has talked with the customer for so many days, whoever had them: what the sources call assigned and then forgotten [S0]. */
export function untouched(trigger: TriggerOf<'untouched'>, facts: Facts, _day: BusinessDate, seat: SeatFact): Found {
  const talked = facts.contacts.findLast(isTalk)?.on;
  const since = talked !== undefined && talked > seat.since ? talked : seat.since;
  const from = addDays(since, trigger.days);
  return always([
    {
      cause: since,
      ...{ from, since: addDays(since, 1), until: null, due: addDays(from, UNTOUCHED_DUE), stakeFen: 0 },
      because: { since },
    },
  ]);
}

/** So many attempts in a row came to nothing: another way must be found [S2]. */
export function unreachable(trigger: TriggerOf<'unreachable'>, facts: Facts): Found {
  const talk = facts.contacts.findLastIndex(isTalk);
  const failed = facts.contacts.slice(talk + 1).filter(({ outcome }) => outcome === 'no-answer' || outcome === 'wrong-number');
  const last = failed[trigger.attempts - 1];
  if (last === undefined) return always([]);
  return always([
    {
      cause: facts.contacts[talk]?.on ?? 'never',
      ...{ from: last.on, since: last.on, until: null, due: addDays(last.on, trigger.days) },
      stakeFen: 0,
      because: { attempts: failed.length, last: failed.at(-1)?.on ?? last.on },
    },
  ]);
}

/** Who complained hears from us soon. */
export function complaint(trigger: TriggerOf<'complaint'>, facts: Facts): Found {
  return always(
    openOnes(facts, ({ outcome }) => outcome === 'complaint').map(({ contactId, on }) => ({
      cause: contactId,
      ...{ from: on, since: addDays(on, 1), until: null, due: addDays(on, trigger.days) },
      stakeFen: 0,
      because: { on },
    })),
  );
}

/** What one promised to do next. */
export function promise(_trigger: TriggerOf<'promise'>, facts: Facts): Found {
  return always(
    openOnes(facts, ({ nextOn }) => nextOn !== null).flatMap(({ contactId, on, nextOn }) => {
      if (nextOn === null) return [];
      const from = addDays(nextOn, -PROMISE_AHEAD);
      return [
        {
          cause: contactId,
          ...{ from: businessDate(from > on ? from : on), since: addDays(on, 1), until: null, due: nextOn },
          stakeFen: 0,
          because: { on },
        },
      ];
    }),
  );
}

/** What a head or a meeting asked for: from that day on, until somebody has talked with the customer. */
export function task(_trigger: TriggerOf<'task'>, facts: Facts, day: BusinessDate): Found {
  return always(
    facts.tasks.map(({ taskId, on, due, words }) => ({
      cause: taskId,
      // At once, also where the desk's day lies behind the calendar's.
      ...{ from: on < day ? on : day, since: on, until: null, due },
      stakeFen: 0,
      because: { on, words },
    })),
  );
}

/** Contacts of a kind after which nobody has talked with the customer. */
function openOnes(facts: Facts, is: (contact: ContactFact) => boolean): readonly ContactFact[] {
  return facts.contacts.filter((contact, at) => is(contact) && !facts.contacts.slice(at + 1).some(isTalk));
}
