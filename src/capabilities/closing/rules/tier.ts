import { type Fen, fen } from '../../../kernel/money.ts';

/** A rung of the analysis ladder [S4]: from `fromFen` (inclusive) up to the next rung (exclusive). */
export interface TierRung {
  readonly id: string;
  readonly zh: string;
  readonly en: string;
  readonly fromFen: Fen;
}

const yuan = (amount: number): Fen => fen(amount * 100);

/** The bank's usual ladder (DOMAIN §2, [S4]); the lowest rung takes everything below the second. */
export const DEFAULT_TIERS: readonly TierRung[] = [
  { id: 'ordinary', zh: '普通', en: 'Ordinary', fromFen: yuan(0) },
  { id: 'potential', zh: '潜力', en: 'Potential', fromFen: yuan(5_000) },
  { id: 'middle', zh: '中端', en: 'Middle', fromFen: yuan(50_000) },
  { id: 'high', zh: '高端', en: 'High', fromFen: yuan(1_000_000) },
  { id: 'private', zh: '私人银行', en: 'Private banking', fromFen: yuan(8_000_000) },
];

/** Throws RangeError unless the ladder has a rung and rises strictly: a ladder with gaps or overlaps cannot be written down. */
function checkLadder(ladder: readonly TierRung[]): void {
  if (ladder.length === 0) throw new RangeError('a ladder needs a rung');
  ladder.forEach((rung, i) => {
    const below = ladder[i - 1];
    if (below !== undefined && rung.fromFen <= below.fromFen) throw new RangeError(`ladder does not rise at ${rung.id}`);
  });
}

/** The rung (0 = lowest) on which assets in fen stand; whatever is below the second rung, debts too, is the lowest. */
export function tierOf(assetsFen: Fen, ladder: readonly TierRung[] = DEFAULT_TIERS): number {
  checkLadder(ladder);
  return Math.max(
    0,
    ladder.findLastIndex((rung) => assetsFen >= rung.fromFen),
  );
}

/** The same as an SQL expression over a bigint column: for whole sets. `column` is a name of ours. */
export function tierSql(column: string, ladder: readonly TierRung[] = DEFAULT_TIERS): string {
  checkLadder(ladder);
  const arms = ladder.map((rung, i) => `when ${column} >= ${rung.fromFen} then ${i}`).slice(1);
  return `(case ${arms.reverse().join(' ')} else 0 end)`;
}
