import { expect, it } from 'vitest';
import { csvCell, escapeCell } from './escape.ts';

it('lets no written cell begin a formula, and leaves amounts as they are [SECURITY 40]', () => {
  for (const start of ['=', '+', '-', '@', '\t', '\r', '\0', '＝', '＋', '－', '＠']) {
    expect(escapeCell(`${start}HYPERLINK("x")`)).toBe(`'${start}HYPERLINK("x")`);
    expect(csvCell(`${start}cmd|' /C calc'!A0`).replace(/^"/, '').startsWith("'")).toBe(true);
  }
  for (const amount of ['-12.50', '+1', '-1,234.00', '0']) expect(escapeCell(amount)).toBe(amount);
  for (const text of ['欧阳', 'a=b', '1=1', '', ' =1']) expect(escapeCell(text)).toBe(text);
});
