import { describe, expect, it } from 'vitest';
import { maskIdNumber, maskMobile, maskName } from './mask.ts';

describe('masks', () => {
  it.each([
    ['张三', '张*'],
    ['张小明', '张*明'],
    ['欧阳小明', '欧*'],
    ['阿依古丽·买买提', '阿*'],
    ['𠮷田', '𠮷*'],
    ['王小𠮷', '王*𠮷'],
  ])('shows %s as %s', (name, masked) => expect(maskName(name)).toBe(masked));

  it('keeps of a mobile what one recognises it by', () => expect(maskMobile('10012345678')).toBe('100****5678'));

  it('keeps of an ID number its first and last character', () =>
    expect(maskIdNumber('990101199001011234')).toBe('9****************4'));
});
