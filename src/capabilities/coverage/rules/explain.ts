import { addMonths, type BusinessDate } from '../../../kernel/business-date.ts';
import { balanceDaysWords, limitWords, moneyWords } from '../../../kernel/money-words.ts';
import type { Words } from '../../../kernel/refusal.ts';
import type { Reason } from './allocation-types.ts';
import { POOL_LEVELS, type PoolLevel } from './covering-roles.ts';
import { REASON_WORDS, remedyWords } from './reasons.ts';
import type { SeatSlot } from './scheme.ts';

/** A person as a sentence names them, with what they carry in the portfolio after the run. */
export interface WhyPerson {
  readonly name: string;
  readonly customers: number;
  readonly assetsFen: number;
}

/** What one seat's run decided for the customer, from the stored decision and its pool. */
export interface WhySeat {
  readonly seat: SeatSlot;
  readonly title: Words;
  readonly when: Words | undefined;
  /** The pool: its level, name and numbers; undefined when no pool decided. */
  readonly pool:
    | {
        readonly level: PoolLevel;
        readonly unitName: string;
        readonly customers: number;
        readonly covered: number;
        readonly staffNeeded: number;
      }
    | undefined;
  readonly limitInitial: number | undefined;
  readonly limitAtMost: number | undefined;
  readonly reason: Reason;
  readonly before: string | undefined;
  readonly after: string | undefined;
  readonly since: BusinessDate | undefined;
  readonly runnerUp: string | undefined;
  readonly candidates: readonly WhyPerson[];
}

/** Everything stored that bears on one customer's coverage. Amounts are fen. */
export interface WhyFacts {
  readonly average: {
    readonly measure: 'calendar-year' | 'rolling-365';
    readonly balanceDays: bigint;
    readonly days: number;
    readonly averageFen: number;
    readonly from: BusinessDate;
    readonly to: BusinessDate;
    /** Stretches of equal assets inside the window, oldest first. */
    readonly stretches: readonly { readonly from: BusinessDate; readonly days: number; readonly assetsFen: number }[];
  };
  readonly scheme: {
    readonly title: Words;
    readonly id: string;
    readonly graceMonths: number;
    readonly below: Words | undefined;
    readonly lowestFen: number;
  };
  /** Undefined below the lowest band. */
  readonly band:
    | {
        readonly title: Words;
        readonly fromFen: number;
        readonly toFen: number | undefined;
        readonly belowSince: BusinessDate | undefined;
      }
    | undefined;
  readonly outlet:
    | {
        readonly name: string;
        readonly assetsFen: number;
        readonly runnerUp: { readonly name: string; readonly assetsFen: number } | undefined;
      }
    | undefined;
  readonly seats: readonly WhySeat[];
  readonly run: { readonly id: string; readonly digest: string } | undefined;
}

export interface WhyLine extends Words {
  readonly kind: 'average' | 'band' | 'outlet' | 'seat' | 'candidates' | 'decision' | 'missing' | 'run';
  /** What the line rests on, row by row. */
  readonly proof: readonly { readonly label: Words; readonly value: string }[];
}

/** The lines of a customer's why card, in the order of the reasoning: average → band → outlet → seat → candidates → decision → run. */
export function explain(facts: WhyFacts): WhyLine[] {
  const lines = [
    averageLine(facts),
    bandLine(facts),
    outletLine(facts),
    ...facts.seats.flatMap((seat) => seatLines(seat, facts)),
  ];
  if (facts.run) {
    const { id, digest } = facts.run;
    const short = digest.slice(0, 12);
    lines.push(
      line(
        'run',
        `依据分户运行 ${id}，方案 ${facts.scheme.id}，摘要 ${short}…。`,
        `By run ${id} under scheme ${facts.scheme.id}, digest ${short}….`,
        [row('摘要', 'Digest', digest)],
      ),
    );
  }
  return lines;
}

function line(kind: WhyLine['kind'], zh: string, en: string, proof: WhyLine['proof'] = []): WhyLine {
  return { kind, zh, en, proof };
}

