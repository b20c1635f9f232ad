import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { projectFile } from '../../src/platform/files.ts';

const ITEMS = 60;
const rows = readFileSync(projectFile('docs/security.md'), 'utf8')
  .split('\n')
  .flatMap((line) => {
    const [, item, , held] = /^\| (\d+) \| (.*) \| (.*) \|$/.exec(line) ?? [];
    return item === undefined || held === undefined ? [] : [{ item: Number(item), held }];
  });

it('docs/security.md goes through every item once', () => {
  expect(rows.map(({ item }) => item)).toEqual(Array.from({ length: ITEMS }, (_none, index) => index + 1));
});

it('each item names files that exist, or says what is not yet', () => {
  const named = rows.map(({ item, held }) => ({
    item,
    held,
    files: [...held.matchAll(/`((?:src|test)\/[^`]+)`/g)].map((match) => match[1] ?? ''),
  }));
  expect(named.filter(({ held, files }) => files.length === 0 && !/not yet/.test(held))).toEqual([]);
  expect(
    named.flatMap(({ item, files }) => files.filter((file) => !existsSync(projectFile(file))).map((file) => `${item} ${file}`)),
  ).toEqual([]);
});
