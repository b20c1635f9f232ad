import { expect, test } from 'vitest';
import { mergeCycles } from './merge.ts';

const merges = (text: string) => new Map(text.split(' ').map((pair): [string, string] => [pair[0] ?? '', pair[1] ?? '']));

test('chains of mergers are fine', () => {
  expect(mergeCycles(merges('AB BC CD XD'))).toEqual([]);
});

test('a cycle names those in it, not those that lead into it', () => {
  expect(mergeCycles(merges('AA'))).toEqual(['A']);
  expect(mergeCycles(merges('XA AB BC CA YZ'))).toEqual(['A', 'B', 'C']);
});
