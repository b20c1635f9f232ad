import { isNode, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { refuse, type Words } from './refusal.ts';

/** A fault in the text of a file, with its place in it (1-based). */
export interface YamlProblem {
  readonly line: number;
  readonly column: number;
  /** Where in the structure: `bands.2.limit`. Empty for the whole file. */
  readonly path: string;
  readonly words: Words;
}

/** Finds the line and column of a path, or of the nearest parent that is written in the file. */
export type PlaceOf = (path: readonly PropertyKey[]) => { readonly line: number; readonly column: number };

export type ParsedYaml<T> = { readonly ok: T; readonly placeOf: PlaceOf } | { readonly problems: readonly YamlProblem[] };

const SIZE_MAX = 256 * 1024;

/**
 * Reads a file of settings that people write. Refuses, with line and column, what is not YAML, what has unknown or missing keys, wrong
 * types or aliases, and files over 256 KB. What the settings mean is for others to check.
 */
export function parseYamlFile<T>(text: string, schema: z.ZodType<T>): ParsedYaml<T> {
  if (text.length > SIZE_MAX) return { problems: [fileProblem('文件超过 256 KB', 'the file is larger than 256 KB')] };
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, stringKeys: true });
  if (document.errors.length > 0) return { problems: document.errors.map((error) => yamlProblem(error, lines)) };
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 0 });
  } catch {
    return {
      problems: [fileProblem('文件不允许使用 YAML 别名（* 与 &）', 'YAML aliases (* and &) are not allowed')],
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
  const parsed = schema.safeParse(value, { error: chinese });
  if (parsed.success) return { ok: parsed.data, placeOf };
  const inEnglish = schema.safeParse(value, { error: english }).error?.issues ?? [];
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
): YamlProblem {
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

function fileProblem(zh: string, en: string): YamlProblem {
  return { line: 1, column: 1, path: '', words: { zh, en } };
}

/** Refuses a file for its faults, each told with its place. `zh` and `en` say what has them. */
export function refuseFaults(code: string, zh: string, en: string, problems: readonly YamlProblem[]): never {
  const faultsZh = problems.map(({ line, column, words }) => `第 ${line} 行第 ${column} 列 ${words.zh}`).join('；');
  const faultsEn = problems.map(({ line, column, words }) => `line ${line}, column ${column}: ${words.en}`).join('; ');
  return refuse(code, `${zh}：${faultsZh}`, `${en}: ${faultsEn}`, {
    problems: problems.map(({ line, column, path }) => ({ line, column, path })),
  });
}
