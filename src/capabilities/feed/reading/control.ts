import { readFile } from 'node:fs/promises';
import { parseYuan } from '../../../kernel/money.ts';
import type { FeedProblem } from '../contract.ts';
import { problem } from './words.ts';

/** The totals that a sender promises beside a file (`<file>.ctl`). */
export interface ControlTotals {
  readonly rows?: number;
  /** Sum of balances over all rows, in fen: sums pass 2^53. */
  readonly balanceFen?: bigint;
}

const TOTAL = /^([+-]?)(\d{1,3}(?:,\d{3})+|\d{1,25})(?:\.(\d{1,2}))?$/;

/** A total in yuan as fen: as an amount, but without its upper bound. */
function parseTotal(text: string): bigint | undefined {
  const amount = parseYuan(text);
  if (amount !== undefined) return BigInt(amount);
  const match = TOTAL.exec(text);
  if (!match) return undefined;
  const [, sign, whole = '', decimals = ''] = match;
  const value = BigInt(whole.replaceAll(',', '') + decimals.padEnd(2, '0'));
  return sign === '-' ? -value : value;
}

/** Reads the text of a control file: `rows=…` and `balance=…`, a line each, in any order; blank lines and `#` lines are skipped. */
export function parseControl(text: string, file: string): ControlTotals | { problem: FeedProblem } {
  const totals: { rows?: number; balanceFen?: bigint } = {};
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
  for (const [index, line] of lines.entries()) {
    const plain = line.trim();
    if (plain === '' || plain.startsWith('#')) continue;
    const [, key = '', value = ''] = /^(\S+?)\s*[=:：]\s*(.+)$/.exec(plain) ?? [];
    const name = key.toLowerCase();
    const balance = name === 'balance' || name === '余额' ? parseTotal(value) : undefined;
    if (balance !== undefined && totals.balanceFen === undefined) totals.balanceFen = balance;
    else if ((name === 'rows' || name === '行数') && /^\d{1,12}$/.test(value) && totals.rows === undefined)
      totals.rows = Number(value);
    else
      return { problem: problem('control-unreadable', file, { line: index + 1, text: plain.slice(0, 80) }, { at: index + 1 }) };
  }
  return totals;
}

/** Reads the control file beside `path`. Undefined when there is none. */
export async function readControlFile(
  path: string,
  fileName: string,
): Promise<ControlTotals | { problem: FeedProblem } | undefined> {
  try {
    const text = await readFile(`${path}.ctl`, 'utf8');
    return parseControl(text.slice(0, 10_000), `${fileName}.ctl`);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
