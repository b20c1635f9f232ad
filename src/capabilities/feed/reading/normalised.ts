import { closeSync, openSync, writeSync } from 'node:fs';
import { LIMITS } from './limits.ts';
import type { RowCode } from './words.ts';

/** A fault of a row's build, found before its cells are looked at. */
export interface RowFault {
  readonly code: RowCode;
  /** Index of the header, when one cell is to blame. */
  readonly index?: number;
  readonly text: string;
}

/** Writes rows with their line numbers as a plain CSV that DuckDB reads without surprises: line, fault, index, text, raw, cells. */
export interface NormalisedWriter {
  row(line: number, cells: readonly string[], fault?: RowFault): void;
  close(): void;
}

const FLUSH_CHARS = 1 << 20;
/** What a sheet's cell can show, and what all cells of a row may take, so that a row stays within DuckDB's line. */
const [RAW_CELL_CHARS, RAW_ROW_CHARS] = [32_000, 200_000];

function csvCell(text: string): string {
  // NUL would end the text for some readers; another control character keeps the row a reject.
  const safe = text.includes('\0') ? text.replaceAll('\0', '\u0001') : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Opens the file `path`, which must not exist, for rows of `columns` cells. */
export function openNormalised(path: string, columns: number): NormalisedWriter {
  const fd = openSync(path, 'wx');
  const blanks = new Array<string>(columns).fill('');
  let text = '';
  const flush = () => {
    writeSync(fd, text);
    text = '';
  };
  return {
    row(line, cells, fault) {
      const room = Math.min(RAW_CELL_CHARS, Math.floor(RAW_ROW_CHARS / cells.length));
      const raw = fault ? JSON.stringify(cells.slice(0, LIMITS.columns).map((cell) => cell.slice(0, room))) : '';
      const shown = fault ? blanks : cells.slice(0, columns);
      const head = [
        String(line),
        fault?.code ?? '',
        fault?.index === undefined ? '' : String(fault.index),
        fault?.text ?? '',
        raw,
      ];
      text += `${[...head, ...shown].map(csvCell).join(',')}\n`;
      if (text.length > FLUSH_CHARS) flush();
    },
    close() {
      flush();
      closeSync(fd);
    },
  };
}

/** The fault of a row whose cells can't be taken as they are: too many, too few, too long. */
export function faultOf(cells: readonly string[], columns: number, cut: boolean): RowFault | undefined {
  const text = cells.slice(0, 20).join(' ').slice(0, LIMITS.textShown);
  const long = cells.findIndex((cell) => cell.length * 4 > LIMITS.cellBytes && Buffer.byteLength(cell) > LIMITS.cellBytes);
  if (long >= 0) return { code: 'cell-too-long', index: long, text: (cells[long] ?? '').slice(0, LIMITS.textShown) };
  if (cells.reduce((sum, cell) => sum + cell.length, 0) > LIMITS.rowChars) return { code: 'row-too-long', text };
  if (cells.length < columns) return { code: cut ? 'line-cut' : 'columns-too-few', text };
  // A separator after the last cell is harmless: nothing follows it.
  return cells.slice(columns).some((cell) => cell !== '') ? { code: 'columns-too-many', text } : undefined;
}
