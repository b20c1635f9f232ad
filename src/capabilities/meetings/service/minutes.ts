import type { z } from 'zod';
import { refuse } from '../../../kernel/refusal.ts';
import { audit } from '../../../platform/audit/index.ts';
import { unscoped } from '../../../platform/db/transaction.ts';
import type { Ctx } from '../../../platform/http/route.ts';
import { lastClosedDay } from '../../closing/index.ts';
import type { UnitRow } from '../../coverage/index.ts';
import type { minutesInput } from '../contract.ts';
import { giveActions } from './actions.ts';

/** Keeps what a unit's meeting came to and whom it asks for what, under the newest closed day, which its pack is of. Sent twice it is kept once. */
export async function keepMinutes(ctx: Ctx, unit: UnitRow, wish: z.output<typeof minutesInput>): Promise<void> {
  const { platform, actor } = ctx;
  await unscoped(platform.worker, async (tx) => {
    const day = await lastClosedDay(tx);
    if (day === undefined) return refuse('no-day', '还没有日终，不能记纪要。', 'No day has been closed yet.');
    const { numInsertedOrUpdatedRows } = await tx.db
      .insertInto('meetings.minutes')
      .values({
        ...{ minutes_id: wish.minutesId, unit_id: unit.id, unit_no: unit.unit_no, kind: wish.kind, on_date: day },
        ...{ words: wish.words, made_by: actor.staffId, made_at: platform.now() },
      })
      .onConflict((found) => found.doNothing())
      .executeTakeFirst();
    if (numInsertedOrUpdatedRows === 0n) return;
    await audit(tx, actor, {
      kind: 'minutes.kept',
      subject: wish.minutesId,
      body: { unit: unit.id, on: day, kind: wish.kind },
    });
    await giveActions(tx, ctx, unit, wish.minutesId, wish.actions);
  });
}
