import { describe, expect, it } from 'vitest';
import { businessDate } from '../../../kernel/business-date.ts';
import { moneyWords } from '../../../kernel/money-words.ts';
import { CODE, REASONS } from './allocation-types.ts';
import { explain, type WhyFacts, type WhySeat } from './explain.ts';

const seat: WhySeat = {
  seat: 'lead',
  title: { zh: '理财客户经理', en: 'Wealth manager' },
  when: undefined,
  pool: { level: 'outlet', unitName: '静安网点', customers: 812, covered: 812, staffNeeded: 0 },
  limitInitial: 400,
  limitAtMost: 500,
  reason: 'new',
  before: undefined,
  after: '王芳',
  since: businessDate('2026-07-01'),
  runnerUp: '李敏',
  candidates: [
    { name: '王芳', customers: 406, assetsFen: 31_234_567_890 },
    { name: '李敏', customers: 406, assetsFen: 31_300_000_000 },
  ],
};
const facts: WhyFacts = {
  average: {
    measure: 'calendar-year',
    balanceDays: 4_278_840_000n,
    days: 181,
    averageFen: 23_640_000,
    from: businessDate('2026-01-01'),
    to: businessDate('2026-06-30'),
    stretches: [{ from: businessDate('2026-01-01'), days: 181, assetsFen: 23_640_000 }],
  },
  scheme: {
    title: { zh: '全员分层管户', en: 'Full coverage by tier' },
    id: 'full-coverage@1',
    graceMonths: 3,
    below: undefined,
    lowestFen: 1_000_000,
  },
  band: { title: { zh: '财富', en: 'Wealth' }, fromFen: 20_000_000, toFen: 600_000_000, belowSince: undefined },
  outlet: { name: '静安网点', assetsFen: 18_200_000, runnerUp: { name: '徐汇网点', assetsFen: 5_100_000 } },
  seats: [seat],
  run: { id: '2026-06-30-3', digest: '9f3c'.repeat(16) },
};

describe('explain', () => {
  it('tells the whole reasoning in plain Chinese sentences', () => {
    expect(explain(facts).map((line) => line.zh)).toEqual([
      '年日均资产 23.64 万元 = 积数 4,278.84 万元·天 ÷ 181 天（2026-01-01 至 2026-06-30）。',
      '按「全员分层管户」属于「财富」层（20 万至 600 万元，含下限）。',
      '归属网点 静安网点：在该网点的资产最多（18.20 万元），其次是 徐汇网点（5.10 万元）。',
      '主管户席位：「财富」层客户由网点（静安网点）的理财客户经理管户，每人初始 400 户、至多 500 户；本池 812 户，已管 812 户。',
      '候选 2 人：王芳 406 户 31,234.57 万元，李敏 406 户 31,300.00 万元。',
      '主管户：王芳，自 2026-07-01 起，原因：此前无人管户，新分配；次选 李敏。',
      '依据分户运行 2026-06-30-3，方案 full-coverage@1，摘要 9f3c9f3c9f3c…。',
    ]);
  });

  it('tells an uncovered customer what would have to change', () => {
    const uncovered: WhySeat = {
      ...seat,
      after: undefined,
      runnerUp: undefined,
      reason: 'uncovered-short',
      pool: { level: 'outlet', unitName: '静安网点', customers: 1100, covered: 1000, staffNeeded: 1 },
    };
    const lines = explain({ ...facts, seats: [uncovered] });
    expect(lines.find((line) => line.kind === 'decision')?.zh).toContain('无人管户');
    expect(lines.find((line) => line.kind === 'missing')?.zh).toBe(
      '要有人管户，需要：增加 1 名理财客户经理，或提高每人户数上限，或客户资产超过已排到的客户。',
    );
  });

  it('warns of a band about to be lost, and says so below the lowest band', () => {
    const atRisk = explain({
      ...facts,
      band: {
        title: { zh: '财富', en: 'Wealth' },
        fromFen: 20_000_000,
        toFen: undefined,
        belowSince: businessDate('2026-05-03'),
      },
    });
    expect(atRisk[1]?.zh).toContain('自 2026-05-03 起低于下限，若一直未回升，2026-08-03 降层');
    const below = explain({ ...facts, band: undefined, seats: [], outlet: undefined });
    expect(below[1]?.zh).toBe('低于方案「全员分层管户」的最低层级（1 万元）：不设管户席位。');
    expect(below[2]?.zh).toContain('没有归属网点');
  });

  it('has words for every reason, in both languages, with a remedy for each uncovered one', () => {
    for (const reason of REASONS) {
      const covered = !reason.startsWith('uncovered') && reason !== 'released' && reason !== 'none';
      const lines = explain({ ...facts, seats: [{ ...seat, reason, after: covered ? '王芳' : undefined, before: '赵六' }] });
      for (const line of lines) {
        expect(line.zh).toMatch(/。$/);
        expect(line.en).toMatch(/\.$/);
      }
      expect(lines.some((line) => line.kind === 'missing')).toBe(reason.startsWith('uncovered'));
    }
  });
});

it('stores each reason by its position', () => {
  expect(REASONS.map((reason) => CODE[reason])).toEqual(REASONS.map((_reason, position) => position));
});

describe('moneyWords', () => {
  it('rounds exactly and separates thousands, negative too', () => {
    expect(moneyWords(123_456_789_012).zh).toBe('123,456.79 万元');
    expect(moneyWords(-5_000).zh).toBe('-0.01 万元');
    expect(moneyWords(123_456).en).toBe('CNY 1,234.56');
  });
});
