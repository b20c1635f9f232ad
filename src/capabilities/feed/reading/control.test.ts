import { describe, expect, it } from 'vitest';
import { parseControl } from './control.ts';

describe('control files', () => {
  it.each([
    ['rows=3\nbalance=10.50\n', { rows: 3, balanceFen: 1050n }],
    ['\uFEFF# 合计\r\n余额：-1,234.5\r\n行数 = 2\r\n', { rows: 2, balanceFen: -123450n }],
    ['rows=0', { rows: 0 }],
    // Totals may pass what a single balance may hold.
    ['balance=123456789012345678901.23', { balanceFen: 12345678901234567890123n }],
  ])('%j', (text, expected) => {
    expect(parseControl(text, 'a.ctl')).toEqual(expected);
  });

  it.each([
    ['rows=3\nrows=4', 2],
    ['rows=3.5', 1],
    ['rows=\n', 1],
    ['balance=1.234', 1],
    ['sum=3', 1],
    ['<html>', 1],
  ])('refuses %j', (text, line) => {
    expect(parseControl(text, 'a.ctl')).toMatchObject({ problem: { code: 'control-unreadable', file: 'a.ctl', line } });
  });
});
