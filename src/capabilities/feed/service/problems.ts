import type { DuckDBConnection } from '@duckdb/node-api';
import { unscoped } from '../../../platform/db/transaction.ts';
import type { FeedColumn, FeedProblem, FeedShape } from '../contract.ts';
import { rowsOf } from '../duck.ts';
import type { ReadFile } from '../reading/outcome.ts';
import { acceptedImports, type EngineImport } from '../reads.ts';
import { storedName } from '../shapes.ts';
import type { FeedTaker } from '../taker.ts';
import { BAD_WORDS, type BadCode } from '../words.ts';
import type { Desk } from './desk.ts';

const SHOWN = 1000;

/** The column that a header of a file means, or undefined when the feed has none of that name. */
export function columnOfHeader(shape: FeedShape, header: string): FeedColumn | undefined {
  const plain = header.trim().toLowerCase();
  return shape.columns.find((column) => column.name === plain || column.zh.some((zh) => zh === header.trim()));
}

function isBadCode(code: string): code is BadCode {
  return Object.hasOwn(BAD_WORDS, code);
}

/** The words of a code that came back from DuckDB. */
export function badWords(code: string): (typeof BAD_WORDS)[BadCode] {
  if (!isBadCode(code)) throw new Error(`no words for ${code}`);
  return BAD_WORDS[code];
}

/** The first rows that don't agree with what the bank has sent before, worded, under the headers as sent. */
export async function dbProblems(
  taker: FeedTaker,
  duck: DuckDBConnection,
  file: string,
  headers: readonly string[],
): Promise<FeedProblem[]> {
  const found = await rowsOf(duck, `SELECT line, col, txt, code FROM bad_all ORDER BY line, col LIMIT ${SHOWN}`);
  return found.map((row) => {
    const code = String(row.code);
    const header = headers.find((name) => {
      const column = columnOfHeader(taker.shape, name);
      return column !== undefined && storedName(column) === row.col;
    });
    const line = Number(row.line);
    return {
      code,
      file,
      ...(line > 0 ? { line } : {}),
      column: header ?? String(row.col),
      text: String(row.txt),
      ...badWords(code),
    };
  });
}

/** Why a positions file cannot be the file of its day: another one is, under the same revision. */
export async function dayTaken(desk: Desk, record: EngineImport, read: ReadFile): Promise<FeedProblem | undefined> {
  if (record.feed !== 'positions') return undefined;
  const accepted = await unscoped(desk.platform.worker, (tx) => acceptedImports(tx, 'positions'));
  const sameDay = accepted.filter((found) => found.businessDate === read.businessDate);
  if (!sameDay.some((found) => found.revision === read.revision)) return undefined;
  const next = Math.max(...sameDay.map((found) => found.revision)) + 1;
  return dayTakenProblem(record.fileName, read.businessDate ?? '', read.revision, next);
}

export function dayTakenProblem(file: string, day: string, revision: number, next: number): FeedProblem {
  return {
    code: 'day-taken',
    file,
    text: `${day}.${revision}`,
    reason: {
      zh: `${day} 已有另一份第 ${revision} 版持仓文件入库，内容不同。`,
      en: `Another positions file of ${day}, revision ${revision}, stands already, and it differs.`,
    },
    remedy: {
      zh: `如为更正，请改名为 positions-${day}.${next}.csv（修订号 ${next}）再报送；如前一份有误，也可先撤回它。`,
      en: `To correct it, send positions-${day}.${next}.csv (revision ${next}), or take the other one back first.`,
    },
  };
}
