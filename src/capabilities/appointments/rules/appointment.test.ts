import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../kernel/random.ts';
import { overlaps, steps, unfit } from './appointment.ts';

const at = (minute: number) => new Date(Date.UTC(2026, 6, 1, 1, minute));

describe('an hour', () => {
  it('clashes exactly when a minute of both is the same', () => {
    const random = seededRandom('hours');
    for (let n = 0; n < 500; n++) {
      const [a, b] = [1, 2].map(() => {
        const from = Math.floor(random.next() * 60);
        return { from, to: from + 1 + Math.floor(random.next() * 20) };
      });
      if (a === undefined || b === undefined) throw new Error('two hours');
      const minutes = Array.from({ length: 100 }, (_, minute) => minute);
      const shared = minutes.some((m) => m >= a.from && m < a.to && m >= b.from && m < b.to);
      const hour = ({ from, to }: typeof a) => ({ from: at(from), to: at(to) });
      expect(overlaps(hour(a), hour(b))).toBe(shared);
      expect(overlaps(hour(b), hour(a))).toBe(shared);
    }
  });

  it('lies ahead and within a year', () => {
    const now = at(0);
    const hour = (from: Date) => ({ from, to: new Date(from.getTime() + 60_000) });
    expect(unfit(hour(at(0)), now)).toBe('past');
    expect(unfit(hour(at(1)), now)).toBeUndefined();
    expect(unfit(hour(new Date('2027-07-02T01:00:00Z')), now)).toBeUndefined();
    expect(unfit(hour(new Date('2027-07-03T01:00:00Z')), now)).toBe('far');
  });
});

it('can be kept or missed from its day on, and is then over', () => {
  const hour = { from: new Date('2026-07-02T02:00:00Z'), to: new Date('2026-07-02T03:00:00Z') };
  expect(steps('planned', hour, new Date('2026-07-01T15:59:59Z'))).toEqual(['move', 'cancel']);
  expect(steps('planned', hour, new Date('2026-07-01T16:00:00Z'))).toEqual(['keep', 'miss', 'move', 'cancel']);
  expect(steps('kept', hour, new Date('2026-07-03T00:00:00Z'))).toEqual([]);
});
