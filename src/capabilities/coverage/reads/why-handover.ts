import type { Words } from '../../../kernel/refusal.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import { SLOT_WORDS } from '../rules/explain.ts';
import { HANDOVER_WORDS, type HandoverKind } from '../rules/handover.ts';
import { staffRefs } from './refs.ts';

interface Line {
  readonly handover_id: string;
  readonly kind: HandoverKind;
  readonly words: string;
  readonly seat: 'lead' | 'joint';
  readonly staff_id: string;
  readonly owner: string;
  readonly from_date: string;
  readonly decided_by: string;
}

/** Whom the customer has through a handover, or got back after one, while that still stands. */
export async function handoverLines(
  tx: Tx,
  customerId: string,
): Promise<(Words & { kind: string; proof: { label: Words; value: string }[] })[]> {
  const { rows } = await tx.client.query<Line>(
    `select h.handover_id, h.kind, h.words, a.seat, a.staff_id, h.staff_id as owner, a.from_date, h.decided_by
       from coverage.assignment a join coverage.handover h on h.handover_id = a.run_id
      where a.customer_id = $1 and a.to_date is null order by a.seat desc`,
    [customerId],
  );
  const named = await staffRefs(
    tx,
    rows.flatMap((row) => [row.staff_id, row.owner, row.decided_by]),
  );
  const name = (id: string) => named.get(id)?.name ?? id;
  return rows.map((row) => {
    const [slot, kind, back] = [SLOT_WORDS[row.seat], HANDOVER_WORDS[row.kind], row.staff_id === row.owner];
    const [to, from, by] = [name(row.staff_id), name(row.owner), name(row.decided_by)];
    return {
      kind: 'decision',
      zh: back
        ? `${row.from_date} 起${slot.zh}：${to}返岗后交还。`
        : `${row.from_date} 起${slot.zh}整包交接：由${from}移交${to}（${kind.zh}），${by}审批。`,
      en: back
        ? `${slot.en} from ${row.from_date}: given back to ${to} after the absence.`
        : `${slot.en} from ${row.from_date}: handed over from ${from} to ${to} (${kind.en}), approved by ${by}.`,
      proof: [
        { label: { zh: '说明', en: 'Words' }, value: row.words },
        { label: { zh: '交接编号', en: 'Handover' }, value: row.handover_id },
      ],
    };
  });
}
