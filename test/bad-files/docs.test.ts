import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FEEDS, type FeedColumn } from '../../src/capabilities/feed/contract.ts';
import { orderFiles, parseFeedFileName } from '../../src/capabilities/feed/reading/index.ts';
import { FILE_CODES, ROW_CODES } from '../../src/capabilities/feed/reading/words.ts';
import { SHAPES } from '../../src/capabilities/feed/shapes.ts';
import { businessDate } from '../../src/kernel/business-date.ts';
import { projectFile } from '../../src/platform/files.ts';
import { expectRead, readPath } from './support.ts';

const samples = projectFile('docs/samples');
const { ordered, skipped } = orderFiles(readdirSync(samples));

describe('sample files', () => {
  it('cover every feed', () => {
    expect(skipped).toEqual([]);
    expect(new Set(ordered.map((name) => parseFeedFileName(name)?.feed))).toEqual(new Set(FEEDS));
  });

  it.each(ordered)('%s is read without a word', async (name) => {
    const feed = parseFeedFileName(name)?.feed ?? 'positions';
    const outcome = expectRead(
      await readPath(feed, `${samples}/${name}`, { fileName: name, businessDateMax: businessDate('2026-07-01') }),
    );
    const lines = readFileSync(`${samples}/${name}`, 'utf8')
      .replace(/"[^"]*"/g, '')
      .trim()
      .split('\n');
    expect(outcome).toMatchObject({ rows: lines.length - 1, rejected: 0, problems: [], notes: [], unknownColumns: [] });
  });
});

const KINDS = {
  id: 'identifier',
  moment: 'date, with or without the time, not in the future',
  text: 'text',
  amount: 'yuan',
  integer: 'whole number',
  coordinate: 'decimal degrees',
  flag: 'yes / no',
} as const;

function contentOf(column: FeedColumn): string {
  if (column.kind === 'share') return 'share of a full portfolio: 1, 0.5 …';
  if (column.kind === 'date') return column.past ? 'date, not in the future' : 'date';
  if (column.kind !== 'choice') return KINDS[column.kind];
  const words = new Map<string, string>();
  for (const [text, stored] of Object.entries(column.choices ?? {})) {
    if (!words.has(stored)) words.set(stored, '');
    else if (words.get(stored) === '' && text !== stored) words.set(stored, ` ${text}`);
  }
  return [...words].map(([stored, zh]) => `\`${stored}\`${/[\u4e00-\u9fff]/.test(zh) ? zh : ''}`).join(' · ');
}

describe('docs/feeds.md', () => {
  it('lists exactly the columns that are read', () => {
    const text = readFileSync(projectFile('docs/feeds.md'), 'utf8');
    const table = text.slice(text.indexOf('<!-- columns'), text.indexOf('## Cells'));
    const rows = FEEDS.flatMap((feed) => {
      const { columns, label } = SHAPES[feed];
      return columns.map((column, i) => {
        const first = i === 0 ? `| ${feed} ${label.zh} |` : '| |';
        return `${first} \`${column.name}\`${column.required ? '*' : ''} | ${column.zh.join(', ')} | ${contentOf(column)} |`;
      });
    });
    expect(table.trim().split('\n').slice(3)).toEqual(rows);
  });
});

describe('the words of problems', () => {
  it('each have a bad file in a test', () => {
    const folder = projectFile('test/bad-files');
    const tests = readdirSync(folder).map((name) => readFileSync(`${folder}/${name}`, 'utf8'));
    const untested = [...FILE_CODES, ...ROW_CODES].filter((code) => !tests.some((text) => text.includes(`'${code}'`)));
    expect(untested).toEqual([]);
  });
});
