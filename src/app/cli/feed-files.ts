import { lstat, readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { orderFiles } from '../../capabilities/feed/index.ts';
import { refuse, type Words } from '../../kernel/refusal.ts';

export interface Skipped {
  readonly file: string;
  readonly reason: Words;
}

/** Files to take, in the order that they need, and what a folder holds beside them. */
export interface FileList {
  readonly files: readonly string[];
  readonly skipped: readonly Skipped[];
}

const NO_FEED: Words = { zh: '文件名不属于任何一类报送文件', en: 'the name is none of a feed’s' };
const NO_FILE: Words = { zh: '不是普通文件（链接、目录或设备）', en: 'no regular file (a link, folder or device)' };

/** Resolves files and folders. Folders are not walked into: what lies deeper was put aside on purpose. */
export async function listFeedFiles(paths: readonly string[]): Promise<FileList> {
  const found: string[] = [];
  const skipped: Skipped[] = [];
  for (const path of paths) {
    const stat = await lstat(path).catch(() => undefined);
    if (stat === undefined) refuseMissing(path);
    if (!stat.isDirectory()) {
      if (stat.isFile()) found.push(path);
      else skipped.push({ file: path, reason: NO_FILE });
      continue;
    }
    for (const entry of await readdir(path, { withFileTypes: true })) {
      const inside = join(path, entry.name);
      if (entry.isFile()) found.push(inside);
      else skipped.push({ file: inside, reason: NO_FILE });
    }
  }
  const byName = new Map<string, string[]>();
  for (const path of found) byName.set(basename(path), [...(byName.get(basename(path)) ?? []), path]);
  const { ordered, skipped: strange } = orderFiles([...byName.keys()]);
  return {
    files: ordered.flatMap((name) => byName.get(name) ?? []),
    skipped: [...skipped, ...strange.flatMap((name) => byName.get(name) ?? []).map((file) => ({ file, reason: NO_FEED }))],
  };
}

function refuseMissing(path: string): never {
  return refuse('file-missing', `找不到 ${path}：请核对路径。`, `${path} is not there: check the path.`);
}

const CONTROL_BYTES = 65_536;

/** Text of the control file beside a file, or undefined when there is none. */
export async function controlBeside(path: string): Promise<string | undefined> {
  const control = join(dirname(path), `${basename(path)}.ctl`);
  const stat = await lstat(control).catch(() => undefined);
  if (!stat?.isFile()) return undefined;
  if (stat.size <= CONTROL_BYTES) return readFile(control, 'utf8');
  return refuse(
    'control-too-large',
    `${basename(control)} 不像控制文件（超过 ${CONTROL_BYTES / 1024} KB）：里面只应有 rows=… 和 balance=…。`,
    `${basename(control)} is no control file (over ${CONTROL_BYTES / 1024} KB): it holds only rows=… and balance=….`,
  );
}

/** `0.1%` as basis points. */
export function toleranceBp(text: string): number {
  const match = /^(\d{1,3}(?:\.\d{1,2})?)%$/.exec(text.trim());
  const share = match === null ? Number.NaN : Math.round(Number(match[1]) * 100);
  if (share >= 0 && share <= 10_000) return share;
  return refuse(
    'tolerate-unclear',
    `看不懂容忍比例“${text}”：请写成 0.1% 这样的百分数（最多两位小数）。`,
    `The tolerance "${text}" is not understood: write a percentage such as 0.1% (two decimals at most).`,
  );
}
