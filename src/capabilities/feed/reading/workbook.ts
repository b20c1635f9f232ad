import { readFileSync } from 'node:fs';
import { type CellValue, streamXlsxRows } from 'hucre/xlsx';
import type { FeedShape } from '../contract.ts';
import { type Header, mapHeader } from './header.ts';
import { LIMITS } from './limits.ts';
import { faultOf, type NormalisedWriter, openNormalised } from './normalised.ts';
import { FileRefused, refuseFile } from './refused-file.ts';
import { sizeText } from './unpack.ts';
import { inflate, partText, unsafe, type ZipPart, zipParts } from './zip.ts';

/** A cell whose value is a formula's last result. */
export interface FormulaCell {
  readonly line: number;
  readonly column: string;
  readonly text: string;
}

export interface NormalisedSheet {
  readonly header: Header;
  readonly formulas: readonly FormulaCell[];
}

const FORMULAS_NAMED = 100;
/** Beyond this a floating number has no longer all its digits. */
const EXACT_BELOW = 1e15;
/** Days before this one are off by one between Excel's two calendars; no date of a bank lies there. */
const FIRST_SAFE_DAY = Date.UTC(1900, 2, 1);

/** An apostrophe that only keeps a text from being a formula. */
const ESCAPED = /^'[=+\-@\t\r＝＋－＠]/;

/**
 * A cell as text. Numbers are taken with the 15 digits that Excel shows; longer ones in exponent form, so that they become
 * rejects (their last digits are lost). Dates with a time of day keep it, and become rejects.
 */
export function cellText(value: CellValue): string {
  if (value === null) return '';
  if (typeof value === 'string') return ESCAPED.test(value) ? value.slice(1) : value;
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    const rounded = Number(value.toPrecision(15));
    if (Math.abs(rounded) < EXACT_BELOW) return String(rounded);
    return rounded.toExponential().replace('e', 'E');
  }
  const time = value.getTime();
  if (Number.isNaN(time) || time < FIRST_SAFE_DAY) return '1900-00-00';
  const text = value.toISOString();
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text.slice(0, 19);
}

function decodeXml(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');
}

interface SheetPlace {
  readonly name: string;
  readonly part: string;
}

/** The sheet to read: the one named after the feed, else the first. */
async function chooseSheet(parts: Map<string, ZipPart>, shape: FeedShape, file: string): Promise<SheetPlace> {
  const [book, rels] = [parts.get('xl/workbook.xml'), parts.get('xl/_rels/workbook.xml.rels')];
  if (!book || !rels) refuseFile('workbook-broken', file);
  const targets = new Map<string, string>();
  for (const [, attributes = ''] of (await partText(rels, file)).matchAll(/<(?:\w+:)?Relationship\s([^>]*)>/g)) {
    const [, id = ''] = /\bId="([^"]*)"/.exec(attributes) ?? [];
    const [, target = ''] = /\bTarget="([^"]*)"/.exec(attributes) ?? [];
    targets.set(id, target.startsWith('/') ? target.slice(1) : `xl/${target}`);
  }
  const sheets = [...(await partText(book, file)).matchAll(/<(?:\w+:)?sheet\s([^>]*)>/g)].map(([, attributes = '']) => {
    const [, name = ''] = /\bname="([^"]*)"/.exec(attributes) ?? [];
    const [, id = ''] = /\b\w+:id="([^"]*)"/.exec(attributes) ?? [];
    return { name: decodeXml(name), part: targets.get(id) ?? '' };
  });
  const wanted = sheets.find(({ name }) => [shape.feed, shape.label.zh].includes(name.trim().toLowerCase())) ?? sheets[0];
  return wanted ?? refuseFile('workbook-broken', file);
}

/** Refuses declarations of documents and entities in any part: nothing that Excel writes has them (SECURITY 37). */
async function refuseDoctypes(parts: Map<string, ZipPart>, file: string): Promise<void> {
  for (const part of parts.values()) {
    if (!/\.(xml|rels|vml)$/i.test(part.name)) continue;
    let tail = '';
    for await (const chunk of inflate(part, file)) {
      const text = tail + chunk.toString('latin1');
      if (/<!(DOCTYPE|ENTITY)/i.test(text))
        unsafe(file, part.name, '含 DTD 或实体声明', 'it declares a document type or entities');
      tail = text.slice(-16);
    }
  }
}

