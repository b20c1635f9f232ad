import { addDays, type BusinessDate, businessDate, isBusinessDate } from '../../../../kernel/business-date.ts';
import type { TriggerOf } from '../catalogue.ts';
import type { Facts } from '../facts.ts';
import { always, type Found, type Spell } from '../spell.ts';

/** How long a day that has passed stays on the list. */
const AFTER_DAYS = 8;

/** Money comes free: the customer hears of it before [S2]. The same product and day at several outlets is one. */
export function maturity(trigger: TriggerOf<'maturity'>, facts: Facts): Found {
  const sums = new Map<string, { readonly code: string; readonly on: BusinessDate; fen: number }>();
  for (const { productCode: code, maturesOn: on, balanceFen } of facts.positions) {
    if (on === null) continue;
    const key = `${code}/${on}`;
    const sum = sums.get(key) ?? { code, on, fen: 0 };
    sum.fen += balanceFen;
    sums.set(key, sum);
  }
  const large = [...sums].filter(([, { fen }]) => fen >= trigger.at_least_yuan * 100);
  return always(
    large.map(([cause, { code, on, fen }]) => {
      const from = addDays(on, -trigger.days_ahead);
      return {
        cause,
        ...{ from, since: from, until: addDays(on, AFTER_DAYS), due: on },
        stakeFen: fen,
        because: { product: code, on, fen },
      };
    }),
  );
}

/** Birthdays of the customer, or of the family as the profile has it [S2]. */
export function birthday(trigger: TriggerOf<'birthday'>, facts: Facts, day: BusinessDate): Found {
  const own = facts.birthDate === null ? [] : [{ who: '', birthDate: facts.birthDate }];
  const people = trigger.whose === 'customer' ? own : facts.family.map((one) => ({ ...one, who: `${one.memberId}/` }));
  const year = Number(day.slice(0, 4));
  const spells = people.flatMap(({ who, birthDate }) =>
    [year - 1, year, year + 1].map((of): Spell => {
      const due = birthdayIn(of, birthDate);
      const from = addDays(due, -trigger.days_ahead);
      return {
        cause: `${who}${of}`,
        ...{ from, since: from, until: addDays(due, AFTER_DAYS), due },
        stakeFen: 0,
        because: { on: due, age: of - Number(birthDate.slice(0, 4)) },
      };
    }),
  );
  return { spells, knownUntil: people.length === 0 ? null : businessDate(`${year + 1}-01-01`) };
}

/** The day on which one is a year older; who was born on 29 February keeps it on the 28th. */
function birthdayIn(year: number, birthDate: BusinessDate): BusinessDate {
  const day = `${year}${birthDate.slice(4)}`;
  return isBusinessDate(day) ? day : businessDate(`${year}-02-28`);
}

/** Without a valid assessment no risky product may be offered [S2]. */
export function riskAssessment(trigger: TriggerOf<'risk-assessment'>, facts: Facts): Found {
  const on = facts.riskExpiresOn;
  if (on === null) return always([]);
  const from = addDays(on, -trigger.days_ahead);
  return always([{ cause: on, from, since: from, until: null, due: on, stakeFen: 0, because: { on } }]);
}
