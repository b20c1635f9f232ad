import { expect, test } from 'vitest';
import { monthsOf } from './months.ts';

test('marks the firsts of months within a span, and no more of them than there is room for', () => {
  expect(monthsOf({ from: '2026-01-01', to: '2026-03-31' }, 8)).toEqual(['2026-01-01', '2026-02-01', '2026-03-01']);
  expect(monthsOf({ from: '2026-01-31', to: '2026-03-01' }, 8)).toEqual(['2026-02-01', '2026-03-01']);
  expect(monthsOf({ from: '2026-01-02', to: '2026-01-20' }, 8)).toEqual([]);
  const year = monthsOf({ from: '2025-07-01', to: '2026-06-30' }, 4);
  expect(year).toEqual(['2025-07-01', '2025-10-01', '2026-01-01', '2026-04-01']);
});
