import { activateCatalogue, addHistory, evaluateFollowUps, shippedRules } from '../capabilities/engagement/index.ts';
import { activateRates, shippedRates } from '../capabilities/insight/index.ts';
import { type DemoSeat, demoContacts, demoProfiles } from '../demo/contacts.ts';
import { businessDate } from '../kernel/business-date.ts';
import { COMMAND_LINE } from '../platform/audit/index.ts';
import type { Platform } from '../platform/context.ts';
import { unscoped } from '../platform/db/transaction.ts';

/** Gives everybody of the demo a history with their customers and puts the shipped follow-up rules in force. */
export async function openDesks(platform: Platform, seed: string, to: string): Promise<void> {
  const { rows } = await platform.worker.query<{ id: string; staff: string; role: string; since: string; fen: number }>(
    `select a.customer_id as id, a.staff_id as staff, s.role, a.from_date as since, b.assets_fen as fen from coverage.assignment a
       join organisation.staff s on s.id = a.staff_id join coverage.by_staff b on b.customer_id = a.customer_id and b.seat = a.seat
      where a.to_date is null order by a.customer_id, a.seat`,
  );
  const seats: DemoSeat[] = rows.map(({ id, staff, role, since, fen }) => ({
    ...{ customerId: id, staffId: staff, role, assetsFen: fen },
    since: businessDate(since),
  }));
  const last = businessDate(to);
  const history = { contacts: demoContacts(seats, last, seed), profiles: demoProfiles(seats, last, seed) };
  await unscoped(platform.worker, (tx) => addHistory(tx, history));
  await activateCatalogue(platform, COMMAND_LINE, await shippedRules());
  await activateRates(platform, COMMAND_LINE, await shippedRates());
  await evaluateFollowUps(platform);
}
