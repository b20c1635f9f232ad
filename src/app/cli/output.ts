import { type Refusal, Refused, type Words } from '../../kernel/refusal.ts';
import type { Language } from '../../platform/config.ts';
import { isDiskFull } from '../../platform/disk-full.ts';
import { describeFault } from '../../platform/log.ts';

export const EXIT = { ok: 0, fault: 1, refused: 2 } as const;

/** Where a command speaks: results on standard output, everything else on standard error. */
export interface Output {
  readonly language: Language;
  /** Whether machines listen: then standard output is exactly one JSON document. */
  readonly json: boolean;
  /** The result: `value` for machines, `lines` for people. */
  readonly result: (value: unknown, lines: readonly string[]) => void;
  /** A step begins or ended. */
  readonly say: (words: Words) => void;
  /** How far a long step is; shown on a terminal only, the line is overwritten. */
  readonly progress: (words: Words, done: number, total: number) => void;
  readonly pick: (words: Words) => string;
}

interface Streams {
  readonly stdout: { write: (text: string) => unknown };
  readonly stderr: { write: (text: string) => unknown; readonly isTTY?: boolean };
}

const PROGRESS_EVERY_MS = 100;

export function openOutput(language: Language, json: boolean, streams: Streams): Output {
  let shown = 0;
  let open = false;
  const pick = (words: Words) => words[language];
  const clear = () => {
    if (open) streams.stderr.write('\r\x1b[2K');
    open = false;
  };
  return {
    language,
    json,
    pick,
    result: (value, lines) => {
      clear();
      streams.stdout.write(json ? `${JSON.stringify(value, bigintAsNumber)}\n` : lines.map((line) => `${line}\n`).join(''));
    },
    say: (words) => {
      clear();
      streams.stderr.write(`${pick(words)}\n`);
    },
    progress: (words, done, total) => {
      const now = performance.now();
      if (!streams.stderr.isTTY || (now - shown < PROGRESS_EVERY_MS && done < total)) return;
      shown = now;
      open = done < total;
      const share = total > 0 ? Math.floor((100 * done) / total) : 100;
      streams.stderr.write(`\r\x1b[2K${pick(words)} ${share}% (${done}/${total})${open ? '' : '\n'}`);
    },
  };
}

/** Totals are bigint inside; JSON gets a number while it is exact, else the digits as text. */
function bigintAsNumber(_key: string, value: unknown): unknown {
  if (typeof value !== 'bigint') return value;
  return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
}

/** Tells a failure in the words for people or as JSON for machines, and gives the exit code: 2 refused, 1 fault. */
export function tellFailure(error: unknown, output: Output, streams: Streams): number {
  if (error instanceof Refused) {
    tellRefusal(error.refusal, output, streams);
    return EXIT.refused;
  }
  if (isDiskFull(error))
    output.say({
      zh: '磁盘空间不足，没有办成：请腾出空间后重试。',
      en: 'There is no room on the disk: make room, then try again.',
    });
  // What a service writes here ends in the machine's journal: it keeps to the rules of the log.
  const { message, at } = describeFault(error);
  if (output.json) streams.stdout.write(`${JSON.stringify({ fault: { message } })}\n`);
  output.say({ zh: `故障：${message}`, en: `Fault: ${message}` });
  if (at.length > 0) streams.stderr.write(`${at.join('\n')}\n`);
  return EXIT.fault;
}

function tellRefusal({ code, words, details = {} }: Refusal, output: Output, streams: Streams): void {
  if (output.json) {
    streams.stdout.write(`${JSON.stringify({ refused: { code, words, details } }, bigintAsNumber)}\n`);
    return;
  }
  const [first, second] = output.language === 'zh' ? [words.zh, words.en] : [words.en, words.zh];
  streams.stderr.write(`${first}\n${second}\n`);
}
