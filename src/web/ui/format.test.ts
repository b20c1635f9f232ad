import { describe, expect, it } from 'vitest';
import { count, dayText, limitMoney, percent, shortMoney, yuan } from './format.ts';

describe('figures as a bank writes them', () => {
  it('writes fen exactly', () => {
    expect(yuan(123_456)).toBe('¥1,234.56');
    expect(yuan(-5)).toBe('¥-0.05');
    expect(count(18_204)).toBe('18,204');
  });

  it('shortens money to 万 and 亿, to K and M', () => {
    expect(shortMoney(23_640_000, 'zh')).toBe('23.64 万');
    expect(shortMoney(12_800_000_000, 'zh')).toBe('1.28 亿');
    expect(shortMoney(999_999, 'zh')).toBe('9,999.99 元');
    expect(shortMoney(12_800_000_000, 'en')).toBe('¥128M');
  });

  it('writes limits without decimals that say nothing', () => {
    expect(limitMoney(600_000_000, 'zh')).toBe('600 万');
    expect(limitMoney(0, 'zh')).toBe('0 元');
    expect(limitMoney(20_000_000, 'en')).toBe('¥200K');
  });

  it('never rounds up to everybody while somebody is left', () => {
    expect(percent(9_999, 10_000)).toBe('99.9%');
    expect(percent(10_000, 10_000)).toBe('100.0%');
    expect(percent(0, 0)).toBe('–');
  });

  it('names the weekday', () => {
    expect(dayText('2026-06-30', 'zh')).toBe('2026-06-30 周二');
    expect(dayText('2026-06-30', 'en')).toBe('2026-06-30 Tue');
  });
});
