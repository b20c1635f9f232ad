import { pieces } from './bytes.ts';
import { type CsvRecord, readRecord, readRecords } from './csv.ts';
import { LIMITS } from './limits.ts';
import { faultOf, openNormalised } from './normalised.ts';
import { refuseFile } from './refused-file.ts';

const NAMES: Readonly<Record<string, string>> = { '\t': 'Tab', ',': ',', '|': '|' };

/** A row that falls apart under the header's separator but fits under another one. */
function otherSeparator(record: CsvRecord, separator: string, columns: number): string | undefined {
  const [only] = record.cells;
  if (record.cells.length !== 1 || only === undefined || columns < 2) return undefined;
  return [',', '\t', '|'].find((other) => other !== separator && readRecord(only, 0, other, true)?.cells.length === columns);
}

/**
 * Reads a UTF-8 CSV record by record and writes the normalised form with physical line numbers. For files in which lines and
 * rows differ (quoted line breaks, blank lines, mixed line ends) or rows are malformed; even files go to DuckDB directly,
 * which is several times faster.
 */
export function normaliseCsv(path: string, out: string, separator: string, columns: number, file: string): void {
  const writer = openNormalised(out, columns);
  try {
    let first = true;
    for (const { record, line } of readRecords(pieces(path), separator)) {
      const text = record.cells.slice(0, 20).join(separator).slice(0, LIMITS.textShown);
      if (record.broken) refuseFile(record.broken, file, text === '' ? { line } : { line, text });
      if (first) {
        first = false;
        continue;
      }
      if (record.cells.length === 1 && record.cells[0]?.trim() === '') continue;
      const found = otherSeparator(record, separator, columns);
      if (found)
        refuseFile(
          'separator-mixed',
          file,
          { line, text },
          { header: NAMES[separator] ?? separator, found: NAMES[found] ?? found },
        );
      writer.row(line, record.cells, faultOf(record.cells, columns, record.atEnd));
    }
  } finally {
    writer.close();
  }
}
