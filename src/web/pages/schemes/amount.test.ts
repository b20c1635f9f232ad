import { expect, it } from 'vitest';
import { formatAmount, parseAmount } from './amount.ts';

const still = { userTyping: false, input: '' };

it('shows amounts with separators and reads its own text back', () => {
  expect(formatAmount(6_000_000, still)).toBe('6,000,000');
  expect(formatAmount(400, still)).toBe('400');
  expect([formatAmount('', still), formatAmount(undefined, still)]).toEqual(['', '']);
  for (const value of [1, 999, 1000, 210_000, 123_456_789]) expect(parseAmount(formatAmount(value, still))).toBe(value);
});

it('reads what people type: units, full-width digits, separators of either kind', () => {
  expect(parseAmount('21万')).toBe(210_000);
  expect(parseAmount('1.5 亿元')).toBe(150_000_000);
  expect(parseAmount('\uff12\uff10\uff0c\uff10\uff10\uff10')).toBe(20_000);
  expect(parseAmount('10,000 户')).toBe(10_000);
  expect(parseAmount('')).toBe('');
  expect(parseAmount('12a')).toBe('12a');
});

it('leaves a text alone that is still being typed', () => {
  expect(formatAmount(2, { userTyping: true, input: '1.5' })).toBe('1.5');
  expect(formatAmount(210_000, { userTyping: true, input: '21万' })).toBe('21万');
  expect(formatAmount(2100, { userTyping: true, input: '2100' })).toBe('2,100');
});
