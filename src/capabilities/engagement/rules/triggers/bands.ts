import { addDays, type BusinessDate } from '../../../../kernel/business-date.ts';
import { averagesFrom } from '../average.ts';
import type { TriggerOf } from '../catalogue.ts';
import type { Facts } from '../facts.ts';
import { periodOf } from '../period.ts';
import { always, type Found, type Spell } from '../spell.ts';

/** How far ahead averages are worked out at a time. */
const AHEAD_DAYS = 31;
/** A customer at risk is spoken to within a fortnight. */
const RISK_DUE = 14;

/** The average is below the customer's band, which is lost when it stays so (DOMAIN §2). */
export function atRisk(_trigger: TriggerOf<'at-risk'>, facts: Facts): Found {
  if (facts.below === null) return always([]);
  const { since, fallsOn } = facts.below;
  const due = addDays(since, RISK_DUE);
  const stakeFen = facts.stretches.at(-1)?.assetsFen ?? 0;
  return always([
    { cause: since, from: since, since, until: null, due: due < fallsOn ? due : fallsOn, stakeFen, because: { since, fallsOn } },
  ]);
}

/** The average is within reach of the next band: once a quarter, while it is so. */
export function nearUpgrade(trigger: TriggerOf<'near-upgrade'>, facts: Facts, day: BusinessDate): Found {
  const { ladder, stretches } = facts;
  const height = Math.max(0, ...stretches.map(({ assetsFen }) => assetsFen));
  const limits = (ladder?.limitsFen ?? []).filter((limit) => height * 100 >= limit * trigger.percent);
  if (ladder === null || limits.length === 0) return always([]);
  const spells: Spell[] = [];
  let quarter = periodOf(day, 'quarter');
  averagesFrom(stretches, day, AHEAD_DAYS, ladder.measure).forEach((average, n) => {
    const limit = limits.find((one) => average < one && average * 100 >= one * trigger.percent);
    if (limit === undefined) return;
    const on = addDays(day, n);
    if (on > quarter.to) quarter = periodOf(on, 'quarter');
    const cause = `${limit}/${quarter.name}`;
    const last = spells.at(-1);
    const until = addDays(on, 1);
    if (last?.cause === cause && last.until === on) spells[spells.length - 1] = { ...last, until };
    else
      spells.push({
        cause,
        ...{ from: on, since: quarter.from, until, due: quarter.to },
        stakeFen: stretches.at(-1)?.assetsFen ?? 0,
        because: { limitFen: limit },
      });
  });
  return { spells, knownUntil: addDays(day, AHEAD_DAYS) };
}
