import { describe, expect, it } from 'vitest';
import { isPersonalNumber, wholeNumber } from './numbers.ts';

describe('a whole number [SECURITY 24]', () => {
  it('is the same mobile however it is written', () => {
    for (const text of [
      '10000001234',
      '+86 100 0000 1234',
      '86-100-0000-1234',
      '００８６１００００００１２３４',
      ' 1000 0001234',
    ])
      expect(wholeNumber(text)).toEqual({ kind: 'mobile', forms: ['10000001234'] });
  });

  it('is the same ID number with 15 digits and with 18', () => {
    // Region 000000 is nobody's.
    expect(wholeNumber('000000490101123')?.forms).toContain(`00000019490101123${checkOf('00000019490101123')}`);
    const long = wholeNumber('000000490101123')?.forms[1] ?? '';
    expect(wholeNumber(long)).toEqual({ kind: 'id', forms: [long, '000000490101123'] });
    expect(wholeNumber(`${long.slice(0, 6)}２０${long.slice(8)}`)?.forms).toHaveLength(1);
  });

  it('knows a lower-case x, and what is no number at all', () => {
    expect(wholeNumber('00000020000101000x')?.forms).toEqual(['00000020000101000X']);
    expect(wholeNumber('E1234567')).toEqual({ kind: 'id', forms: ['E1234567'] });
    expect(['+86 100 0000 1234', '00000020000101000x', '000000490101123'].every(isPersonalNumber)).toBe(true);
    expect(['C000123', '1234', '0000123456', '张三'].some(isPersonalNumber)).toBe(false);
    for (const text of ['1234', '张三', '', '1'.repeat(40)]) expect(wholeNumber(text)).toBeUndefined();
  });
});

/** The check digit by its definition: the whole is 1 modulo 11 with weights 2^(17 − i). */
function checkOf(body: string): string {
  const sum = Array.from(body).reduce((total, digit, i) => total + Number(digit) * 2 ** (17 - i), 0);
  const check = (12 - (sum % 11)) % 11;
  return check === 10 ? 'X' : String(check);
}
