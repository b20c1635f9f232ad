import { type BusinessDate, isBusinessDate } from '../../../kernel/business-date.ts';
import { FEEDS, type FeedName } from '../contract.ts';
import { SHAPES } from '../shapes.ts';

/** What a feed file's name says about it. */
export interface FeedFileName {
  readonly feed: FeedName;
  /** The business day, when the name carries one. */
  readonly businessDate?: BusinessDate;
  /** 1 for the first file of a day; a corrected file counts up, the highest stands. */
  readonly revision: number;
  /** Only what changed, instead of everything. */
  readonly delta: boolean;
}

const NAME =
  /^(?<feed>[^.]+?)(?:-(?<year>\d{4})-?(?<month>\d{2})-?(?<day>\d{2}))?(?:\.(?<revision>\d{1,4}))?(?<delta>\.delta)?\.(?:csv|tsv|txt|parquet|xlsx)(?:\.gz)?$/iu;

function feedOf(word: string): FeedName | undefined {
  const plain = word.trim().toLowerCase().replaceAll('_', '-');
  return FEEDS.find((feed) => feed === plain || SHAPES[feed].label.zh === plain);
}

/**
 * Reads a name like `positions-2026-06-30.2.delta.csv.gz` or `持仓-2026-06-30.csv`. Returns undefined when the name is none of a
 * feed's: another word, a day that does not exist, revision 0.
 */
export function parseFeedFileName(name: string): FeedFileName | undefined {
  const groups = NAME.exec(name.normalize('NFC'))?.groups;
  if (!groups) return undefined;
  const feed = feedOf(groups.feed ?? '');
  const revision = Number(groups.revision ?? '1');
  if (!feed || revision < 1) return undefined;
  const delta = groups.delta !== undefined;
  if (groups.year === undefined) return { feed, revision, delta };
  const date = `${groups.year}-${groups.month}-${groups.day}`;
  return isBusinessDate(date) ? { feed, businessDate: date, revision, delta } : undefined;
}

function orderKey(name: string, file: FeedFileName): string {
  const day = file.businessDate ?? '0000-00-00';
  // A full file of the same day and revision comes before its delta, or the delta would be overwritten.
  return [FEEDS.indexOf(file.feed), day, String(file.revision).padStart(4, '0'), file.delta ? 1 : 0, name].join('|');
}

/**
 * The order in which a folder's files must be taken: what is referred to before what refers to it, days and revisions in order
 * (FEEDS). Control files are not listed; names that are no feed's come back as `skipped`.
 */
export function orderFiles(names: readonly string[]): { ordered: string[]; skipped: string[] } {
  const known: { name: string; key: string }[] = [];
  const skipped: string[] = [];
  for (const name of names) {
    if (name.endsWith('.ctl')) continue;
    const file = parseFeedFileName(name);
    if (file) known.push({ name, key: orderKey(name, file) });
    else skipped.push(name);
  }
  known.sort((a, b) => (a.key < b.key ? -1 : 1));
  return { ordered: known.map((file) => file.name), skipped: skipped.sort() };
}
