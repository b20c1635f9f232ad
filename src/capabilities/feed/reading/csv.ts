import { LIMITS } from './limits.ts';

/** One record of a CSV text. `broken` says why the rest of the text can't be trusted. */
export interface CsvRecord {
  readonly cells: string[];
  /** Where the next record begins. */
  readonly next: number;
  /** Line breaks inside the record, its own end included. */
  readonly breaks: number;
  /** The text ended before a line break. */
  readonly atEnd: boolean;
  readonly broken?: 'quote-not-closed' | 'quote-broken';
}

const [QUOTE, LF, CR] = [34, 10, 13];

function countBreaks(text: string): number {
  return text.match(/\r\n|\r|\n/g)?.length ?? 0;
}

/** End of the quoted cell that opens at `start`: index of its closing quote, -1 when the text ends first. */
function closingQuote(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 2)) {
    if (text.charCodeAt(at + 1) !== QUOTE) return at;
  }
  return -1;
}

/**
 * Reads one record (RFC 4180; a line ends in LF, CR LF or CR) from `start`. Returns undefined when the text may go on in the
 * next piece; with `last` there is no next piece.
 */
export function readRecord(text: string, start: number, separator: string, last: boolean): CsvRecord | undefined {
  const separatorCode = separator.charCodeAt(0);
  const cells: string[] = [];
  let [at, breaks] = [start, 0];
  for (;;) {
    if (text.charCodeAt(at) === QUOTE) {
      const close = closingQuote(text, at);
      if (close < 0 || (close === text.length - 1 && !last)) {
        return last ? { cells, next: text.length, breaks, atEnd: true, broken: 'quote-not-closed' } : undefined;
      }
      const cell = text.slice(at + 1, close);
      breaks += countBreaks(cell);
      cells.push(cell.replaceAll('""', '"'));
      at = close + 1;
    } else {
      let end = at;
      for (let code = text.charCodeAt(end); end < text.length && code !== separatorCode && code !== LF && code !== CR; ) {
        code = text.charCodeAt(++end);
      }
      cells.push(text.slice(at, end));
      at = end;
    }
    if (at >= text.length) return last ? { cells, next: at, breaks, atEnd: true } : undefined;
    const code = text.charCodeAt(at);
    if (code === separatorCode) {
      at++;
    } else if (code === LF || code === CR) {
      if (code === CR && at + 1 >= text.length && !last) return undefined;
      const width = code === CR && text.charCodeAt(at + 1) === LF ? 2 : 1;
      return { cells, next: at + width, breaks: breaks + 1, atEnd: false };
    } else {
      return { cells, next: at, breaks, atEnd: false, broken: 'quote-broken' };
    }
  }
}

export interface NumberedRecord {
  readonly record: CsvRecord;
  /** Physical line on which the record begins; the first is 1. */
  readonly line: number;
}

/** The records of a UTF-8 file with their physical lines. Ends after a broken record, or one that passes every limit. */
export function* readRecords(parts: Iterable<{ bytes: Buffer }>, separator: string): Generator<NumberedRecord> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let [rest, line] = ['', 1];
  for (const { bytes } of parts) {
    const text = rest + decoder.decode(bytes, { stream: true });
    let from = 0;
    for (let record = readRecord(text, 0, separator, false); record; record = readRecord(text, from, separator, false)) {
      yield { record, line };
      if (record.broken) return;
      line += record.breaks;
      from = record.next;
    }
    rest = text.slice(from);
    if (rest.length > LIMITS.quotedCellChars) {
      yield { record: { cells: [], next: 0, breaks: 0, atEnd: true, broken: 'quote-not-closed' }, line };
      return;
    }
  }
  const text = rest + decoder.decode();
  for (let from = 0; from < text.length; ) {
    const record = readRecord(text, from, separator, true);
    if (!record) return;
    yield { record, line };
    if (record.broken) return;
    line += record.breaks;
    from = record.next;
  }
}
