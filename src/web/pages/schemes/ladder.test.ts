import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import source from '../../../../schemes/full-coverage.yaml?raw';
import {
  crowdIn,
  dueOf,
  type LadderBand,
  type LadderSeat,
  limitsContradict,
  moveBorder,
  movesBetween,
  roundBorder,
  seatNeed,
  setBorder,
} from './ladder.ts';
import { readLadder, rewriteSource } from './source.ts';

const title = { zh: '层', en: 'Band' };
const band = (id: string, fromFen: number): LadderBand => ({ id, title, fromFen, seats: [] });
const seat: LadderSeat = {
  seat: 'lead',
  title,
  roles: ['wealth-manager'],
  pool: 'outlet',
  when: null,
  limitInitial: 400,
  limitAtMost: 500,
  share: null,
  loan: null,
};
/** As the service cuts them: below nothing, below ¥100, then at every amount of two leading digits. */
const edges = [-700, 0, ...Array.from({ length: 451 }, (_, index) => (10 + (index % 90)) * 10 ** (3 + Math.floor(index / 90)))];
const bins = edges.slice(0, -1).map((fromFen, index) => ({
  fromFen,
  toFen: edges[index + 1] ?? 0,
  customers: 500 - index,
  withLoan: index % 7,
  assetsFen: 1000 * index,
}));
const all = bins.reduce((sum, bin) => sum + bin.customers, 0);

describe('the ladder counts from a histogram', () => {
  it('loses nobody however the borders lie', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 4.1, max: 8.9, noNaN: true }), { minLength: 1, maxLength: 6 }), (logs) => {
        const cuts = [-1000, ...logs.map((log) => 10 ** log).sort((a, b) => a - b), Number.POSITIVE_INFINITY];
        const parts = cuts.slice(1).map((to, index) => crowdIn(bins, cuts[index] ?? 0, to).customers);
        const sum = parts.reduce((total, part) => total + part, 0);
        expect(Math.abs(sum - all)).toBeLessThanOrEqual(cuts.length);
      }),
      { numRuns: 200 },
    );
  });

  it('moves nobody while nothing is changed, and those between the old and the new border when one is', () => {
    const saved = [band('a', 100_000), band('b', 10_000_000)];
    expect(movesBetween(saved, saved, bins)).toBe(0);
    const moved = moveBorder(saved, 1, 20_000_000);
    expect(movesBetween(saved, moved, bins)).toBe(crowdIn(bins, 10_000_000, 20_000_000).customers);
  });

  it('is exact at round borders, from the lowest on, and counts whoever has next to nothing in a band from 0', () => {
    const below = (fen: number) => bins.filter((bin) => bin.fromFen < fen).reduce((sum, bin) => sum + bin.customers, 0);
    expect(crowdIn(bins, 0, 10_000).customers).toBe(bins[1]?.customers);
    expect(dueOf([{ ...band('all', 0), seats: [seat] }], bins)).toBe(all - (bins[0]?.customers ?? 0));
    for (const fen of [10_000, 11_000, 2_000_000, 990_000_000]) {
      expect(crowdIn(bins, fen, Number.POSITIVE_INFINITY).customers).toBe(all - below(fen));
    }
  });

  it('keeps borders round and between their neighbours', () => {
    expect(roundBorder(20_345_600)).toBe(20_000_000);
    const bands = [band('a', 1_000_000), band('b', 5_000_000), band('c', 20_000_000)];
    expect(moveBorder(bands, 1, 90_000_000)[1]?.fromFen).toBeLessThan(20_000_000);
    expect(moveBorder(bands, 1, 10)[1]?.fromFen).toBeGreaterThan(1_000_000);
    // Typed, not dragged: to the yuan.
    expect(setBorder(bands, 1, 12_345_600)[1]?.fromFen).toBe(12_345_600);
    expect(setBorder(bands, 1, 99_999_900)[1]?.fromFen).toBeLessThan(20_000_000);
  });

  it('needs as many people as the limit asks, and none is said where there is no limit', () => {
    const staff = [{ role: 'wealth-manager', count: 3 }];
    const crowd = { customers: 1001, withLoan: 100, assetsFen: 0 };
    expect(seatNeed(seat, crowd, staff)).toEqual({ customers: 1001, needed: 3, there: 3 });
    expect(seatNeed({ ...seat, loan: true, limitAtMost: null, limitInitial: null }, crowd, staff).needed).toBeNull();
  });
});

describe('limits', () => {
  it('contradict each other only when the most is below the start', () => {
    expect(limitsContradict({ limitInitial: 400, limitAtMost: 10 })).toBe(true);
    expect(limitsContradict({ limitInitial: 400, limitAtMost: 400 })).toBe(false);
    expect(limitsContradict({ limitInitial: null, limitAtMost: 10 })).toBe(false);
  });
});

describe('a changed ladder becomes text again', () => {
  const detail = {
    source,
    bands: [
      { id: 'mass', title, fromFen: 1_000_000, seats: [{ ...seat, limitInitial: null, limitAtMost: 10_000 }] },
      {
        id: 'affluent',
        title,
        fromFen: 5_000_000,
        seats: [
          { ...seat, limitInitial: null, limitAtMost: null },
          { ...seat, limitInitial: 300, limitAtMost: null },
        ],
      },
      { id: 'wealth', title, fromFen: 20_000_000, seats: [seat] },
    ],
  };

  it('knows from the text which seats ask for a loan', () => {
    expect(readLadder(detail)[1]?.seats.map((one) => one.loan)).toEqual([true, false]);
  });

  it('changes the numbers and leaves the comments', () => {
    const saved = readLadder(detail);
    const text = rewriteSource(source, saved, moveBorder(saved, 2, 30_000_000), { zh: '新', en: 'New' });
    expect(text).toContain('from: 300000');
    expect(text.match(/to: 300000/g)).toHaveLength(1);
    expect(text).not.toMatch(/: 200000\b/);
    expect(text).toContain('# 双级联动、共同管户');
  });

  it('changes no word but the title when nothing was moved', () => {
    const saved = readLadder(detail);
    const text = rewriteSource(source, saved, saved, { zh: '全员分层管户', en: 'Full coverage by tier' });
    expect(text.replace(/\s/g, '')).toBe(source.replace(/\s/g, ''));
  });
});