/** References of the formula cells of a sheet, such as `D7`: the first hundred. */
async function formulaRefs(part: ZipPart, file: string): Promise<string[]> {
  const refs: string[] = [];
  let tail = '';
  for await (const chunk of inflate(part, file)) {
    const text = tail + chunk.toString('latin1');
    for (const [, ref = ''] of text.matchAll(/<(?:\w+:)?c\s(?:[^>]*\s)?r="([A-Z]{1,3}\d{1,7})"[^>]*><(?:\w+:)?f[\s>/]/g))
      refs.push(ref);
    if (refs.length >= FORMULAS_NAMED) break;
    const open = text.lastIndexOf('<c ');
    tail = open >= 0 && text.indexOf('>', text.indexOf('>', open) + 1) < 0 ? text.slice(open) : '';
  }
  return [...new Set(refs)].slice(0, FORMULAS_NAMED);
}

function columnIndex(letters: string): number {
  return [...letters].reduce((index, letter) => index * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

async function openParts(data: Buffer, shape: FeedShape, file: string): Promise<{ sheet: SheetPlace; refs: string[] }> {
  const parts = zipParts(data, file);
  const types = parts.get('[Content_Types].xml');
  if (!types || !parts.has('xl/workbook.xml')) refuseFile('file-type-unknown', file);
  const macro = [...parts.keys()].some((name) => /vbaProject|macrosheets/i.test(name));
  if (macro || /macroEnabled/i.test(await partText(types, file))) refuseFile('file-type-macro', file);
  await refuseDoctypes(parts, file);
  const sheet = await chooseSheet(parts, shape, file);
  const part = parts.get(sheet.part);
  return part ? { sheet, refs: await formulaRefs(part, file) } : refuseFile('workbook-broken', file);
}

/** Reads a workbook's sheet and writes it in the normalised form, rows under their numbers in the sheet. */
export async function normaliseWorkbook(path: string, out: string, shape: FeedShape, file: string): Promise<NormalisedSheet> {
  const data = readFileSync(path);
  if (data.length > LIMITS.workbookBytes) refuseFile('file-too-large', file, {}, { limit: sizeText(LIMITS.workbookBytes) });
  const { sheet, refs } = await openParts(data, shape, file);
  let header: Header | undefined;
  let writer: NormalisedWriter | undefined;
  const formulas: FormulaCell[] = [];
  try {
    for await (const row of streamXlsxRows(data, { sheet: sheet.name })) {
      const cells = row.values.map(cellText);
      while (cells.length > 0 && cells.at(-1) === '') cells.pop();
      if (cells.length === 0) continue;
      if (!header || !writer) {
        header = mapHeader(shape, cells, file);
        writer = openNormalised(out, cells.length);
        continue;
      }
      while (cells.length < header.headers.length) cells.push('');
      writer.row(row.index + 1, cells, faultOf(cells, header.headers.length, false));
      formulas.push(...formulasOf(row.index + 1, cells, refs, header));
    }
  } catch (error) {
    if (error instanceof FileRefused) throw error;
    refuseFile('workbook-broken', file, { text: (error instanceof Error ? error.message : '').slice(0, LIMITS.textShown) });
  } finally {
    writer?.close();
  }
  return header ? { header, formulas } : refuseFile('file-empty', file);
}

function formulasOf(line: number, cells: readonly string[], refs: readonly string[], header: Header): FormulaCell[] {
  return refs
    .filter((ref) => ref.replace(/^[A-Z]+/, '') === String(line))
    .map((ref) => columnIndex(ref.replace(/\d+$/, '')))
    .map((index) => ({ line, column: header.headers[index] ?? '', text: (cells[index] ?? '').slice(0, LIMITS.textShown) }));
}
