import type { BusinessDate } from '../../../kernel/business-date.ts';
import { FEN_MAX } from '../../../kernel/money.ts';
import type { ColumnKind, FeedColumn } from '../contract.ts';
import { sqlText } from '../duck.ts';
import type { TextFacts } from './bytes.ts';
import { LIMITS } from './limits.ts';

/** What the SQL of a cell depends on besides its column. */
export interface CellRules {
  readonly facts: TextFacts;
  /** No `past` date lies after this day. */
  readonly newest: BusinessDate;
}

/** The stored type of each kind. */
export const STORED_TYPE: Readonly<Record<ColumnKind, string>> = {
  id: 'VARCHAR',
  text: 'VARCHAR',
  choice: 'VARCHAR',
  date: 'DATE',
  moment: 'VARCHAR',
  amount: 'BIGINT',
  integer: 'INTEGER',
  coordinate: 'DOUBLE',
  share: 'INTEGER',
  flag: 'BOOLEAN',
};

const EXCEL_ERROR = String.raw`#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!)`;
const DIGITS_LOST = String.raw`-?\d(\.\d+)?[eE]\+\d{2,}`;
const CONTROL = String.raw`[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]`;
const INVISIBLE = String.raw`[\x{200B}-\x{200F}\x{2028}-\x{202E}\x{2060}-\x{2069}\x{FEFF}]`;
const FULL_WIDTH = String.raw`[\x{FF01}-\x{FF5E}]`;
const AMOUNT = String.raw`[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d{1,2})?`;
const YUAN_MAX = FEN_MAX / 100;

const whole = (cell: string, pattern: string) => `regexp_full_match(${cell}, ${sqlText(pattern)})`;
const within = (cell: string, pattern: string) => `regexp_matches(${cell}, ${sqlText(pattern)})`;

/** Full-width digits and signs of amounts as plain ones (FEEDS). */
function halfWidth(cell: string): string {
  return `trim(translate(${cell}, '０１２３４５６７８９＋－．，', '0123456789+-.,'))`;
}

function idValue(cell: string, { facts }: CellRules): string {
  const clean = !facts.wide && !facts.spaces && !facts.tabs && !facts.quotes && !facts.controls;
  const conditions = [clean ? `strlen(${cell}) <= ${LIMITS.idChars}` : whole(cell, `[\\x21-\\x7E]{1,${LIMITS.idChars}}`)];
  if (facts.plus) conditions.push(`NOT ${whole(cell, DIGITS_LOST)}`);
  if (facts.hash) conditions.push(`NOT ${whole(cell, EXCEL_ERROR)}`);
  return `CASE WHEN ${conditions.join(' AND ')} THEN ${cell} END`;
}

function textValue(cell: string, { facts }: CellRules): string {
  const conditions: string[] = [];
  if (facts.controls) conditions.push(`NOT ${within(cell, CONTROL)}`);
  if (facts.oddities) conditions.push(`(strlen(${cell}) = length(${cell}) OR NOT ${within(cell, INVISIBLE)})`);
  if (facts.plus) conditions.push(`NOT ${whole(cell, DIGITS_LOST)}`);
  if (facts.hash) conditions.push(`NOT ${whole(cell, EXCEL_ERROR)}`);
  return conditions.length === 0 ? cell : `CASE WHEN ${conditions.join(' AND ')} THEN ${cell} END`;
}

/**
 * Exact: the decimal must print as the very text (with zeros added), or the text must have the shape of an amount. A cast
 * alone would round 0.005 and take 1e3.
 */
function amountValue(cell: string): string {
  const decimal = `TRY_CAST(${cell} AS DECIMAL(18,2))`;
  const plain = `CAST(${decimal} AS VARCHAR)`;
  const slow = `CASE WHEN ${whole(halfWidth(cell), AMOUNT)} THEN TRY_CAST(replace(${halfWidth(cell)}, ',', '') AS DECIMAL(18,2)) END`;
  const exact = `CASE WHEN ${plain} = ${cell} OR ${plain} = ${cell} || '0' OR ${plain} = ${cell} || '.00' THEN ${decimal} ELSE ${slow} END`;
  return `CASE WHEN (${exact}) BETWEEN -${YUAN_MAX} AND ${YUAN_MAX} THEN CAST((${exact}) * 100 AS BIGINT) END`;
}

const DATE_SHAPES = [
  { shape: String.raw`\d{4}-\d{2}-\d{2}`, format: '%Y-%m-%d' },
  { shape: String.raw`\d{8}`, format: '%Y%m%d' },
  { shape: String.raw`\d{4}/\d{1,2}/\d{1,2}`, format: '%Y/%m/%d' },
];

function anyDate(cell: string): string {
  const branches = DATE_SHAPES.map(
    ({ shape, format }) => `WHEN ${whole(cell, shape)} THEN CAST(try_strptime(${cell}, '${format}') AS DATE)`,
  );
  return `CASE ${branches.join(' ')} END`;
}

function dateValue(cell: string, column: FeedColumn, { newest }: CellRules): string {
  const cast = `TRY_CAST(${cell} AS DATE)`;
  const day = `CASE WHEN strlen(${cell}) = 10 AND CAST(${cast} AS VARCHAR) = ${cell} THEN ${cast} ELSE ${anyDate(cell)} END`;
  const last = column.past ? newest : '2199-12-31';
  return `CASE WHEN (${day}) BETWEEN DATE '1900-01-01' AND DATE '${last}' THEN (${day}) END`;
}

const CLOCK = String.raw`([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?`;
const MOMENT = `(.{8,10})[ T](${CLOCK})`;
/** The day of a moment, and its time, midnight when there is none. */
const dayOf = (cell: string) =>
  `CASE WHEN ${whole(cell, MOMENT)} THEN regexp_extract(${cell}, ${sqlText(MOMENT)}, 1) ELSE ${cell} END`;
