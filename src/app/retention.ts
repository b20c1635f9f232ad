import { forgetUntaken } from '../capabilities/feed/index.ts';
import { dueForErasure, holdsStanding } from '../capabilities/personal/index.ts';
import { audit, COMMAND_LINE } from '../platform/audit/index.ts';
import type { Platform } from '../platform/context.ts';
import { unscoped } from '../platform/db/transaction.ts';
import { type Kept, removeDead } from '../platform/retention.ts';

export interface RetentionReport {
  readonly applied: boolean;
  /** Legal holds that stand. */
  readonly holds: number;
  readonly classes: readonly Kept[];
  /** The first customers whose identity may go; two people erase each. */
  readonly customers: readonly string[];
}

/** What is past its time, class by class; removed when told to, with an entry that says how many. A day run twice removes nothing more. */
export function runRetention(platform: Platform, apply: boolean): Promise<RetentionReport> {
  return unscoped(platform.worker, async (tx) => {
    const now = platform.now();
    const holds = await holdsStanding(tx);
    const dead = await removeDead(tx, now, apply);
    const mayForget = apply && holds === 0;
    const untaken = await forgetUntaken(platform, tx, mayForget);
    const { due, customers } = await dueForErasure(tx, now);
    const classes = [
      ...dead,
      { what: 'untaken-file', due: untaken, removed: mayForget ? untaken : 0 },
      { what: 'customer', due, removed: 0 },
    ];
    if (apply) {
      const removed = Object.fromEntries(classes.map(({ what, removed: n }) => [what, n]));
      await audit(tx, COMMAND_LINE, { kind: 'retention.applied', subject: 'retention', body: { holds, removed } });
    }
    return { applied: apply, holds, classes, customers };
  });
}
