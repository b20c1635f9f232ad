import { describe, expect, it } from 'vitest';
import { LEAST_PEERS, missing } from './peers.ts';

const count = (category: string, holders: number, customers = 100) => ({ category, customers, holders });

describe('what similar customers hold', () => {
  it('names what is not held, the commonest first', () => {
    const found = missing([count('fund', 20), count('insurance', 45), count('metal', 30)], new Set(['metal']));
    expect(found.map(({ category }) => category)).toEqual(['insurance', 'fund']);
  });

  it('leaves out what hardly anybody holds, and groups too small to say anything', () => {
    expect(missing([count('fund', 4), count('bond', 5)], new Set())).toEqual([count('bond', 5)]);
    expect(missing([count('fund', 20, LEAST_PEERS - 1)], new Set())).toEqual([]);
    expect(missing([count('fund', 20, LEAST_PEERS)], new Set())).toEqual([count('fund', 20, LEAST_PEERS)]);
  });
});
