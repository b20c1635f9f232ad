import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BusinessDate, businessDate } from '../../src/kernel/business-date.ts';
import { type Fen, parseYuan } from '../../src/kernel/money.ts';

/** A line of a Berka file that cannot be taken. */
export interface RejectedLine {
  readonly file: string;
  /** Physical line, the header being 1. */
  readonly line: number;
  readonly text: string;
  readonly reason: string;
}

/** One transaction; amounts in hellers, debits below zero. */
export interface Transaction {
  readonly id: number;
  readonly account: number;
  readonly date: BusinessDate;
  readonly amount: Fen;
  readonly balanceAfter: Fen;
}

interface Table {
  readonly rows: readonly (readonly string[])[];
  readonly rejected: readonly RejectedLine[];
}

/** The transaction file's name carries its days. */
function transactionFile(data: string): string {
  const name = readdirSync(data).find((file) => /^trans.*\.asc$/.test(file));
  if (!name) throw new Error(`no trans*.asc in ${data}`);
  return name;
}

/**
 * Reads `;`-separated, CRLF-ended lines. A line with other than the header's number of cells is rejected, and so is a last line
 * without its line end: it was cut off, even where the cells happen to count.
 */
export function readTable(data: string, file: string): Table {
  const lines = readFileSync(join(data, file), 'latin1').split('\r\n');
  const width = lines[0]?.split(';').length ?? 0;
  const rows: string[][] = [];
  const rejected: RejectedLine[] = [];
  for (const [i, text] of lines.entries()) {
    if (i === 0 || (i === lines.length - 1 && text === '')) continue;
    const cells = text.split(';').map((cell) => cell.replace(/^"(.*)"$/, '$1'));
    const reject = (reason: string) => rejected.push({ file, line: i + 1, text, reason });
    if (i === lines.length - 1) reject('the file ends in the middle of this line');
    else if (cells.length !== width) reject(`${cells.length} cells instead of ${width}`);
    else rows.push(cells);
  }
  return { rows, rejected };
}

/** A day written YYMMDD, all in the 1900s. Throws when there is no such day. */
export function berkaDate(text: string): BusinessDate {
  return businessDate(`19${text.slice(0, 2)}-${text.slice(2, 4)}-${text.slice(4, 6)}`);
}

/** Birth date and gender from a birth number: women's months stand 50 higher. */
export function birthOf(birthNumber: string): { date: BusinessDate; gender: 'male' | 'female' } {
  const month = Number(birthNumber.slice(2, 4));
  const female = month > 50;
  const plain = String(female ? month - 50 : month).padStart(2, '0');
  return { date: berkaDate(birthNumber.slice(0, 2) + plain + birthNumber.slice(4, 6)), gender: female ? 'female' : 'male' };
}

/** Crowns with two decimals as hellers. Throws on anything else. */
export function hellers(text: string): Fen {
  const amount = parseYuan(text);
  if (amount === undefined) throw new Error(`not an amount: ${text}`);
  return amount;
}

/** All transactions; PRIJEM is a credit, VYDAJ and VYBER are debits. */
export function readTransactions(data: string): { transactions: Transaction[]; rejected: readonly RejectedLine[] } {
  const { rows, rejected } = readTable(data, transactionFile(data));
  const transactions = rows.map(([id, account, date = '', type, , amount = '', balance = '']): Transaction => {
    const value = type === 'PRIJEM' ? amount : `-${amount}`;
    return {
      id: Number(id),
      account: Number(account),
      date: berkaDate(date),
      amount: hellers(value),
      balanceAfter: hellers(balance),
    };
  });
  return { transactions, rejected };
}
