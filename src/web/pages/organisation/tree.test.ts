import { describe, expect, it } from 'vitest';
import { nest } from './tree.ts';

const unit = (id: string, parentId: string | null) => ({
  id,
  name: id,
  level: 'outlet' as const,
  parentId,
  district: null,
  longitude: null,
  latitude: null,
  unitNo: 1,
  lastNo: 1,
  staff: 0,
});

describe('nest', () => {
  it('hangs units under their parents in the order given, and makes a root of one whose parent is out of sight', () => {
    const [root, ...others] = nest([unit('B1', 'H0'), unit('S1', 'B1'), unit('O1', 'S1'), unit('S2', 'B1')]);
    expect(others).toEqual([]);
    expect(root?.id).toBe('B1');
    expect(root?.children?.map((child) => child.id)).toEqual(['S1', 'S2']);
    expect(root?.children?.[0]?.children?.map((child) => child.id)).toEqual(['O1']);
    expect(root?.children?.[1]?.children).toBeUndefined();
  });
});
