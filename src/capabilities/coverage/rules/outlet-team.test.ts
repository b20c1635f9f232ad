import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { allocate } from './allocate.ts';
import type { AllocationInput } from './allocation-types.ts';
import { outlet } from './factory.ts';
import { parseScheme } from './parse-scheme.ts';
import { bandThresholdsFen } from './scheme.ts';

const parsed = parseScheme(readFileSync(new URL('../../../../schemes/outlet-team.yaml', import.meta.url), 'utf8'));
if (!('ok' in parsed)) throw new Error('outlet-team');
const outletTeam = parsed.ok;

describe('outlet-team in one outlet', () => {
  const people = [
    { id: 'H1', role: 'outlet-head' },
    { id: 'L1', role: 'lobby-manager' },
    { id: 'L2', role: 'lobby-manager' },
    { id: 'M1', role: 'marketing-supervisor' },
    { id: 'T1', role: 'teller' },
    { id: 'T2', role: 'teller' },
    { id: 'W1', role: 'wealth-manager' },
  ];
  const yuan = [...Array(30).fill(900_000), ...Array(70).fill(300_000), ...Array(60).fill(80_000), ...Array(40).fill(900)];

  function run(input: AllocationInput, loans: (c: number) => boolean) {
    const thresholds = bandThresholdsFen(input.scheme);
    input.customers.averageFen.forEach((fen, c) => {
      input.customers.band[c] = thresholds.findLastIndex((from) => fen >= from);
      input.customers.hasLoan[c] = loans(c) ? 1 : 0;
    });
    const result = allocate(input);
    const whoHas = (slot: 'lead' | 'joint', c: number) => input.staff[result.seats[slot].staff[c] ?? -1]?.id ?? '';
    const count = (id: string, from: number, to: number) =>
      yuan.slice(from, to).filter((_y, i) => whoHas('lead', from + i) === id).length;
    return { result, whoHas, count };
  }

  it('gives the lead 40 % of all customers from 200,000, all non-loan ones from 500,000 among them; tellers have the remainder [S0]', () => {
    const { result, whoHas, count } = run(outlet(outletTeam, people, yuan), (c) => c % 5 === 0);
    expect(['M1', 'L1', 'L2', 'W1'].map((id) => count(id, 0, 100))).toEqual([40, 20, 20, 20]);
    for (let c = 0; c < 30; c++) {
      if (c % 5 !== 0) expect(whoHas('lead', c)).toBe('M1');
      expect(whoHas('joint', c)).toBe('H1');
    }
    expect(count('M1', 100, 200)).toBe(0);
    // 12 borrowers between 50,000 and 200,000, and everybody below: nobody else covers them.
    expect([count('T1', 100, 200), count('T2', 100, 200)]).toEqual([26, 26]);
    expect(result.totals.uncovered).toBe(0);
  });

  it('without other members the lead has all high-end and VIP customers, and tellers everybody below 200,000', () => {
    const alone = people.filter((person) => !['L1', 'L2', 'W1'].includes(person.id));
    const { count } = run(outlet(outletTeam, alone, yuan), () => false);
    expect([count('M1', 0, 100), count('T1', 100, 200), count('T2', 100, 200)]).toEqual([100, 50, 50]);
  });
});
