import { z } from 'zod';
import { businessDate } from '../../../kernel/business-date.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import type { Kept } from '../rules/reconcile.ts';

interface Row {
  readonly customer_id: string;
  readonly rule: string;
  readonly cause: string;
  readonly seat: 'lead' | 'joint';
  readonly staff_id: string;
  readonly due_on: string;
  readonly since: string;
  readonly stake_fen: number;
  readonly priority: number;
  readonly because: unknown;
  readonly state: Kept['state'];
}

const becauseSchema = z.record(z.string(), z.union([z.string(), z.number()]));

/** The follow-ups kept of these customers, ended ones too. */
export async function keptOf(tx: Tx, ids: readonly string[]): Promise<Map<string, Kept[]>> {
  const { rows } = await tx.client.query<Row>(
    `select customer_id, rule, cause, seat, staff_id, due_on, since, stake_fen, priority, because, state from engagement.follow_up
      where customer_id = any($1)`,
    [ids],
  );
  const all = new Map<string, Kept[]>();
  for (const row of rows) {
    const kept: Kept = {
      ...{ rule: row.rule, cause: row.cause, seat: row.seat, staffId: row.staff_id, priority: row.priority, state: row.state },
      ...{ due: businessDate(row.due_on), since: businessDate(row.since), stakeFen: row.stake_fen },
      because: becauseSchema.parse(row.because),
    };
    all.set(row.customer_id, [...(all.get(row.customer_id) ?? []), kept]);
  }
  return all;
}
