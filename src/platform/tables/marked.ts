import { writeXlsx } from 'hucre/xlsx';
import { sheetCell, type Table } from './index.ts';

/** Who fetched a file, when, under which number: on every printed page and in the file's properties. */
export interface Mark {
  readonly person: string;
  readonly at: Date;
  readonly id: string;
  /** The line as people read it. */
  readonly line: string;
}

/** A workbook with a watermark, put together in memory; gives up, undefined, when there are more than `most` rows. */
export async function markedWorkbook(
  table: Table,
  mark: Mark,
  most: number,
): Promise<{ readonly bytes: Uint8Array; readonly rows: number } | undefined> {
  const rows: (string | number)[][] = [table.columns.map((column) => column.name)];
  for await (const batch of table.batches) {
    if (rows.length - 1 + batch.length > most) return undefined;
    for (const row of batch) rows.push(row.map((cell, i) => sheetCell(cell, table.columns[i]?.type)));
  }
  // In headers & begins a code.
  const line = mark.line.replaceAll('&', '&&');
  const bytes = await writeXlsx({
    sheets: [
      {
        name: table.name,
        rows,
        freezePane: { rows: 1 },
        headerFooter: { oddHeader: `&C${line}`, oddFooter: `&L${line}&R&P / &N` },
      },
    ],
    properties: {
      creator: mark.person,
      created: mark.at,
      modified: mark.at,
      keywords: mark.id,
      description: mark.line,
    },
  });
  return { bytes, rows: rows.length - 1 };
}
