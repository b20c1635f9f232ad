import { expect, it } from 'vitest';
import { pairFiles } from './pair-files.ts';

const named = (...names: string[]) => names.map((name) => ({ name }));

it('pairs data and control files by name, in any order, and leaves nobody out', () => {
  const { sendings, alone } = pairFiles(named('b.csv.ctl', 'a.csv', 'b.csv', 'c.csv.gz.ctl', 'c.csv'));
  expect(sendings.map(({ file, control }) => [file.name, control?.name])).toEqual([
    ['a.csv', undefined],
    ['b.csv', 'b.csv.ctl'],
    ['c.csv', undefined],
  ]);
  expect(alone).toEqual(named('c.csv.gz.ctl'));
});
