import { randomUUID } from 'node:crypto';
import type { BusinessDate } from '../../../kernel/business-date.ts';
import { refuse } from '../../../kernel/refusal.ts';
import { type Actor, audit } from '../../../platform/audit/index.ts';
import type { Platform } from '../../../platform/context.ts';
import { LOCKS } from '../../../platform/db/locks.ts';
import { type Tx, unscoped } from '../../../platform/db/transaction.ts';
import { notify } from '../../../platform/notice/index.ts';
import { againstLift, type LiftStep } from '../rules/lock-lift.ts';
import { headOfficeWith } from './transfer-notices.ts';

/** An appraisal period in which portfolios change by transfer only (锁包 [S3]); both days belong to it. */
export interface LockPeriod {
  readonly lockId: string;
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly setBy: string;
  readonly liftAskedBy: string | null;
  readonly liftWords: string | null;
  readonly liftedBy: string | null;
}

const COLUMNS = `lock_id as "lockId", name, from_date as "from", to_date as "to", set_by as "setBy",
  lift_asked_by as "liftAskedBy", lift_words as "liftWords", lifted_by as "liftedBy"`;

/** The period that is on on a day; undefined when portfolios are open. */
export async function lockOn(tx: Tx, day: string): Promise<LockPeriod | undefined> {
  const { rows } = await tx.client.query<LockPeriod>(
    `select ${COLUMNS} from coverage.lock_period where lifted_at is null and $1::date between from_date and to_date order by to_date desc limit 1`,
    [day],
  );
  return rows[0];
}

/** Every period, also those that were lifted, newest first. */
export async function lockPeriods(tx: Tx): Promise<LockPeriod[]> {
  const { rows } = await tx.client.query<LockPeriod>(
    `select ${COLUMNS} from coverage.lock_period order by from_date desc, lock_id limit 100`,
  );
  return rows;
}

export interface LockWish {
  readonly name: string;
  readonly from: BusinessDate;
  readonly to: BusinessDate;
}

/** Locks portfolios from one day to another, both inclusive. */
export async function setLock(platform: Platform, actor: Actor, { name, from, to }: LockWish): Promise<LockPeriod> {
  if (to < from) refuse('lock-backwards', '锁包期的止日早于起日。', 'The period ends before it begins.');
  const lockId = randomUUID();
  await unscoped(platform.worker, async (tx) => {
    await tx.db
      .insertInto('coverage.lock_period')
      .values({ lock_id: lockId, name, from_date: from, to_date: to, set_by: actor.staffId, set_at: platform.now() })
      .execute();
    await audit(tx, actor, { kind: 'lock.set', subject: lockId, body: { from, to } });
  });
  return { lockId, name, from, to, setBy: actor.staffId, liftAskedBy: null, liftWords: null, liftedBy: null };
}

const LIFT_REFUSALS = {
  'lock-unknown': { zh: '没有这个锁包期，或已经解除。', en: 'There is no such period, or it was lifted.' },
  'lift-not-asked': { zh: '还没有人申请解除这个锁包期。', en: 'Nobody has asked to lift this period.' },
  'lift-asked': {
    zh: '已有人申请解除这个锁包期，请由另一人确认。',
    en: 'Lifting it was asked for already: another person has to confirm.',
  },
  'lift-two-people': {
    zh: '申请解除的人不能自己确认，请由另一位有权的人确认。',
    en: 'Who asked for it cannot confirm it: somebody else with the right has to.',
  },
} as const;

/**
 * Takes a step on the way to lifting a period early, which takes two people (SECURITY 18; the database checks it too): one asks, another
 * one confirms, or it is kept. The period stays on record.
 */
export function stepLift(
  platform: Platform,
  actor: Actor,
  { lockId, step, words }: { readonly lockId: string; readonly step: LiftStep; readonly words?: string | undefined },
): Promise<void> {
  return unscoped(platform.worker, async (tx) => {
    const { rows } = await tx.client.query<LockPeriod>(
      `select ${COLUMNS} from coverage.lock_period where lock_id = $1 and lifted_at is null for update`,
      [lockId],
    );
    const period = rows[0];
    const against = period === undefined ? 'lock-unknown' : againstLift(period, actor.identities ?? [actor.staffId], step);
    if (period === undefined || against !== undefined) {
      const code = against ?? 'lock-unknown';
      return refuse(code, LIFT_REFUSALS[code].zh, LIFT_REFUSALS[code].en);
    }
    const [by, at] = [actor.staffId, platform.now()];
    await tx.db
      .updateTable('coverage.lock_period')
      .set(
        step === 'confirm'
          ? { lifted_by: by, lifted_at: at }
          : step === 'ask'
            ? { lift_asked_by: by, lift_asked_at: at, lift_words: words ?? '' }
            : { lift_asked_by: null, lift_asked_at: null, lift_words: null },
      )
      .where('lock_id', '=', lockId)
      .execute();
    const kind = step === 'confirm' ? 'lock.lifted' : step === 'ask' ? 'lock.lift-asked' : 'lock.kept';
    await audit(tx, actor, {
      kind,
      subject: lockId,
      body: { from: period.from, to: period.to, askedBy: period.liftAskedBy ?? by },
    });
    if (step === 'ask') {
      const others = await headOfficeWith(tx, at, 'bank.locks');
      await notify(
        tx,
        at,
        others.filter((id) => id !== by),
        { kind: 'lock-lift-asked', subject: lockId },
      );
    }
  });
}

/** Refuses a run that would open, move or end anything while portfolios are locked, on the day it takes effect or today. */
export async function refuseWhileLocked(tx: Tx, days: readonly string[], changes: number): Promise<void> {
  if (changes === 0) return;
  for (const day of days) {
    const period = await lockOn(tx, day);
    if (period === undefined) continue;
    refuse(
      'portfolios-locked',
      `${period.from} 至 ${period.to} 为锁包期（${period.name}），管户关系只能通过调户变更：这次分户会变动 ${changes} 户次，不能生效。`,
      `Portfolios are locked from ${period.from} to ${period.to} (${period.name}) and change by transfer only: this run would change ${changes} seats, so it cannot be applied.`,
      { from: period.from, to: period.to, changes },
    );
  }
}

/** Keeps single changes of portfolios out until the transaction ends: a run decides on them as they stand. Waits for those under way. */
export async function keepPortfoliosStill(tx: Tx): Promise<void> {
  await tx.client.query('select pg_advisory_xact_lock($1)', [LOCKS.portfolios]);
}

/** Refuses while a run or a night decides about portfolios; otherwise these wait until the transaction has ended. */
export async function changeOnePortfolio(tx: Tx): Promise<void> {
  const { rows } = await tx.client.query<{ mine: boolean }>('select pg_try_advisory_xact_lock_shared($1) as mine', [
    LOCKS.portfolios,
  ]);
  const busy = rows[0]?.mine !== true || (await isApplying(tx));
  if (busy)
    refuse(
      'portfolios-busy',
      '分户或日终正在变更管户关系，请稍后再试。',
      'A run or the night is changing portfolios; try again in a moment.',
    );
}

async function isApplying(tx: Tx): Promise<boolean> {
  const { rowCount } = await tx.client.query("select 1 from coverage.run where state = 'applying' limit 1");
  return (rowCount ?? 0) > 0;
}
