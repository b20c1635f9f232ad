import type { CloseReport } from '../capabilities/closing/contract.ts';
import { type CloseHooks, closeTo } from '../capabilities/closing/index.ts';
import { afterDay, afterRestate, refreshCounts, refreshKeeps } from '../capabilities/coverage/index.ts';
import { evaluateFollowUps, noteCustomers, notePositions } from '../capabilities/engagement/index.ts';
import { refreshGroups } from '../capabilities/groups/index.ts';
import { countPeers } from '../capabilities/insight/index.ts';
import { keepUnitDays } from '../capabilities/meetings/index.ts';
import type { BusinessDate } from '../kernel/business-date.ts';
import type { Actor } from '../platform/audit/index.ts';
import type { Platform } from '../platform/context.ts';
import { unscoped } from '../platform/db/transaction.ts';

/** One night: closes every day up to `to`, with standings, bands and portfolios in the transaction of each day, follow-ups and groups after the last. */
export async function closeNight(
  platform: Platform,
  actor: Actor,
  to: BusinessDate,
  onProgress?: NonNullable<CloseHooks['onProgress']>,
): Promise<CloseReport> {
  const report = await closeTo(platform, actor, to, {
    afterDay: async (tx, closed) => {
      await afterDay(tx, { actor, now: platform.now() }, closed);
      await notePositions(tx, closed.day);
    },
    afterRestate: async (tx, restated) => {
      await afterRestate(tx, { actor, now: platform.now() }, restated);
      await noteCustomers(tx, restated.changed);
    },
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  // Also when there was nothing to close: an earlier night may have been killed after its last day and before its counts.
  await unscoped(platform.worker, refreshCounts);
  await unscoped(platform.worker, refreshKeeps);
  await evaluateFollowUps(platform);
  await refreshGroups(platform);
  await countPeers(platform);
  await keepUnitDays(platform);
  return report;
}
