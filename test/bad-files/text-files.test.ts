import { gzipSync } from 'node:zlib';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import type { FeedName } from '../../src/capabilities/feed/contract.ts';
import { businessDate } from '../../src/kernel/business-date.ts';
import { type Expected, type Extra, expectRefused, readContent } from './support.ts';

const HEAD = '客户号,网点,产品代码,余额\n';
const GOOD = 'C1,O1,D1,100.00\n';
const CUSTOMERS = 'id,name,opened_on\n';

const gb = (text: string) => iconv.encode(text, 'gb18030');

interface Case {
  readonly name: string;
  readonly feed?: FeedName;
  readonly content: string | Uint8Array;
  readonly extra?: Extra;
  readonly problems: readonly Expected[];
}

const FILES: readonly Case[] = [
  { name: 'an empty file', content: '', problems: [{ code: 'file-empty' }] },
  { name: 'a byte order mark and nothing else', content: '\uFEFF', problems: [{ code: 'file-empty' }] },
  { name: 'a header without rows', content: HEAD, problems: [{ code: 'file-no-rows' }] },
  {
    name: 'a program instead of a table',
    content: Buffer.from('7f454c4602010100000000000000000003003e0001000000', 'hex'),
    problems: [{ code: 'file-type-unknown' }],
  },
  {
    name: 'an old .xls',
    content: Buffer.from('d0cf11e0a1b11ae1000000000000', 'hex'),
    problems: [{ code: 'file-type-old-excel' }],
  },
  { name: 'UTF-16 with a mark', content: Buffer.from(`\uFEFF${HEAD}${GOOD}`, 'utf16le'), problems: [{ code: 'encoding-utf16' }] },
  {
    name: 'UTF-16 without a mark',
    content: Buffer.from(`customer_id,outlet_id,product_code,balance\n${GOOD}`, 'utf16le'),
    problems: [{ code: 'encoding-utf16' }],
  },
  {
    name: 'first half GB18030, second UTF-8',
    feed: 'customers',
    content: Buffer.concat([gb('客户号,姓名\nC1,王小明\n'), Buffer.from('C2,李晓红\nC3,赵国强\n')]),
    problems: [{ code: 'encoding-mixed', line: 3 }],
  },
  {
    name: 'UTF-8 with one broken byte',
    feed: 'customers',
    content: Buffer.concat([
      Buffer.from('客户号,姓名\nC1,王小明\nC2,李'),
      Buffer.from([0xe6, 0x98]),
      Buffer.from('\nC3,赵国强\n'),
    ]),
    problems: [{ code: 'encoding-broken', line: 3 }],
  },
  {
    name: 'a surrogate pair in UTF-8 (CESU-8)',
    feed: 'customers',
    content: Buffer.concat([Buffer.from('客户号,姓名\nC1,王小明\nC2,'), Buffer.from('eda081edb080', 'hex'), Buffer.from('\n')]),
    problems: [{ code: 'encoding-broken', line: 3 }],
  },
  {
    name: 'bytes of no encoding',
    feed: 'customers',
    content: Buffer.from('id,name\nC1,\xff\xfe\xff\n', 'latin1'),
    problems: [{ code: 'encoding-broken', line: 2 }],
  },
  {
    name: 'a file cut within a character',
    feed: 'customers',
    content: gb('客户号,姓名\nC1,王小明').subarray(0, -1),
    problems: [{ code: 'encoding-broken', line: 2 }],
  },
  {
    name: 'mixed separators',
    content: `${HEAD}${GOOD}C2|O1|D1|5\n${GOOD}`,
    problems: [{ code: 'separator-mixed', line: 3, text: 'C2|O1|D1|5' }],
  },
  {
    name: 'semicolons',
    content: HEAD.replaceAll(',', ';') + GOOD.replaceAll(',', ';'),
    problems: [{ code: 'separator-unknown', line: 1 }],
  },
  { name: 'no header at all', content: GOOD, problems: [{ code: 'header-missing', line: 1, text: 'C1,O1,D1,100.00' }] },
  {
    name: 'missing required columns',
    content: '客户号,备注\nC1,x\n',
    problems: [
      { code: 'header-column-missing', column: 'outlet_id' },
      { code: 'header-column-missing', column: 'product_code' },
      { code: 'header-column-missing', column: 'balance' },
    ],
  },
  {
    name: 'a duplicated header',
    content: `客户号,网点,产品代码,余额,余额\nC1,O1,D1,1,2\n`,
    problems: [{ code: 'header-duplicate', column: '余额' }],
  },
  {
    name: 'both languages of one column',
    content: `客户号,customer_id,网点,产品代码,余额\nC1,C1,O1,D1,1\n`,
    problems: [{ code: 'header-both-languages', column: 'customer_id' }],
  },
  {
    name: 'columns that prove who a customer is',
    feed: 'customers',
    content: 'id,name,交易密码,ＣＶＮ２,Track_Data,人脸 特征\nC1,张三,1,2,3,4\n',
    problems: [
      { code: 'header-secret', line: 1, column: '交易密码' },
      { code: 'header-secret', line: 1, column: 'ＣＶＮ２' },
      { code: 'header-secret', line: 1, column: 'Track_Data' },
      { code: 'header-secret', line: 1, column: '人脸 特征' },
    ],
  },
  { name: 'a blank header', content: `客户号,网点,,产品代码,余额\nC1,O1,,D1,1\n`, problems: [{ code: 'header-blank', line: 1 }] },
  { name: '10,000 columns', content: `客户号,${'x,'.repeat(9998)}y\n1\n`, problems: [{ code: 'header-too-many', line: 1 }] },
  {
    name: 'a quote that is never closed',
    content: `${HEAD}${GOOD}C2,O1,D1,"5\n${GOOD.repeat(1000)}`,
    problems: [{ code: 'quote-not-closed', line: 3 }],
  },
  {
    name: 'a header quote that is never closed',
    content: `"${HEAD}${GOOD.repeat(30_000)}`,
    problems: [{ code: 'header-too-long', line: 1 }],
  },
  { name: 'text after a closing quote', content: `${HEAD}${GOOD}"C2"x,O1,D1,5\n`, problems: [{ code: 'quote-broken', line: 3 }] },
  {
    name: 'positions of no day',
    content: HEAD + GOOD,
    extra: { fileName: 'positions.csv' },
    problems: [{ code: 'date-missing' }],
  },
  {
    name: 'positions of tomorrow',
    content: HEAD + GOOD,
    extra: { fileName: 'positions-2026-07-01.csv' },
    problems: [{ code: 'date-future-file' }],
  },
  {
    name: 'another day in the name than given',
    content: HEAD + GOOD,
    extra: { date: businessDate('2026-06-29') },
    problems: [{ code: 'date-differs' }],
  },
  {
    name: 'a wrong count in the control file',
    content: HEAD + GOOD,
    extra: { control: { rows: 2 } },
    problems: [{ code: 'control-rows' }],
  },
  {
    name: 'a wrong total in the control file',
    content: HEAD + GOOD,
    extra: { control: { rows: 1, balanceFen: 10001n } },
    problems: [{ code: 'control-balance' }],
  },
  { name: 'a .gz of a .gz', content: gzipSync(gzipSync(HEAD + GOOD)), problems: [{ code: 'archive-nested' }] },
  {
    name: 'a .gz cut short',
    content: gzipSync((HEAD + GOOD).repeat(1000)).subarray(0, -30),
    problems: [{ code: 'archive-cut' }],
  },
  {
    name: 'a damaged .gz',
    content: Buffer.concat([gzipSync(HEAD).subarray(0, 12), Buffer.alloc(40, 0xaa)]),
    problems: [{ code: 'archive-broken' }],
  },
];