function row(zh: string, en: string, value: string): WhyLine['proof'][number] {
  return { label: { zh, en }, value };
}

function averageLine({ average }: WhyFacts): WhyLine {
  const { from, to, days } = average;
  const [mean, sum] = [moneyWords(average.averageFen), balanceDaysWords(average.balanceDays)];
  const measure =
    average.measure === 'calendar-year'
      ? { zh: '年日均资产', en: 'Average assets of the year' }
      : { zh: '近 365 天日均资产', en: 'Average assets of the last 365 days' };
  const proof = average.stretches.map((stretch) =>
    row(
      `自 ${stretch.from} 起 ${stretch.days} 天`,
      `${stretch.days} days from ${stretch.from}`,
      `${stretch.days} × ${moneyWords(stretch.assetsFen).zh}`,
    ),
  );
  return line(
    'average',
    `${measure.zh} ${mean.zh} = 积数 ${sum.zh} ÷ ${days} 天（${from} 至 ${to}）。`,
    `${measure.en} ${mean.en} = ${sum.en} ÷ ${days} days (${from} to ${to}).`,
    proof,
  );
}

function bandLine({ scheme, band }: WhyFacts): WhyLine {
  if (!band) {
    const lowest = limitWords(scheme.lowestFen);
    const below = scheme.below ?? { zh: '不设管户席位', en: 'no seat' };
    return line(
      'band',
      `低于方案「${scheme.title.zh}」的最低层级（${lowest.zh}元）：${below.zh}。`,
      `Below the lowest band of "${scheme.title.en}" (${lowest.en} yuan): ${below.en}.`,
    );
  }
  const [from, to] = [limitWords(band.fromFen), band.toFen === undefined ? undefined : limitWords(band.toFen)];
  const range = {
    zh: to ? `${from.zh}至 ${to.zh}元` : `${from.zh}元以上`,
    en: to ? `${from.en} to ${to.en} yuan` : `${from.en} yuan and more`,
  };
  const zh = `按「${scheme.title.zh}」属于「${band.title.zh}」层（${range.zh}，含下限）。`;
  const en = `In "${scheme.title.en}" this is band "${band.title.en}" (${range.en}, lower limit included).`;
  if (!band.belowSince) return line('band', zh, en);
  const falls = addMonths(band.belowSince, scheme.graceMonths);
  return line(
    'band',
    `${zh}预警：自 ${band.belowSince} 起低于下限，若一直未回升，${falls} 降层。`,
    `${en} At risk: below since ${band.belowSince}; falls on ${falls} unless it recovers.`,
  );
}

function outletLine({ outlet }: WhyFacts): WhyLine {
  if (!outlet) return line('outlet', '没有归属网点：在任何网点都没有金融资产。', 'No home outlet: no assets at any outlet.');
  const assets = moneyWords(outlet.assetsFen);
  const zh = `归属网点 ${outlet.name}：在该网点的资产最多（${assets.zh}）`;
  const en = `Home outlet ${outlet.name}: it holds the most assets (${assets.en})`;
  if (!outlet.runnerUp) return line('outlet', `${zh}，其他网点没有资产。`, `${en}; no other outlet holds any.`);
  const next = moneyWords(outlet.runnerUp.assetsFen);
  return line(
    'outlet',
    `${zh}，其次是 ${outlet.runnerUp.name}（${next.zh}）。`,
    `${en}, next ${outlet.runnerUp.name} (${next.en}).`,
  );
}

function seatLines(seat: WhySeat, facts: WhyFacts): WhyLine[] {
  const lines: WhyLine[] = [];
  if (seat.pool) lines.push(seatLine(seat, seat.pool, facts));
  if (seat.candidates.length > 0) lines.push(candidatesLine(seat));
  lines.push(decisionLine(seat));
  const remedy = seat.after ? undefined : remedyWords(seat.reason, seat.title, seat.pool?.staffNeeded ?? 0);
  if (remedy) lines.push(line('missing', `要有人管户，需要：${remedy.zh}。`, `To be covered it takes: ${remedy.en}.`));
  return lines;
}

