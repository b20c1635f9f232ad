import { type BusinessDate, daysBetween, yearStart } from '../../../kernel/business-date.ts';
import { moneyWords } from '../../../kernel/money-words.ts';
import type { Words } from '../../../kernel/refusal.ts';
import { measuredOn } from './average.ts';
import type { Facts } from './facts.ts';
import { periodOf } from './period.ts';

/** What would keep a customer's band, or lift it. */
export interface BandMove {
  readonly kind: 'keep' | 'lift';
  readonly limitFen: number;
  /** The average is looked at on this day. */
  readonly by: BusinessDate;
  /** Fen that must lie there in addition, every day from `day` to `by`; 0 = balances as they are suffice. */
  readonly moreFen: number;
}

/**
 * The money that would do it: at risk, to have the average back at the band's lower limit when grace ends; near the next band, to
 * reach it by the end of the quarter. Worked out from balance-days, rounded up to whole fen. Undefined when neither is the case.
 */
export function bandMove(facts: Facts, band: number, day: BusinessDate, nearPercent: number): BandMove | undefined {
  const { ladder, below } = facts;
  if (ladder === null) return undefined;
  const own = ladder.limitsFen[band];
  if (below !== null && own !== undefined && below.fallsOn > day) return moveTo(facts, 'keep', own, day, below.fallsOn);
  const next = ladder.limitsFen[band + 1];
  const { balanceDays, days } = measuredOn(facts.stretches, day, ladder.measure);
  if (next === undefined || balanceDays * 100 < next * days * nearPercent) return undefined;
  return moveTo(facts, 'lift', next, day, periodOf(day, 'quarter').to);
}

function moveTo(facts: Facts, kind: BandMove['kind'], limitFen: number, day: BusinessDate, by: BusinessDate): BandMove {
  const measure = facts.ladder?.measure ?? 'calendar-year';
  const { balanceDays, days } = measuredOn(facts.stretches, by, measure);
  // Money that comes now counts from now, in a new calendar year only from its first day.
  const from = measure === 'calendar-year' && yearStart(by) > day ? yearStart(by) : day;
  const held = daysBetween(from, by) + 1;
  return { kind, limitFen, by, moreFen: Math.max(0, Math.ceil((limitFen * days - balanceDays) / held)) };
}

/** The sentence for the page. `title`: the band that is kept or reached. */
export function moveWords({ kind, by, moreFen }: BandMove, title: Words): Words {
  const sum = moneyWords(moreFen);
  if (moreFen === 0)
    return kind === 'keep'
      ? {
          zh: `按现有余额，至 ${by} 年日均可恢复，保住“${title.zh}”`,
          en: `as balances are, the average is back by ${by} and "${title.en}" is kept`,
        }
      : { zh: `按现有余额，至 ${by} 可升至“${title.zh}”`, en: `as balances are, "${title.en}" is reached by ${by}` };
  return kind === 'keep'
    ? {
        zh: `再日均增加 ${sum.zh}，保持至 ${by}，可保住“${title.zh}”`,
        en: `${sum.en} more, kept until ${by}, keeps "${title.en}"`,
      }
    : {
        zh: `再日均增加 ${sum.zh}，保持至 ${by}，可升至“${title.zh}”`,
        en: `${sum.en} more, kept until ${by}, reaches "${title.en}"`,
      };
}
