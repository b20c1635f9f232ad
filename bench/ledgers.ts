import { allUnits } from '../src/capabilities/coverage/index.ts';
import { overviewOf, registerOf } from '../src/capabilities/ledgers/reads/registers.ts';
import { peopleOf } from '../src/capabilities/plans/reads/people.ts';
import { doneBy } from '../src/capabilities/plans/reads/progress.ts';
import { yearStart } from '../src/kernel/business-date.ts';
import { personById } from '../src/platform/auth/session.ts';
import type { Platform } from '../src/platform/context.ts';
import { scoped } from '../src/platform/db/transaction.ts';
import { type Latency, latency } from './reading.ts';
import { DAY } from './runs.ts';

/** Registers of heads of sub-branches, and how far the people of a sub-branch grew: every stretch of all whom they lead. */
export async function ledgerSpeed(platform: Platform, rounds: number): Promise<Latency[]> {
  const { rows } = await platform.worker.query<{ id: string }>(
    "select id from organisation.staff where role = 'sub-branch-head' order by id limit 20",
  );
  const units = await scoped(platform.app, { staffId: 'bench', lo: 1, hi: 1_000_000 }, (tx) => allUnits(tx));
  const heads = (await Promise.all(rows.map(({ id }) => personById(platform.app, id, platform.now())))).flatMap(
    (one) => one ?? [],
  );
  const head = (n: number) => {
    const one = heads[n % heads.length];
    if (one === undefined) throw new Error('the bench has no heads');
    return one;
  };
  return [
    await latency('register of customers, first page', rounds, (n) =>
      scoped(platform.app, head(n).scope, (tx) => registerOf(platform, tx, head(n), undefined, { limit: 50 })),
    ),
    await latency('overview by person, first page', rounds, (n) =>
      scoped(platform.app, head(n).scope, (tx) => overviewOf(tx, head(n), { limit: 50 })),
    ),
    await latency('growth of a sub-branch’s people in a year', Math.ceil(rounds / 10), (n) =>
      scoped(platform.app, head(n).scope, async (tx) => {
        const unit = units.get(head(n).unitId);
        if (unit === undefined) throw new Error('the bench lost a unit');
        const people = await peopleOf(tx, unit);
        return doneBy(
          platform,
          'assets',
          people.map(({ id }) => id),
          yearStart(DAY),
          DAY,
        );
      }),
    ),
  ];
}
