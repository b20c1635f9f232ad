import { lastClosedDay } from '../capabilities/closing/index.ts';
import { unscoped } from '../platform/db/transaction.ts';
import type { GaugeSource } from '../platform/http/metrics.ts';

const DAY_SECONDS = 86_400;

/** What the product tells a collector besides its requests: counts and dates only. */
export const GAUGES: readonly GaugeSource[] = [
  {
    name: 'guanhu_closed_day_timestamp_seconds',
    help: 'The newest closed business day, as midnight UTC',
    labels: [],
    read: async (platform) => {
      const day = await unscoped(platform.app, lastClosedDay);
      return day === undefined ? [] : [{ labels: {}, value: Date.parse(day) / 1000 }];
    },
  },
  {
    name: 'guanhu_closed_day_age_days',
    help: 'Days between the newest closed day and today',
    labels: [],
    read: async (platform) => {
      const day = await unscoped(platform.app, lastClosedDay);
      if (day === undefined) return [];
      return [{ labels: {}, value: Math.floor((platform.now().getTime() - Date.parse(day)) / 1000 / DAY_SECONDS) }];
    },
  },
  {
    name: 'guanhu_jobs',
    help: 'Files and allocations by the state they are in',
    labels: ['job', 'state'],
    read: async (platform) => {
      const { rows } = await platform.app.query<{ job: string; state: string; n: number }>(
        `select 'feed' as job, state, count(*)::int as n from feed.import group by state
          union all select 'allocation', state, count(*)::int from coverage.run group by state`,
      );
      return rows.map(({ job, state, n }) => ({ labels: { job, state }, value: n }));
    },
  },
];
