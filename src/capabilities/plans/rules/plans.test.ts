import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { businessDate } from '../../../kernel/business-date.ts';
import { breakDown, grown } from './break-down.ts';
import { lineOn, parsePeriod, yearBefore } from './period.ts';
import { spread } from './spread.ts';

const people = fc
  .array(
    fc.record({
      weight: fc.integer({ min: 0, max: 10_000 }),
      fixed: fc.option(fc.integer({ min: 0, max: 1000 }), { nil: undefined }),
    }),
    {
      minLength: 1,
      maxLength: 30,
    },
  )
  .map((list) => list.map((one, at) => ({ id: `S${at}`, ...one })));

describe('spreading a plan over its months', () => {
  const parts = fc.array(fc.integer({ min: 0, max: 900_000_000_000 }), { minLength: 1, maxLength: 20 });
  const weights = fc.array(fc.integer({ min: 0, max: 1_000_000_000_000 }), { minLength: 12, maxLength: 12 });
  const period = fc.constantFrom('2026', '2026Q1', '2026Q4').map((text) => parsePeriod(text) ?? expect.fail(text));

  it('agrees to the unit for everybody: months add up to quarters, quarters and months to all of it', () => {
    fc.assert(
      fc.property(period, parts, weights, (of, own, by) => {
        const within = spread(of, own, by);
        const sum = (kind: string) =>
          own.map((_, at) =>
            within.filter((one) => one.period.kind === kind).reduce((all, one) => all + (one.parts[at] ?? -1), 0),
          );
        expect(within.filter((one) => one.period.kind === 'month')).toHaveLength(of.kind === 'year' ? 12 : 3);
        expect(sum('month')).toEqual(own);
        expect(sum('quarter')).toEqual(of.kind === 'year' ? own : own.map(() => 0));
        for (const quarter of within.filter((one) => one.period.kind === 'quarter'))
          for (const [at, part] of quarter.parts.entries()) {
            const months = within.filter(
              ({ period: { kind, from } }) => kind === 'month' && from >= quarter.period.from && from <= quarter.period.to,
            );
            expect(months.reduce((all, one) => all + (one.parts[at] ?? -1), 0)).toBe(part);
          }
      }),
    );
  });

  it('goes by last year’s months, and evenly where there were none', () => {
    const quarter = parsePeriod('2026Q1') ?? expect.fail('no period');
    expect(spread(quarter, [600, 90], [1, 2, 3]).map(({ period: { text }, parts: own }) => [text, own])).toEqual([
      ['2026-01', [100, 15]],
      ['2026-02', [200, 30]],
      ['2026-03', [300, 45]],
    ]);
    expect(spread(quarter, [600], [0, 0, 0]).map(({ parts: own }) => own)).toEqual([[200], [200], [200]]);
    expect(spread(parsePeriod('2026-01') ?? expect.fail('no period'), [600], [])).toEqual([]);
  });
});

describe('breaking a target down', () => {
  it('adds up exactly, keeps what was fixed, and gives nobody a unit more or less than their proportion', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 900_000_000_000_000 }), people, (target, list) => {
        const parts = breakDown(target, list);
        const fixed = list.reduce((sum, one) => sum + (one.fixed ?? 0), 0);
        const weights = list.reduce((sum, one) => sum + (one.fixed === undefined ? one.weight : 0), 0);
        if (typeof parts === 'string') {
          const faults = { 'fixed-too-much': fixed > target, 'nobody-left': fixed < target, 'no-weights': weights === 0 };
          expect(faults[parts]).toBe(true);
          return;
        }
        expect(parts.reduce((sum, part) => sum + part, 0)).toBe(target);
        list.forEach((one, at) => {
          const part = parts[at] ?? -1;
          if (one.fixed !== undefined) expect(part).toBe(one.fixed);
          else if (weights > 0) {
            const off = BigInt(part) * BigInt(weights) - BigInt(target - fixed) * BigInt(one.weight);
            expect(off > -BigInt(weights) && off < BigInt(weights)).toBe(true);
          }
        });
      }),
    );
  });

  it('refuses what cannot be', () => {
    expect(breakDown(10, [{ id: 'a', weight: 1, fixed: 11 }])).toBe('fixed-too-much');
    expect(breakDown(10, [{ id: 'a', weight: 1, fixed: 9 }])).toBe('nobody-left');
    expect(breakDown(10, [{ id: 'a', weight: 0 }])).toBe('no-weights');
    expect(breakDown(10, [])).toBe('nobody-left');
    expect(
      breakDown(10, [
        { id: 'a', weight: 1 },
        { id: 'b', weight: 1 },
        { id: 'c', weight: 1 },
      ]),
    ).toEqual([4, 3, 3]);
  });

  it('grows last year’s figure, rounded up to the unit', () => {
    expect([grown(100, 1000), grown(1, 1), grown(0, 5000), grown(-5, 1000), grown(100, -10_000)]).toEqual([110, 2, 0, 0, 0]);
  });
});

describe('the line one should be on', () => {
  const line = (period: string, day: string, target = 1600) => {
    const found = parsePeriod(period);
    return found && lineOn(target, found, businessDate(day));
  };
  it('has a month’s work done by the 16th [S2], and rises evenly through quarters and years', () => {
    expect([line('2026-06', '2026-05-31'), line('2026-06', '2026-06-01'), line('2026-06', '2026-06-15')]).toEqual([0, 100, 1500]);
    expect([line('2026-06', '2026-06-16'), line('2026-06', '2026-06-30')]).toEqual([1600, 1600]);
    expect([line('2026Q2', '2026-06-30'), line('2026Q2', '2026-05-15', 91)]).toEqual([1600, 45]);
    expect([line('2028', '2028-02-29', 366), line('2026', '2027-01-01')]).toEqual([60, 1600]);
  });

  it('knows periods and the ones of a year before', () => {
    expect(parsePeriod('2026Q3')).toMatchObject({ from: '2026-07-01', to: '2026-09-30' });
    for (const text of ['2026Q5', '2026-13', '26', '2026-9', '']) expect([text, parsePeriod(text)]).toEqual([text, undefined]);
    for (const [text, before] of [
      ['2028-02', '2027-02'],
      ['2026Q3', '2025Q3'],
      ['2026', '2025'],
    ] as const) {
      const period = parsePeriod(text);
      expect(period && yearBefore(period).text).toBe(before);
    }
  });
});