const ROWS: readonly Case[] = [
  { name: 'a cut last line', content: `${HEAD}${GOOD}C2,O1`, problems: [{ code: 'line-cut', line: 3, text: 'C2 O1' }] },
  {
    name: 'a row with a column less',
    content: `${HEAD}${GOOD}C2,O1,D1\n${GOOD}`,
    problems: [{ code: 'columns-too-few', line: 3, text: 'C2 O1 D1' }],
  },
  {
    name: 'a row with a column more',
    content: `${HEAD}${GOOD}C2,O1,D1,1,234\n${GOOD}`,
    problems: [{ code: 'columns-too-many', line: 3, text: 'C2 O1 D1 1 234' }],
  },
  {
    name: 'a 10 MB cell',
    content: `${HEAD}C1,O1,D1,${'9'.repeat(10 << 20)}\n${GOOD}`,
    problems: [{ code: 'cell-too-long', line: 2, column: '余额', text: '9'.repeat(80) }],
  },
  {
    name: 'a row of many long cells',
    content: `${HEAD.trim()}${Array.from({ length: 50 }, (_, i) => `,x${i}`).join('')}\nC1,O1,D1,1${`,${'y'.repeat(9000)}`.repeat(50)}\n`,
    problems: [{ code: 'row-too-long', line: 2 }],
  },
  {
    name: 'required cells left empty',
    content: `${HEAD}C1,,D1,\n  ,O1,D1,1\n`,
    problems: [
      { code: 'required-blank', line: 2, column: '网点', text: '' },
      { code: 'required-blank', line: 2, column: '余额', text: '' },
      { code: 'required-blank', line: 3, column: '客户号', text: '' },
    ],
  },
  {
    name: 'three decimals',
    content: `${HEAD}C1,O1,D1,0.005\n`,
    problems: [{ code: 'amount-decimals', line: 2, column: '余额', text: '0.005' }],
  },
  {
    name: 'exponents',
    content: `${HEAD}C1,O1,D1,1e5\nC2,O1,D1,1.5E+05\nC3,O1,D1,1e400\n`,
    problems: [
      { code: 'amount-exponent', line: 2, text: '1e5' },
      { code: 'amount-exponent', line: 3, text: '1.5E+05' },
      { code: 'amount-exponent', line: 4, text: '1e400' },
    ],
  },
  {
    name: 'text in amounts',
    content: `${HEAD}C1,O1,D1,无\nC2,O1,D1,NaN\nC3,O1,D1,¥5\nC4,O1,D1,1_000\n`,
    problems: [
      { code: 'amount-text', line: 2, text: '无' },
      { code: 'amount-text', line: 3, text: 'NaN' },
      { code: 'amount-text', line: 4, text: '¥5' },
      { code: 'amount-text', line: 5, text: '1_000' },
    ],
  },
  {
    name: 'misplaced thousands separators',
    content: `${HEAD}C1,O1,D1,"1,23,4"\n`,
    problems: [{ code: 'amount-separator', line: 2, text: '1,23,4' }],
  },
  {
    name: 'an amount past 64 bits',
    content: `${HEAD}C1,O1,D1,92233720368547758.08\n`,
    problems: [{ code: 'amount-range', line: 2, text: '92233720368547758.08' }],
  },
  {
    name: 'impossible dates',
    feed: 'customers',
    content: `${CUSTOMERS}C1,王,2026-02-30\nC2,王,20261301\nC3,王,2025/2/29\nC4,王,1899-12-31\n`,
    problems: [
      { code: 'date-impossible', line: 2, column: 'opened_on', text: '2026-02-30' },
      { code: 'date-impossible', line: 3, text: '20261301' },
      { code: 'date-impossible', line: 4, text: '2025/2/29' },
      { code: 'date-impossible', line: 5, text: '1899-12-31' },
    ],
  },
  {
    name: 'dates in other forms',
    feed: 'customers',
    content: `${CUSTOMERS}C1,王,30.06.2026\nC2,王,2026-6-3\nC3,王,2026年6月3日\nC4,王,2026-06-03 10:00\n`,
    problems: [
      { code: 'date-format', line: 2, text: '30.06.2026' },
      { code: 'date-format', line: 3, text: '2026-6-3' },
      { code: 'date-format', line: 4, text: '2026年6月3日' },
      { code: 'date-format', line: 5, text: '2026-06-03 10:00' },
    ],
  },
  {
    name: 'days to come',
    feed: 'customers',
    content: `${CUSTOMERS}C1,王,2026-07-01\n`,
    problems: [{ code: 'date-future', line: 2, text: '2026-07-01' }],
  },
  {
    name: 'duplicate ids',
    feed: 'customers',
    content: `${CUSTOMERS}C1,王,\nC2,李,\nC1,赵,\nC1,钱,\n`,
    problems: [
      { code: 'duplicate-key', line: 4, column: 'id', text: 'C1' },
      { code: 'duplicate-key', line: 5, column: 'id', text: 'C1' },
    ],
  },
  {
    name: 'ids with spaces or full-width digits',
    feed: 'customers',
    content: `${CUSTOMERS}C 1,王,\nＣ１,王,\n客1,王,\n${'9'.repeat(65)},王,\n`,
    problems: [
      { code: 'id-space', line: 2, column: 'id', text: 'C 1' },
      { code: 'id-full-width', line: 3, text: 'Ｃ１' },
      { code: 'id-character', line: 4, text: '客1' },
      { code: 'id-too-long', line: 5 },
    ],
  },
  {
    name: 'numbers that Excel has rounded',
    feed: 'customers',
    content: 'id,name,id_number,mobile\nC1,王,3.10101E+17,1\n6.22E+15,王,,\nC3,王,#N/A,\n',
    problems: [
      { code: 'digits-lost', line: 2, column: 'id_number', text: '3.10101E+17' },
      { code: 'digits-lost', line: 3, column: 'id', text: '6.22E+15' },
      { code: 'excel-error', line: 4, column: 'id_number', text: '#N/A' },
    ],
  },
  {
    name: 'NUL and control characters',
    feed: 'customers',
    content: `${CUSTOMERS}C1,王\0明,\nC2,李\u0007,\n`,
    problems: [
      { code: 'text-control', line: 2, column: 'name' },
      { code: 'text-control', line: 3, column: 'name' },
    ],
  },
  {
    name: 'hidden characters',
    feed: 'customers',
    content: `${CUSTOMERS}C1,王\u202E明,\nC2,李\uFEFF红,\nC3,赵\u200B,\n`,
    problems: [
      { code: 'text-invisible', line: 2, column: 'name' },
      { code: 'text-invisible', line: 3, column: 'name' },
      { code: 'text-invisible', line: 4, column: 'name' },
    ],
  },
  {
    name: 'values outside the list',
    feed: 'org-units',
    content: 'id,name,level,longitude,latitude\nB1,甲,大区,,\nB2,乙,outlet,200,95\nB3,丙,网点,121.47度,31\n',
    problems: [
      { code: 'choice-unknown', line: 2, column: 'level', text: '大区' },
      { code: 'coordinate-bad', line: 3, column: 'longitude', text: '200' },
      { code: 'coordinate-bad', line: 3, column: 'latitude', text: '95' },
      { code: 'coordinate-bad', line: 4, column: 'longitude', text: '121.47度' },
    ],
  },
  {
    name: 'impossible shares, flags and numbers',
    feed: 'staff',
    content: 'id,name,org_unit_id,role,share\nS1,王,B1,teller,0\nS2,王,B1,teller,50%\nS3,王,B1,经理,11\n',
    problems: [
      { code: 'share-bad', line: 2, text: '0' },
      { code: 'share-bad', line: 3, text: '50%' },
      { code: 'choice-unknown', line: 4, column: 'role', text: '经理' },
      { code: 'share-bad', line: 4, text: '11' },
    ],
  },
  {
    name: 'a term that is no number',
    feed: 'products',
    content: 'code,name,category,term_days\nD1,活期,活期,一年\nD2,定期,定期,-1\n',
    problems: [
      { code: 'integer-bad', line: 2, column: 'term_days', text: '一年' },
      { code: 'integer-bad', line: 3, text: '-1' },
    ],
  },
  {
    name: 'a consent that is neither yes nor no',
    feed: 'customers',
    content: 'id,name,consent_sms\nC1,王,也许\n',
    problems: [{ code: 'flag-unknown', line: 2, column: 'consent_sms', text: '也许' }],
  },
  {
    name: 'line numbers below quoted line breaks, blank lines and mixed line ends',
    content: `${HEAD}\r\n"C\n1",O1,D1,1\r\n\n${GOOD}C2,O1,D1,x\rC3,O1,D1,y\n`,
    problems: [
      { code: 'id-space', line: 3, column: '客户号', text: 'C\n1' },
      { code: 'amount-text', line: 7, text: 'x' },
      { code: 'amount-text', line: 8, text: 'y' },
    ],
  },
];

describe('files that are refused as a whole', () => {
  it.each(FILES)('$name', async ({ feed = 'positions', content, extra, problems }) => {
    expectRefused(await readContent(feed, content, extra), problems);
  });
});

it('names the first bad byte of a broken encoding', async () => {
  const head = Buffer.from('客户号,姓名\nC1,');
  const outcome = await readContent('customers', Buffer.concat([head, Buffer.from([0xff, 0x0a])]));
  expect(outcome.problems[0]?.reason.en).toBe(`From byte ${head.length} on the file is no valid UTF-8.`);
});

describe('rows that are rejects', () => {
  it.each(ROWS)('$name', async ({ feed = 'positions', content, extra, problems }) => {
    const outcome = await readContent(feed, content, extra);
    expectRefused(outcome, problems);
    expect(outcome.rejected).toBe(new Set(problems.map((problem) => problem.line)).size);
  });
});
