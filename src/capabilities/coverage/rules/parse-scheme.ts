import { isNode, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import type { Words } from '../../../kernel/refusal.ts';
import { type Scheme, schemeSchema } from './scheme.ts';

/** A fault in the text of a scheme, with its place in the file (1-based). */
export interface SchemeProblem {
  readonly line: number;
  readonly column: number;
  /** Where in the structure: `bands.2.limit`. Empty for the whole file. */
  readonly path: string;
  readonly words: Words;
}

/** Finds the line and column of a path, or of the nearest parent that is written in the file. */
export type PlaceOf = (path: readonly PropertyKey[]) => { readonly line: number; readonly column: number };

export type ParsedScheme = { readonly ok: Scheme; readonly placeOf: PlaceOf } | { readonly problems: readonly SchemeProblem[] };

const SIZE_MAX = 256 * 1024;

/**
 * Reads a scheme file. Refuses, with line and column, what is not YAML, what has unknown or missing keys, wrong types or
 * aliases, and files over 256 KB. What the scheme means is checked by `lintScheme`, not here.
 */
export function parseScheme(text: string): ParsedScheme {
  if (text.length > SIZE_MAX) return { problems: [fileProblem('方案文件超过 256 KB', 'the scheme file is larger than 256 KB')] };
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, stringKeys: true });
  if (document.errors.length > 0) return { problems: document.errors.map((error) => yamlProblem(error, lines)) };
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 0 });
  } catch {
    return {
      problems: [fileProblem('方案文件不允许使用 YAML 别名（* 与 &）', 'YAML aliases (* and &) are not allowed in a scheme')],
    };
  }
  const placeOf: PlaceOf = (path) => {
    for (let length = path.length; length >= 0; length--) {
      const node: unknown = document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) {
        const at = lines.linePos(node.range[0]);
        return { line: at.line, column: at.col };
      }
    }
    return { line: 1, column: 1 };
  };
  const parsed = schemeSchema.safeParse(value, { error: chinese });
  if (parsed.success) return { ok: parsed.data, placeOf };
  const inEnglish = schemeSchema.safeParse(value, { error: english }).error?.issues ?? [];
  const problems = parsed.error.issues.map((issue, i) => ({
    ...placeOf(issue.path),
    path: issue.path.join('.'),
    words: aboutKey(
      issue.path.findLast((part) => typeof part === 'string'),
      { zh: issue.message, en: inEnglish[i]?.message ?? issue.message },
    ),
  }));
  return { problems };
}

const chinese = z.locales.zhCN().localeError;
const english = z.locales.en().localeError;

function aboutKey(key: PropertyKey | undefined, said: Words): Words {
  return key === undefined ? said : { zh: `「${String(key)}」：${said.zh}`, en: `"${String(key)}": ${said.en}` };
}

function yamlProblem(
  error: { readonly pos: readonly [number, number]; readonly code: string; readonly message: string },
  lines: LineCounter,
): SchemeProblem {
  const at = lines.linePos(error.pos[0]);
  const plain = error.message.split(' at line ')[0] ?? error.message;
  const zh = YAML_WORDS[error.code] ?? '不是有效的 YAML';
  return { line: at.line, column: at.col, path: '', words: { zh: `${zh}（${plain}）`, en: plain } };
}

/** Faults of YAML that people make most; others get the general sentence and the parser's own words. */
const YAML_WORDS: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: '同一处写了两个相同的键',
  TAB_AS_INDENT: '缩进只能用空格，不能用制表符',
  BAD_INDENT: '缩进不对齐',
  MISSING_CHAR: '缺少符号，例如引号、括号或冒号',
  UNEXPECTED_TOKEN: '此处不应出现该符号',
};

function fileProblem(zh: string, en: string): SchemeProblem {
  return { line: 1, column: 1, path: '', words: { zh, en } };
}
