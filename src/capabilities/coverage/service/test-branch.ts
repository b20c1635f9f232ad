import type { BusinessDate } from '../../../kernel/business-date.ts';
import { COMMAND_LINE } from '../../../platform/audit/index.ts';
import type { Platform } from '../../../platform/context.ts';
import { type CloseHooks, closeTo } from '../../closing/index.ts';
import type { TestBank } from '../../closing/test-bank.ts';
import { afterDay, afterRestate } from './night.ts';

/** One branch with a sub-branch and two outlets, O1 and O2; each outlet has managers W1a, W1b … and a lobby manager. */
export async function foundBranch(bank: TestBank): Promise<void> {
  await bank.dump(`insert into organisation.org_unit (id, name, level, parent_id, unit_no, last_no, branch_id, sub_branch_id) values
    ('H', '总行', 'head-office', null, 1, 5, null, null), ('B', '分行', 'branch', 'H', 2, 5, 'B', null),
    ('S', '支行', 'sub-branch', 'B', 3, 5, 'B', 'S'), ('O1', '一网点', 'outlet', 'S', 4, 4, 'B', 'S'), ('O2', '二网点', 'outlet', 'S', 5, 5, 'B', 'S')`);
  const staff = [
    ['HEAD', 'S', 'sub-branch-head'],
    ['ADV', 'B', 'wealth-advisor'],
    ...['1', '2'].flatMap((n) => [
      [`W${n}a`, `O${n}`, 'wealth-manager'],
      [`W${n}b`, `O${n}`, 'wealth-manager'],
      [`L${n}`, `O${n}`, 'lobby-manager'],
    ]),
  ];
  const rows = staff.map(([id, unit, role]) => `('${id}', '${id}', '', '', '${unit}', '${role}', 10000)`);
  await bank.dump(
    `insert into organisation.staff (id, name, pinyin, initials, org_unit_id, role, share_bp) values ${rows.join(', ')}`,
  );
  await bank.classify('D', 'demand-deposit');
  await bank.classify('L', 'loan');
}

export async function addCustomers(bank: TestBank, ids: readonly string[]): Promise<void> {
  const rows = ids.map((id) => `('${id}', '客户${id}', 'kehu', 'kh')`);
  await bank.dump(`insert into customers.customer (customer_id, name, pinyin, initials) values ${rows.join(', ')}`);
}

/** Takes away what coverage has made, so that the next case begins with an empty bank. */
export async function forgetCoverage(bank: TestBank): Promise<void> {
  await bank.dump(`truncate coverage.scheme, coverage.scheme_band, coverage.card, coverage.standing, coverage.band_history, coverage.risk_history, coverage.carried_grace,
    coverage.assignment, coverage.by_staff, coverage.portfolio, coverage.run, coverage.run_pool, coverage.decision, coverage.unit_count, coverage.stage_change,
    coverage.stage_decision, organisation.staff, organisation.org_unit`);
}

/** A close with all that coverage does in it. */
export function closeWithCoverage(platform: Platform, to: BusinessDate) {
  const evening = { actor: COMMAND_LINE, now: platform.now() };
  const hooks: CloseHooks = {
    afterDay: (tx, closed) => afterDay(tx, evening, closed),
    afterRestate: (tx, restated) => afterRestate(tx, evening, restated),
  };
  return closeTo(platform, COMMAND_LINE, to, hooks);
}

interface SeatLimits {
  readonly grace?: number;
  readonly measure?: 'calendar-year' | 'rolling-365';
  readonly initial?: number;
  readonly atMost?: number;
  /** Lower limit of the middle band. */
  readonly middle?: number;
}

/** A scheme in yuan: top from 1,000 (head + adviser), middle from 100 or as told (wealth managers, limited), low from 10 (lobby). */
export function schemeText({
  grace = 1,
  measure = 'calendar-year',
  initial = 3,
  atMost = 4,
  middle = 100,
}: SeatLimits = {}): string {
  return `scheme: small
version: "1"
title: {zh: 小方案, en: Small}
measure: ${measure}
grace: {months: ${grace}}
bands:
  - band: top
    title: {zh: 高, en: Top}
    from: 1000
    seats:
      - {seat: lead, staff: [{role: sub-branch-head}], pool: sub-branch}
      - {seat: joint, staff: [{role: wealth-advisor}], pool: branch, limit: {at_most: 2}}
  - band: middle
    title: {zh: 中, en: Middle}
    from: ${middle}
    to: 1000
    seats:
      - {seat: lead, staff: [{role: wealth-manager}], pool: outlet, limit: {initial: ${initial}, at_most: ${atMost}}}
  - band: low
    title: {zh: 低, en: Low}
    from: 10
    to: ${middle}
    seats:
      - {seat: lead, staff: [{role: lobby-manager}], pool: outlet, when: {has_loan: false}}
      - {seat: lead, staff: [{role: wealth-manager}], pool: outlet, when: {has_loan: true}, limit: {at_most: 5}}
`;
}
