import type { Renumbered } from '../capabilities/organisation/index.ts';
import type { Tx } from '../platform/db/transaction.ts';

/** Tables whose rows keep the number of a unit and nothing else of it: row security compares it. */
export const NUMBERED = [
  ...[
    'appointments.appointment',
    'coverage.unit_count',
    'engagement.contact',
    'engagement.follow_up',
    'groups.fact',
    'groups.stay',
  ],
  ...[
    'ledgers.correction',
    'ledgers.log_words',
    'ledgers.sale',
    'meetings.action',
    'meetings.minutes',
    'meetings.unit_day',
    'outreach.message',
    'plans.plan',
    'plans.team',
    'platform.deputy',
  ],
];
/** Tables whose rows keep the first and the last number of a range. */
export const RANGED = ['coverage.transfer_batch', 'disclosure.export'];

/** Units were numbered anew: rows go with their unit, or another unit's head would see them. */
export async function followNumbers(tx: Tx, moved: Renumbered): Promise<void> {
  if (moved.length === 0) return;
  const pairs = [moved.map(({ from }) => from), moved.map(({ to }) => to)];
  for (const [table, column] of [
    ...NUMBERED.map((table) => [table, 'unit_no'] as const),
    ...RANGED.flatMap((table) => [[table, 'lo'] as const, [table, 'hi'] as const]),
  ])
    await tx.client.query(
      `update ${table} t set ${column} = m.after from unnest($1::int[], $2::int[]) as m (before, after) where t.${column} = m.before`,
      pairs,
    );
}
