import { describe, expect, it } from 'vitest';
import { expectRead, expectRefused, readContent, rowsIn } from './support.ts';
import { type Part, sheetRow, workbookParts, zip } from './zip.ts';

const HEAD = sheetRow(1, ['id', 'name', 'opened_on', 'mobile']);
const GOOD = sheetRow(2, ['C1', '王小明', '2026-03-01', '10012345678']);
const parts = workbookParts(HEAD + GOOD);
const customers = (data: Uint8Array, name = 'customers.xlsx') => readContent('customers', data, { fileName: name });

const part = (name: string, data: string | Uint8Array): Part => ({
  name,
  data: typeof data === 'string' ? Buffer.from(data) : data,
});

/** A workbook in which one letter of a sheet was changed after packing. */
function spoiltPart(): Buffer {
  const data = zip(workbookParts(HEAD + GOOD).map((each) => ({ ...each, stored: true })));
  data[data.indexOf('10012345678')] = 0x39;
  return data;
}

describe('workbooks that are refused', () => {
  it.each<[string, Buffer, string]>([
    [
      'a sheet of 1000 : 1',
      zip([...parts.slice(0, -1), part('xl/worksheets/sheet1.xml', Buffer.alloc(64 << 20, 0x20))]),
      'archive-bomb',
    ],
    [
      'shared strings of many gigabytes, by their own word',
      zip([...parts, { name: 'xl/sharedStrings.xml', data: Buffer.from('<sst/>'), claimedBytes: 4_000_000_000 }]),
      'archive-bomb',
    ],
    [
      'a part larger than declared',
      zip([...parts, { name: 'xl/sharedStrings.xml', data: Buffer.alloc(100_000, 0x20), claimedBytes: 10 }]),
      'workbook-unsafe',
    ],
    ['10,000 parts', zip([...parts, ...Array.from({ length: 10_000 }, (_, i) => part(`xl/x${i}.xml`, ''))]), 'workbook-unsafe'],
    ['two parts of one name', zip([...parts, ...parts.slice(-1)]), 'workbook-unsafe'],
    ['a part that leads outside', zip([...parts, part('../../x.xml', '<x/>')]), 'workbook-unsafe'],
    [
      'an external entity',
      zip(workbookParts(HEAD, { prolog: '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' })),
      'workbook-unsafe',
    ],
    [
      'a billion laughs',
      zip(workbookParts(HEAD, { prolog: '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>' })),
      'workbook-unsafe',
    ],
    [
      'macros by content type',
      zip(workbookParts(HEAD, { types: 'application/vnd.ms-excel.sheet.macroEnabled.main+xml' })),
      'file-type-macro',
    ],
    ['macros by part', zip([...parts, part('xl/vbaProject.bin', 'x')]), 'file-type-macro'],
    [
      'a document instead of a workbook',
      zip([part('[Content_Types].xml', '<Types/>'), part('word/document.xml', '<x/>')]),
      'file-type-unknown',
    ],
    ['a part that does not match its checksum', spoiltPart(), 'workbook-broken'],
    ['an archive cut short', zip(parts).subarray(0, -60), 'archive-cut'],
    ['a workbook without rows', zip(workbookParts('')), 'file-empty'],
    ['a sheet that is no XML', zip(workbookParts('<row r="1"><c r="A1"')), 'file-empty'],
  ])('%s', async (_name, data, code) => {
    expectRefused(await customers(data), [{ code }]);
  });

  it('100,000 empty parts are refused from the directory alone', async () => {
    const many = Array.from({ length: 60_000 }, (_, i) => part(`x${i}`, ''));
    const start = performance.now();
    expectRefused(await customers(zip(many)), [{ code: 'workbook-unsafe' }]);
    expect(performance.now() - start).toBeLessThan(5000);
  });
});

describe('cells of a workbook', () => {
  const read = (row: readonly string[], spoil = {}) => customers(zip(workbookParts(HEAD + sheetRow(2, row), spoil)));
  const number = (value: string, style = 0) => `<c s="${style}"><v>${value}</v></c>`;

  it('takes a formula by its last value and says so', async () => {
    const outcome = expectRead(await read(['C1', '<c t="str"><f>A1&amp;"x"</f><v>王</v></c>', '', '']));
    expect(await rowsIn(outcome)).toEqual([{ line: '2', id: 'C1', name: '王' }]);
    expect(outcome.notes).toMatchObject([{ code: 'formula-value', line: 2, column: 'name', text: '王' }]);
  });

  it.each([
    ['a day of the 1900 calendar', number('46082', 1), {}, '2026-03-01'],
    ['the same day in the 1904 calendar', number('44620', 1), { date1904: true }, '2026-03-01'],
    ['a text date', '20260301', {}, '2026-03-01'],
  ])('reads %s', async (_name, cell, spoil, day) => {
    const outcome = expectRead(await read(['C1', '王', cell, ''], spoil));
    expect(await rowsIn(outcome)).toMatchObject([{ opened_on: day }]);
  });

  it.each([
    ['29 February 1900, which only Excel knows', number('60', 1), 'date-impossible'],
    ['a time of day', number('46082.5', 1), 'date-format'],
    ['a number without a date format', number('46082'), 'date-format'],
  ])('rejects %s rather than be a day off', async (_name, cell, code) => {
    expectRefused(await read(['C1', '王', cell, '']), [{ code, line: 2, column: 'opened_on' }]);
  });

  it('rejects long numbers whose last digits are lost', async () => {
    expectRefused(await read([number('622848000000000000'), '王', '', number('1234567890123456789')]), [
      { code: 'digits-lost', line: 2, column: 'id', text: '6.22848E+17' },
      { code: 'digits-lost', line: 2, column: 'mobile', text: '1.23456789012346E+18' },
    ]);
    expectRefused(await read(['C1', '<c t="e"><v>#REF!</v></c>', '', '']), [
      { code: 'excel-error', line: 2, column: 'name', text: '#REF!' },
    ]);
  });

  it('reads three cells from a sheet that claims to be as large as Excel allows', async () => {
    const outcome = await read(['C1', '王', ''], { before: '<dimension ref="A1:XFD1048576"/>' });
    expect(expectRead(outcome).rows).toBe(1);
  });
});
