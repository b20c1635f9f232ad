import { randomUUID } from 'node:crypto';
import { type Actor, audit } from '../../../platform/audit/index.ts';
import type { Platform } from '../../../platform/context.ts';
import { unscoped } from '../../../platform/db/transaction.ts';
import { forgetGroups } from '../../groups/index.ts';
import type { PURPOSES } from '../rules/rights.ts';
import { readMark, setMark } from './marks.ts';
import { lockPerson } from './requests.ts';

interface ConsentWish {
  readonly customerId: string;
  readonly purpose: (typeof PURPOSES)[number];
  readonly given: boolean;
  readonly words: string;
}

/** Writes down that a person allows a purpose, or no longer does: it counts from this commit on. */
export function recordConsent(
  platform: Platform,
  actor: Actor,
  { customerId, purpose, given, words }: ConsentWish,
): Promise<void> {
  return unscoped(platform.worker, async (tx) => {
    await lockPerson(tx, customerId);
    await tx.db
      .insertInto('personal.consent')
      .values({
        ...{ customer_id: customerId, consent_id: randomUUID(), purpose, given, words },
        ...{ recorded_by: actor.staffId, recorded_at: platform.now() },
      })
      .execute();
    // Who restricted everything stays unspoken to, whatever they allow besides.
    const restricted = (await readMark(tx, customerId))?.restricted_at != null;
    if (purpose === 'profiling') {
      await setMark(tx, customerId, { no_profiling: !given });
      if (!given) await forgetGroups(tx, customerId);
    } else await setMark(tx, customerId, { no_marketing: !given || restricted });
    await audit(tx, actor, { kind: 'person.consent', subject: customerId, customerId, body: { purpose, given } });
  });
}
