import { strFromU8, strToU8, unzipSync } from 'fflate';
import { writeXlsx } from 'hucre/xlsx';
import type { Column, Mark, Table } from './index.ts';

/** The sheet in the package that is put together around the rows. */
export const SHEET = 'xl/worksheets/sheet1.xml';

/** A workbook without its rows: its other parts, what stands in the sheet before and after them, and the styles of their cells. */
export interface Shell {
  readonly parts: Readonly<Record<string, Uint8Array>>;
  readonly before: string;
  readonly after: string;
  /** Number of the first row, and the style of each column in it and in the totals. */
  readonly first: number;
  readonly body: readonly string[];
  readonly totals: readonly string[];
}

const LINE = { style: 'thin' } as const;
const BORDER = { top: LINE, bottom: LINE, left: LINE, right: LINE };
const FORMATS: Readonly<Record<Column['type'], string>> = { text: '@', date: '@', integer: '#,##0', yuan: '#,##0.00' };
const WIDTHS: Readonly<Record<Column['type'], number>> = { text: 14, date: 12, integer: 9, yuan: 17 };

/** A library lays the page out; only its rows are written here, because no library at hand streams rows into a page that was laid out. */
export async function shellOf(table: Table, mark: Mark): Promise<Shell> {
  const { print, columns } = table;
  const head: string[][] = print === undefined ? [] : [[print.title], [print.under]];
  const first = head.length + 2;
  const bytes = await writeXlsx({
    sheets: [
      {
        name: table.name,
        columns: columns.map(({ type, width }) => ({ width: width ?? WIDTHS[type] })),
        // A row of each kind, for its styles.
        rows: [...head, columns.map(({ name }) => name), columns.map(() => 'x'), columns.map(() => 'x')],
        cells: stylesOf(columns, head.length),
        merges: head.map((_, row) => ({ startRow: row, startCol: 0, endRow: row, endCol: columns.length - 1 })),
        freezePane: { rows: first - 1 },
        pageSetup: {
          ...{ paperSize: print?.paper ?? 'a4', orientation: 'landscape', fitToPage: true, fitToWidth: 1, fitToHeight: 0 },
          printTitlesRow: `$1:$${first - 1}`,
        },
        headerFooter: headerFooter(table, mark),
      },
    ],
    properties: {
      ...{ creator: mark.person, created: mark.at, modified: mark.at, keywords: mark.id, description: mark.line },
    },
  });
  return cut(unzipSync(bytes), first);
}

function stylesOf(columns: readonly Column[], head: number) {
  const heading = { font: { bold: true }, border: BORDER, alignment: { horizontal: 'center', wrapText: true } } as const;
  const title = { font: { bold: true, size: 16 }, alignment: { horizontal: 'center' } } as const;
  const cells = new Map<string, { style: object }>();
  if (head > 0) cells.set('0,0', { style: title });
  columns.forEach(({ type }, at) => {
    const plain = { border: BORDER, numFmt: FORMATS[type] };
    cells.set(`${head},${at}`, { style: heading });
    cells.set(`${head + 1},${at}`, { style: plain });
    cells.set(`${head + 2},${at}`, { style: { ...plain, font: { bold: true } } });
  });
  return cells;
}

/** The mark stands on every page; where somebody signs, so do the places to sign. */
function headerFooter({ print }: Table, mark: Mark) {
  // In headers & begins a code.
  const line = mark.line.replaceAll('&', '&&');
  const signatures = (print?.signatures ?? []).map((name) => `${name}：                `).join('');
  if (print === undefined) return { oddHeader: `&C${line}`, oddFooter: `&L${line}&R&P / &N` };
  return { oddHeader: `&R&8${line}`, oddFooter: `&L${signatures}&C&8${line}&R&P / &N` };
}

function cut(parts: Record<string, Uint8Array>, first: number): Shell {
  const { [SHEET]: sheet, ...others } = parts;
  const text = strFromU8(sheet ?? strToU8('')).replace(/<dimension [^>]*\/>/, '');
  const from = text.indexOf(`<row r="${first}"`);
  const to = text.indexOf('</sheetData>');
  const [, body = '', totals = ''] = text.slice(from, to).split('<row ');
  const styles = (row: string) => [...row.matchAll(/<c r="[A-Z]+\d+"[^>]*? s="(\d+)"/g)].map(([, style = '0']) => style);
  return { parts: others, before: text.slice(0, from), after: text.slice(to), first, body: styles(body), totals: styles(totals) };
}
