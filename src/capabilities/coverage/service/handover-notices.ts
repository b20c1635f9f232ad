import type { Tx } from '../../../platform/db/transaction.ts';
import { notify } from '../../../platform/notice/index.ts';
import type { NoticeKind } from '../../../platform/notice/kinds.ts';
import type { HandoverAction } from '../rules/handover.ts';
import { headsOver } from './transfer-notices.ts';

interface Told {
  readonly handover_id: string;
  readonly staff_id: string;
  readonly state: string;
  readonly unit_no: number;
  readonly successors: readonly string[];
  readonly started_by: string;
  readonly split_by: string | null;
  readonly giver_signed_by: string | null;
  readonly signed: readonly string[];
}

const KINDS = {
  split: 'handover-to-sign',
  approve: 'handover-done',
  withdraw: 'handover-withdrawn',
  return: 'handover-returned',
} as const satisfies Partial<Record<HandoverAction, NoticeKind>>;

/** Tells both sides of a step, but not who took it; the last signature tells the heads who may approve. */
export async function tellHandover(tx: Tx, now: Date, row: Told, action: HandoverAction, by: string): Promise<void> {
  const { handover_id: subject, staff_id: owner, successors, unit_no: unitNo } = row;
  if (action !== 'sign' && action !== 'sign-for') {
    const told = [owner, ...successors].filter((id) => id !== by);
    return notify(tx, now, told, { kind: KINDS[action], subject });
  }
  if (row.giver_signed_by === null || successors.some((id) => !row.signed.includes(id))) return;
  const involved = [owner, ...successors, row.started_by, row.split_by, row.giver_signed_by];
  const heads = (await headsOver(tx, now, unitNo)).filter((id) => !involved.includes(id));
  return notify(tx, now, heads, { kind: 'handover-to-approve', subject });
}

/** Tells the owner that their portfolio is frozen and, when the night has done it, the heads who are to split it. */
export async function tellFrozen(
  tx: Tx,
  now: Date,
  { handoverId, owner, unitNo }: { readonly handoverId: string; readonly owner: string; readonly unitNo: number },
  byNight: boolean,
): Promise<void> {
  await notify(tx, now, [owner], { kind: 'handover-started', subject: handoverId });
  if (byNight) await notify(tx, now, await headsOver(tx, now, unitNo), { kind: 'handover-to-split', subject: handoverId });
}
