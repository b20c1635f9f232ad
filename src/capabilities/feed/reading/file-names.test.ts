import { describe, expect, it } from 'vitest';
import { orderFiles, parseFeedFileName } from './file-names.ts';

describe('names of feed files', () => {
  it.each([
    ['positions-2026-06-30.csv', { feed: 'positions', businessDate: '2026-06-30', revision: 1, delta: false }],
    ['positions-2026-06-30.2.csv', { feed: 'positions', businessDate: '2026-06-30', revision: 2, delta: false }],
    ['positions-2026-06-30.delta.csv', { feed: 'positions', businessDate: '2026-06-30', revision: 1, delta: true }],
    ['positions-2026-06-30.2.delta.csv.gz', { feed: 'positions', businessDate: '2026-06-30', revision: 2, delta: true }],
    ['持仓-20260630.parquet', { feed: 'positions', businessDate: '2026-06-30', revision: 1, delta: false }],
    ['customers-2026-03-02.csv', { feed: 'customers', businessDate: '2026-03-02', revision: 1, delta: false }],
    ['org-units.xlsx', { feed: 'org-units', revision: 1, delta: false }],
    ['org_units.csv', { feed: 'org-units', revision: 1, delta: false }],
    ['客户.csv.gz', { feed: 'customers', revision: 1, delta: false }],
    ['机构.csv', { feed: 'org-units', revision: 1, delta: false }],
    ['管户.xlsx', { feed: 'assignments', revision: 1, delta: false }],
  ])('%s', (name, expected) => {
    expect(parseFeedFileName(name)).toEqual(expected);
  });

  it.each([
    'readme.csv',
    'positions-2026-02-30.csv',
    'positions.0.csv',
    'positions.csv.ctl',
    'positions.exe',
    'a\n.csv',
    '..%2fpositions.csv',
  ])('refuses %j', (name) => {
    expect(parseFeedFileName(name)).toBeUndefined();
  });

  it('orders a folder so that nothing refers to what has not come', () => {
    const names = [
      'positions-2026-07-01.delta.csv',
      'assignments.csv',
      'positions-2026-06-30.2.csv',
      'staff.csv',
      'org-units.csv',
      'notes.docx',
    ];
    const more = [
      'positions-2026-06-30.csv',
      'positions-2026-06-30.csv.ctl',
      '产品.csv',
      'customers-2026-03-02.csv',
      'customers.csv',
    ];
    expect(orderFiles([...names, ...more])).toEqual({
      ordered: [
        'org-units.csv',
        'staff.csv',
        '产品.csv',
        'customers.csv',
        'customers-2026-03-02.csv',
        'positions-2026-06-30.csv',
        'positions-2026-06-30.2.csv',
        'positions-2026-07-01.delta.csv',
        'assignments.csv',
      ],
      skipped: ['notes.docx'],
    });
  });
});
