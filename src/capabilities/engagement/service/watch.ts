import type { Platform } from '../../../platform/context.ts';
import { isAway } from '../../../platform/db/away.ts';
import { logFault } from '../../../platform/log.ts';
import { catchUp, hasNews } from './evaluate.ts';

const LOOK_EVERY_MS = 3_000;

/** While the service runs, open work follows customers who change hands by day within seconds, not only at night. */
export function startCatchingUp(platform: Platform): { readonly stop: () => Promise<void> } {
  let turn: Promise<void> | undefined;
  const step = async () => {
    try {
      if (await hasNews(platform)) await catchUp(platform);
    } catch (error) {
      // A database that restarts is back in a moment; the news stays until somebody has followed it.
      if (!isAway(error)) logFault('follow-ups could not be brought up to date', error);
    }
  };
  const timer = setInterval(() => {
    turn ??= step().finally(() => {
      turn = undefined;
    });
  }, LOOK_EVERY_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      await turn;
    },
  };
}
