import type { z } from 'zod';
import { maskIdNumber, maskMobile, maskName } from '../../../kernel/mask.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import { type Secrets, unseal } from '../../../platform/secrets.ts';
import { staffRefOf, staffRefs } from '../../coverage/index.ts';
import { fieldOf, type IdentityField } from '../../customers/index.ts';
import type { rightsSchema } from '../contract.ts';
import { kindOf, mayAskFor, mayDecide, PURPOSES, stateOf } from '../rules/rights.ts';
import { obstacleFor } from '../service/carry-out.ts';
import { readMark } from '../service/marks.ts';

function masked(field: IdentityField | undefined, value: string): string {
  if (field === 'name') return maskName(value);
  if (field === 'mobile') return maskMobile(value);
  if (field === 'idNumber') return maskIdNumber(value);
  return '****';
}

/** What stands about a person's wishes, and what whoever reads it may do next. The customer must be open to the transaction. */
export async function rightsOf(
  tx: Tx,
  secrets: Secrets,
  customerId: string,
  reader: { readonly staffId: string; readonly now: Date },
): Promise<z.input<typeof rightsSchema>> {
  const mark = await readMark(tx, customerId);
  const rows = await tx.db
    .selectFrom('personal.request')
    .selectAll()
    .where('customer_id', '=', customerId)
    .orderBy('requested_at', 'desc')
    .execute();
  const staff = await staffRefs(
    tx,
    rows.flatMap((row) => [row.requested_by, row.decided_by]),
  );
  const withdrawn = { marketing: mark?.no_marketing ?? false, profiling: mark?.no_profiling ?? false };
  const obstacle = await obstacleFor(tx, reader.now, customerId);
  return {
    customerId,
    consents: PURPOSES.map((purpose) => ({ purpose, withdrawn: withdrawn[purpose] })),
    restrictedAt: mark?.restricted_at?.toISOString() ?? null,
    heldAt: mark?.held_at?.toISOString() ?? null,
    erasedAt: mark?.erased_at?.toISOString() ?? null,
    resentAt: mark?.resent_at?.toISOString() ?? null,
    requests: rows.map((row) => {
      const field = fieldOf(row.field);
      return {
        ...{ requestId: row.request_id, kind: kindOf(row.kind), field: field ?? null, words: row.words, note: row.note },
        value: row.value_sealed === null ? null : masked(field, unseal(secrets, row.value_sealed)),
        ...{ agreedAt: row.agreed_at?.toISOString() ?? null, state: stateOf(row.state) },
        ...{ requestedBy: staffRefOf(staff, row.requested_by), requestedAt: row.requested_at.toISOString() },
        ...{ decidedBy: staffRefOf(staff, row.decided_by), decidedAt: row.decided_at?.toISOString() ?? null },
        may: [...mayDecide({ state: row.state, requestedBy: row.requested_by }, reader)],
      };
    }),
    mayAsk: mayAskFor({
      restricted: mark?.restricted_at != null,
      held: mark?.held_at != null,
      erased: mark?.erased_at != null,
      erasable: obstacle === undefined,
      waiting: new Set(rows.flatMap((row) => (row.state === 'requested' ? [row.kind] : []))),
    }),
    notErasable: obstacle === undefined ? null : { code: obstacle.code, until: obstacle.until ?? null },
  };
}
