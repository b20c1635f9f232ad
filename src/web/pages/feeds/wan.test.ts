import { describe, expect, it } from 'vitest';
import { wanText } from './wan.ts';

describe('wanText', () => {
  it('rounds fen to hundredths of 万 and keeps every digit of a bank', () => {
    expect(wanText('1234567890')).toBe('1,234.57');
    expect(wanText('0')).toBe('0.00');
    expect(wanText('4999')).toBe('0.00');
    expect(wanText('5000')).toBe('0.01');
    expect(wanText('-4999')).toBe('0.00');
    expect(wanText('-1500000')).toBe('-1.50');
    expect(wanText('90071992547409931234')).toBe('90,071,992,547,409.93');
  });
});
