import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, businessDate, dayOfYear } from '../../../kernel/business-date.ts';
import { graceTrial } from './backtest.ts';
import { bandOf, stepBand } from './band.ts';

const first = businessDate('2026-01-01');
const days = Array.from({ length: 181 }, (_, d) => addDays(first, d));
const limits = [1_000_000, 5_000_000];

describe('trying months of grace on past days', () => {
  it('agrees with the grace rule, day by day', () => {
    const history = fc.array(fc.record({ day: fc.nat(180), fen: fc.integer({ min: 0, max: 9_000_000 }) }), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(history, fc.integer({ min: 0, max: 6 }), (changes, graceMonths) => {
        const assets = new Float64Array(days.length);
        for (const { day, fen } of [...changes].sort((a, b) => a.day - b.day)) assets.fill(fen, day);
        const trial = graceTrial(days, 'calendar-year', limits, 6);
        trial.add(assets);
        let standing: ReturnType<typeof stepBand> | undefined;
        let balanceDays = 0n;
        let demotions = 0;
        days.forEach((day, d) => {
          balanceDays += BigInt(assets[d] ?? 0);
          const next = stepBand(standing, bandOf(balanceDays, dayOfYear(day), limits), day, graceMonths);
          if (standing !== undefined && next.band < standing.band) demotions++;
          standing = next;
        });
        expect(trial.outcomes[graceMonths]?.demotions).toBe(demotions);
        expect(trial.outcomes[graceMonths]?.pending).toBe(standing?.belowSince === undefined ? 0 : 1);
      }),
      { numRuns: 300 },
    );
  });
});
