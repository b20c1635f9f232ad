import type { Words } from '../../../kernel/refusal.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import { SLOT_WORDS } from '../rules/explain.ts';
import { chainOf } from './chain.ts';
import { staffRefs } from './refs.ts';
import { reasonWords } from './words.ts';

interface Covered {
  readonly seat: string;
  readonly staffId: string;
  readonly from: string;
  readonly to: string | null;
  readonly text: Words;
}

/** Who covered a customer on a day, as sentences. */
export async function whoCovered(tx: Tx, customerId: string, on: string): Promise<Covered[]> {
  const rows = await chainOf(tx, customerId, on);
  const named = await staffRefs(
    tx,
    rows.map((row) => row.staff_id),
  );
  return rows.map((row) => {
    const person = named.get(row.staff_id);
    const who = person === undefined ? row.staff_id : `${person.name}（${row.staff_id}，${person.unitName}）`;
    const whoEn = person === undefined ? row.staff_id : `${person.name} (${row.staff_id}, ${person.unitName})`;
    const slot = SLOT_WORDS[row.seat];
    const reason = reasonWords(row.reason);
    const [id, words] = [row.run_id ?? '', row.words ?? ''];
    const zh = `${slot.zh}：${who}，${row.from_date} 起${row.to_date === null ? '至今' : `至 ${row.to_date} 前`}；${[reason.zh, words, id].filter(Boolean).join('，')}。`;
    const en = `${slot.en}: ${whoEn}, from ${row.from_date} ${row.to_date === null ? 'until now' : `until before ${row.to_date}`}; ${[reason.en, words, id].filter(Boolean).join(', ')}.`;
    return { seat: row.seat, staffId: row.staff_id, from: row.from_date, to: row.to_date, text: { zh, en } };
  });
}
