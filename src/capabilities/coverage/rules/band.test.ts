import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, businessDate } from '../../../kernel/business-date.ts';
import { averageFen } from '../../../kernel/money.ts';
import { type BandStanding, bandOf, NO_BAND, stepBand } from './band.ts';

const limits = [1_000_000, 5_000_000, 20_000_000, 600_000_000];

describe('bandOf', () => {
  it('is closed below and open above, to one fen-day', () => {
    expect(bandOf(20_000_000n * 181n, 181, limits)).toBe(2);
    expect(bandOf(20_000_000n * 181n - 1n, 181, limits)).toBe(1);
    expect(bandOf(-1n, 1, limits)).toBe(NO_BAND);
    expect(bandOf(999_999n, 1, limits)).toBe(NO_BAND);
    expect(() => bandOf(1n, 0, limits)).toThrow(RangeError);
  });

  it('agrees with the average that is shown, rounded down', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 14n }), fc.integer({ min: 1, max: 366 }), (balanceDays, days) => {
        const shown = averageFen(balanceDays, days);
        expect(bandOf(balanceDays, days, limits)).toBe(limits.findLastIndex((from) => shown >= from));
      }),
    );
  });
});

describe('stepBand', () => {
  /** Steps through days from 15 March 2026, one band a day. */
  function walk(raw: readonly number[], graceMonths = 3): BandStanding[] {
    let at: BandStanding | undefined;
    return raw.map((band, i) => {
      at = stepBand(at, band, addDays(businessDate('2026-03-15'), i), graceMonths);
      return at;
    });
  }

  it('goes up at once and down after three months below', () => {
    const days = walk([1, 2, ...Array<number>(100).fill(1)]);
    expect(days[1]).toEqual({ band: 2, belowSince: undefined });
    // Below since 17 March (the third day): still there on 16 June, demoted on 17 June.
    expect(days[2]).toEqual({ band: 2, belowSince: '2026-03-17' });
    expect(days[2 + 91]).toEqual({ band: 2, belowSince: '2026-03-17' });
    expect(days[2 + 92]).toEqual({ band: 1, belowSince: undefined });
  });

  it('starts to count anew when the average comes back for a day', () => {
    const days = walk([2, ...Array<number>(80).fill(1), 2, ...Array<number>(91).fill(0)]);
    expect(days.at(-1)?.band).toBe(2);
  });

  it('falls to the band of the day, however deep', () => {
    expect(walk([3, ...Array<number>(60).fill(2), ...Array<number>(60).fill(0)]).at(-1)?.band).toBe(0);
  });

  it('without grace follows the day', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1, max: 4 }), { maxLength: 30 }), (raw) => {
        expect(walk(raw, 0).map((day) => day.band)).toEqual(raw);
      }),
    );
  });

  it('never lies below the day and never falls within three months of the last day in the band', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1, max: 3 }), { maxLength: 200 }), (raw) => {
        walk(raw).forEach((day, i) => {
          expect(day.band).toBeGreaterThanOrEqual(raw[i] ?? NO_BAND);
          expect(day.band).toBeGreaterThanOrEqual(Math.max(...raw.slice(Math.max(0, i - 88), i + 1)));
        });
      }),
    );
  });
});