/** A seat as a sentence names it. */
export const SLOT_WORDS = {
  lead: { zh: '主管户', en: 'Lead' },
  joint: { zh: '共同管户', en: 'Joint' },
} as const satisfies Record<SeatSlot, Words>;

function seatLine(seat: WhySeat, pool: NonNullable<WhySeat['pool']>, { band }: WhyFacts): WhyLine {
  const slot = SLOT_WORDS[seat.seat];
  const [initial, atMost] = [seat.limitInitial, seat.limitAtMost];
  const most =
    initial === undefined || atMost === initial
      ? { zh: `每人至多 ${atMost} 户`, en: `at most ${atMost} each` }
      : { zh: `每人初始 ${initial} 户、至多 ${atMost} 户`, en: `${initial} each to begin with, at most ${atMost}` };
  const limit = atMost === undefined ? { zh: '户数不限', en: 'no limit' } : most;
  const when = seat.when ? { zh: `${seat.when.zh}的客户`, en: `customers ${seat.when.en}` } : { zh: '客户', en: 'customers' };
  return line(
    'seat',
    `${slot.zh}席位：「${band?.title.zh ?? ''}」层${when.zh}由${POOL_LEVELS[pool.level].zh}（${pool.unitName}）的${seat.title.zh}管户，${limit.zh}；本池 ${pool.customers} 户，已管 ${pool.covered} 户。`,
    `${slot.en} seat: ${when.en} of band "${band?.title.en ?? ''}" belong to the ${seat.title.en} of the ${POOL_LEVELS[pool.level].en} ${pool.unitName}, ${limit.en}; the pool has ${pool.customers} customers, ${pool.covered} covered.`,
  );
}

function candidatesLine(seat: WhySeat): WhyLine {
  const shown = seat.candidates.slice(0, 3);
  const zh = shown.map((one) => `${one.name} ${one.customers} 户 ${moneyWords(one.assetsFen).zh}`).join('，');
  const en = shown.map((one) => `${one.name} ${one.customers} customers ${moneyWords(one.assetsFen).en}`).join('; ');
  const more = seat.candidates.length - shown.length;
  const proof = seat.candidates.map((one) => row(one.name, one.name, `${one.customers} 户 ${moneyWords(one.assetsFen).zh}`));
  return line(
    'candidates',
    `候选 ${seat.candidates.length} 人：${zh}${more > 0 ? ` 等` : ''}。`,
    `${seat.candidates.length} candidates: ${en}${more > 0 ? ' and others' : ''}.`,
    proof,
  );
}

function decisionLine(seat: WhySeat): WhyLine {
  const why = REASON_WORDS[seat.reason];
  const slot = SLOT_WORDS[seat.seat];
  const next = seat.runnerUp ? { zh: `；次选 ${seat.runnerUp}`, en: `; runner-up ${seat.runnerUp}` } : { zh: '', en: '' };
  const since = seat.since ? { zh: `，自 ${seat.since} 起`, en: ` since ${seat.since}` } : { zh: '', en: '' };
  if (!seat.after) {
    const former = seat.before ? { zh: `（原管户人 ${seat.before}）`, en: ` (formerly ${seat.before})` } : { zh: '', en: '' };
    return line(
      'decision',
      `${slot.zh}：无人管户${former.zh}，原因：${why.zh}。`,
      `${slot.en}: nobody${former.en}, because ${why.en}.`,
    );
  }
  const moved =
    seat.before && seat.before !== seat.after
      ? { zh: `由 ${seat.before} 改为 ${seat.after}`, en: `${seat.after} instead of ${seat.before}` }
      : { zh: seat.after, en: seat.after };
  return line(
    'decision',
    `${slot.zh}：${moved.zh}${since.zh}，原因：${why.zh}${next.zh}。`,
    `${slot.en}: ${moved.en}${since.en}, because ${why.en}${next.en}.`,
  );
}
