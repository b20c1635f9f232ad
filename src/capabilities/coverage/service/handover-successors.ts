import type { Platform } from '../../../platform/context.ts';
import { unscoped } from '../../../platform/db/transaction.ts';
import { staffRefOf, staffRefs } from '../reads/refs.ts';
import { takersOf } from '../rules/handover.ts';
import { closedDay, handoverGround, heldBy } from './handover-ground.ts';

/** Who could take customers of a portfolio by the rules of the seats: how many of them, and how many customers each has; fewest first. */
export function successorsOf(platform: Platform, owner: string) {
  return unscoped(platform.worker, async (tx) => {
    const ground = await handoverGround(tx, platform.now());
    const takers = takersOf({ ...ground, owner });
    const takes = new Map<string, number>();
    for (const customer of await heldBy(tx, owner, await closedDay(tx)))
      for (const { staffId } of takers(customer)) takes.set(staffId, (takes.get(staffId) ?? 0) + 1);
    const people = await staffRefs(tx, takes.keys());
    const { rows } = await tx.client.query<{ id: string; load: number }>(
      'select staff_id as id, sum(customers)::integer as load from coverage.portfolio where staff_id = any($1) group by 1',
      [[...takes.keys()]],
    );
    const loads = new Map(rows.map((row) => [row.id, row.load]));
    return [...takes]
      .flatMap(([staffId, n]) => {
        const person = staffRefOf(people, staffId);
        return person === null ? [] : [{ ...person, takes: n, load: loads.get(staffId) ?? 0 }];
      })
      .sort((a, b) => a.load - b.load || (a.staffId < b.staffId ? -1 : 1));
  });
}
