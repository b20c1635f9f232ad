import type { Words } from '../../api/client.ts';

const REASONS = {
  'staff-change': ['人员变动', 'change of staff'],
  'customer-wish': ['客户要求', 'the customer’s wish'],
  relation: ['服务关系更近', 'closer relation'],
  balance: ['均衡户数', 'even out portfolios'],
  correction: ['归属有误', 'correction'],
  other: ['其他', 'other'],
} as const;
const REASON_IDS = ['staff-change', 'customer-wish', 'relation', 'balance', 'correction', 'other'] as const;
const SEATS = { lead: ['主管户', 'lead'], joint: ['共同管户', 'joint'] } as const;
const RELEASE = ['解除管户', '解除', 'release'];

/** The headers of the workbook, Chinese first; the template has them in this order. */
const HEADERS = {
  customer: ['客户号', 'customer_id'],
  seat: ['席位', 'seat'],
  to: ['调给', 'to_staff'],
  reason: ['原因', 'reason'],
  words: ['说明', 'words'],
  on: ['生效日', 'effective_on'],
} as const;
type Column = keyof typeof HEADERS;

export interface SheetRow {
  readonly line: number;
  readonly customerId: string;
  readonly seat: keyof typeof SEATS;
  readonly toStaff: string | null;
  readonly reason: (typeof REASON_IDS)[number];
  readonly words: string;
  readonly on?: string;
}
export interface SheetProblem {
  readonly line: number;
  readonly column: string;
  readonly words: Words;
}
export interface Sheet {
  readonly rows: readonly SheetRow[];
  readonly problems: readonly SheetProblem[];
}

const ROWS_MAX = 500;
const STAFF = /^[A-Za-z0-9_-]{1,32}$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** A cell as people see it; a date as a day. */
function textOf(cell: unknown): string {
  if (cell === null || cell === undefined) return '';
  if (cell instanceof Date) return Number.isNaN(cell.getTime()) ? '' : cell.toISOString().slice(0, 10);
  return String(cell).trim();
}

const problem = (line: number, column: Column, zh: string, en: string): SheetProblem => ({
  line,
  column: HEADERS[column][0],
  words: { zh, en },
});

/** Reads the cells of a sheet, headers first; what cannot be read is told by line and column, and the whole sheet is read. */
export function rowsOfSheet(cells: readonly (readonly unknown[])[]): Sheet {
  const header = (cells[0] ?? []).map((cell) => textOf(cell).toLowerCase());
  const at = (column: Column) => {
    const names: readonly string[] = HEADERS[column];
    return header.findIndex((text) => names.includes(text));
  };
  const missing = (['customer', 'to', 'reason', 'words'] as const).filter((column) => at(column) < 0);
  if (missing.length > 0)
    return {
      rows: [],
      problems: missing.map((column) =>
        problem(
          1,
          column,
          `缺少列「${HEADERS[column][0]}」，请用模板。`,
          `The column "${HEADERS[column][1]}" is missing; use the template.`,
        ),
      ),
    };
  const rows: SheetRow[] = [];
  const problems: SheetProblem[] = [];
  cells.slice(1).forEach((line, i) => {
    const cell = (column: Column) => (at(column) < 0 ? '' : textOf(line[at(column)]));
    if (line.every((one) => textOf(one) === '')) return;
    const read = readRow(i + 2, cell);
    problems.push(...read.problems);
    if (read.row !== undefined) rows.push(read.row);
  });
  if (rows.length + problems.length === 0) problems.push(problem(2, 'customer', '表中没有数据行。', 'The sheet has no rows.'));
  if (rows.length > ROWS_MAX)
    problems.push(
      problem(
        ROWS_MAX + 2,
        'customer',
        `一批至多 ${ROWS_MAX} 行，请分成几个文件。`,
        `A batch has at most ${ROWS_MAX} rows; split the file.`,
      ),
    );
  return { rows, problems };
}

function readRow(line: number, cell: (column: Column) => string): { row?: SheetRow; problems: readonly SheetProblem[] } {
  const [customerId, to, words, on] = [cell('customer'), cell('to'), cell('words'), cell('on')];
  const seatText = cell('seat').toLowerCase();
  const seat = seatText === '' ? 'lead' : (['lead', 'joint'] as const).find((id) => SEATS[id].some((name) => name === seatText));
  const reasonText = cell('reason').toLowerCase();
  const reason = REASON_IDS.find((id) => id === reasonText || REASONS[id].some((name) => name === reasonText));
  const release = RELEASE.includes(to.toLowerCase());
  const problems = [
    ...(customerId === '' || customerId.length > 64
      ? [problem(line, 'customer', '请填写客户号。', 'Give the customer’s number.')]
      : []),
    ...(seat === undefined ? [problem(line, 'seat', '请填「主管户」或「共同管户」。', 'Write "lead" or "joint".')] : []),
    ...(release || STAFF.test(to)
      ? []
      : [problem(line, 'to', '请填接管人的员工号，或「解除管户」。', 'Give the taker’s staff number, or "release".')]),
    ...(reason === undefined
      ? [
          problem(
            line,
            'reason',
            `请填以下之一：${REASON_IDS.map((id) => REASONS[id][0]).join('、')}。`,
            `One of: ${REASON_IDS.join(', ')}.`,
          ),
        ]
      : []),
    ...(words === '' || words.length > 500
      ? [problem(line, 'words', '请写明为什么调户，500 字以内。', 'Say why, in 500 characters or less.')]
      : []),
    ...(on === '' || DAY.test(on)
      ? []
      : [problem(line, 'on', '请填日期，如 2026-01-31，或留空。', 'Give a day such as 2026-01-31, or leave it empty.')]),
  ];
  if (problems.length > 0 || seat === undefined || reason === undefined) return { problems };
  return {
    row: { line, customerId, seat, toStaff: release ? null : to, reason, words, ...(on === '' ? {} : { on }) },
    problems,
  };
}

/** The cells of a workbook's first sheet, or of a CSV in UTF-8 or GB 18030. Read in the browser: what reaches the server are rows. */
export async function cellsOf(file: File): Promise<unknown[][]> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (file.name.toLowerCase().endsWith('.xlsx')) {
    const { readXlsx } = await import('hucre/xlsx');
    return (await readXlsx(bytes)).sheets[0]?.rows ?? [];
  }
  const { parseCsv } = await import('hucre/csv');
  return parseCsv(decode(bytes));
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030').decode(bytes);
  }
}

/** An empty workbook to fill in, with one line as an example. */
export async function templateBytes(): Promise<Uint8Array> {
  const { writeXlsx } = await import('hucre/xlsx');
  const columns: readonly Column[] = ['customer', 'seat', 'to', 'reason', 'words', 'on'];
  const example = ['10000001', SEATS.lead[0], 'W0001', REASONS.balance[0], '两位客户经理户数相差较大', ''];
  const rows = [columns.map((column) => HEADERS[column][0]), example];
  return writeXlsx({ sheets: [{ name: '调户', rows, freezePane: { rows: 1 } }] });
}