const clockOf = (cell: string) =>
  `CAST(TRY_CAST(CASE WHEN ${whole(cell, MOMENT)} THEN regexp_extract(${cell}, ${sqlText(MOMENT)}, 2) ELSE '00:00' END AS TIME) AS VARCHAR)`;

function momentValue(cell: string, column: FeedColumn, rules: CellRules): string {
  return `CAST((${dateValue(`(${dayOf(cell)})`, column, rules)}) AS VARCHAR) || ' ' || ${clockOf(cell)}`;
}

function coordinateValue(cell: string, column: FeedColumn): string {
  const limit = column.name === 'latitude' ? 90 : 180;
  const value = `TRY_CAST(${cell} AS DOUBLE)`;
  return `CASE WHEN ${whole(cell, String.raw`-?\d{1,3}(\.\d{1,15})?`)} AND ${value} BETWEEN -${limit} AND ${limit} THEN ${value} END`;
}

function shareValue(cell: string): string {
  const value = `TRY_CAST(${cell} AS DECIMAL(8,4))`;
  return `CASE WHEN ${whole(cell, String.raw`\d{1,2}(\.\d{1,4})?`)} AND ${value} > 0 AND ${value} <= 10 THEN CAST(${value} * 10000 AS INTEGER) END`;
}

const YES = ['true', '1', 'y', 'yes', '是', '同意'];
const NO = ['false', '0', 'n', 'no', '否', '不同意'];

function flagValue(cell: string): string {
  const list = (words: readonly string[]) => words.map(sqlText).join(', ');
  return `CASE WHEN lower(${cell}) IN (${list(YES)}) THEN true WHEN lower(${cell}) IN (${list(NO)}) THEN false END`;
}

function choiceValue(cell: string, column: FeedColumn): string {
  const branches = Object.entries(column.choices ?? {}).map(
    ([text, stored]) => `WHEN ${sqlText(text.toLowerCase())} THEN ${sqlText(stored)}`,
  );
  return `CASE lower(${cell}) ${branches.join(' ')} END`;
}

/** SQL of the typed value of a cell that is not blank: NULL exactly when the cell is wrong. */
export function valueSql(cell: string, column: FeedColumn, rules: CellRules): string {
  switch (column.kind) {
    case 'id':
      return idValue(cell, rules);
    case 'text':
      return textValue(cell, rules);
    case 'amount':
      return amountValue(cell);
    case 'date':
      return dateValue(cell, column, rules);
    case 'moment':
      return momentValue(cell, column, rules);
    case 'integer':
      return `CASE WHEN ${whole(cell, String.raw`\d{1,9}`)} THEN TRY_CAST(${cell} AS INTEGER) END`;
    case 'coordinate':
      return coordinateValue(cell, column);
    case 'share':
      return shareValue(cell);
    case 'flag':
      return flagValue(cell);
    case 'choice':
      return choiceValue(cell, column);
  }
}

function amountCode(cell: string): string {
  const plain = halfWidth(cell);
  return `CASE WHEN ${whole(plain, AMOUNT)} THEN 'amount-range'
    WHEN ${whole(plain, String.raw`[+-]?[\d,]*\.?\d*[eE][+-]?\d+`)} THEN 'amount-exponent'
    WHEN ${whole(plain, String.raw`[+-]?[\d,]+\.\d{3,}`)} THEN 'amount-decimals'
    WHEN ${whole(plain, String.raw`[+-]?[\d,]*\d[\d,]*(\.\d{1,2})?`)} THEN 'amount-separator' ELSE 'amount-text' END`;
}

function textCode(cell: string, otherwise: string): string {
  return `CASE WHEN ${whole(cell, EXCEL_ERROR)} THEN 'excel-error' WHEN ${whole(cell, DIGITS_LOST)} THEN 'digits-lost'
    WHEN ${within(cell, CONTROL)} THEN 'text-control' WHEN ${within(cell, INVISIBLE)} THEN 'text-invisible' ELSE ${otherwise} END`;
}

function dateCode(cell: string, { past }: FeedColumn): string {
  return `CASE WHEN ${past ? `${anyDate(cell)} >= DATE '1900-01-01'` : 'false'} THEN 'date-future'
    WHEN ${DATE_SHAPES.map(({ shape }) => whole(cell, shape)).join(' OR ')} THEN 'date-impossible' ELSE 'date-format' END`;
}

/** SQL of the code of a cell that is wrong. */
export function codeSql(cell: string, column: FeedColumn): string {
  switch (column.kind) {
    case 'id':
      return textCode(
        cell,
        `CASE WHEN ${within(cell, FULL_WIDTH)} THEN 'id-full-width' WHEN ${within(cell, String.raw`[\s\x{A0}\x{3000}]`)} THEN 'id-space'
          WHEN ${whole(cell, '[\\x21-\\x7E]+')} THEN 'id-too-long' ELSE 'id-character' END`,
      );
    case 'text':
      return textCode(cell, `'text-control'`);
    case 'amount':
      return amountCode(cell);
    case 'date':
      return dateCode(cell, column);
    case 'moment':
      return dateCode(`(${dayOf(cell)})`, column);
    case 'integer':
    case 'coordinate':
    case 'share':
      return `'${column.kind}-bad'`;
    case 'flag':
      return `'flag-unknown'`;
    case 'choice':
      return `'choice-unknown'`;
  }
}

export const PRIVATE_USE = String.raw`[\x{E000}-\x{F8FF}\x{F0000}-\x{10FFFD}]`;
