import { addDays, businessDate, todayOf } from '../../../kernel/business-date.ts';
import { refuse } from '../../../kernel/refusal.ts';
import { audit } from '../../../platform/audit/index.ts';
import type { Platform } from '../../../platform/context.ts';
import { unscoped } from '../../../platform/db/transaction.ts';
import { customerToWork, type Worker } from './contacts.ts';
import { evaluateOne } from './evaluate.ts';

export interface NewTask {
  readonly customerId: string;
  readonly taskId: string;
  readonly words: string;
  readonly dueOn: string;
}

const DUE_DAYS = 92;

/** 布置跟进: asks whoever covers the customer to see to something by a day. Sent twice it is one. */
export async function giveTask(
  platform: Platform,
  { person, actor }: Worker,
  { customerId, taskId, words, dueOn }: NewTask,
): Promise<void> {
  const now = platform.now();
  const today = todayOf(now);
  const due = businessDate(dueOn);
  if (due < today || due > addDays(today, DUE_DAYS))
    refuse(
      'due-day',
      `应办日期须在 ${today} 至 ${addDays(today, DUE_DAYS)} 之间。`,
      `The day must lie between ${today} and ${addDays(today, DUE_DAYS)}.`,
    );
  await unscoped(platform.worker, async (tx) => {
    await customerToWork(tx, person, customerId);
    const { rowCount } = await tx.client.query(
      `insert into engagement.task (customer_id, task_id, words, on_date, due_on, made_by, made_at) values ($1, $2, $3, $4, $5, $6, $7)
       on conflict (customer_id, task_id) do nothing`,
      [customerId, taskId, words, today, due, actor.staffId, now],
    );
    if (rowCount === 0) return;
    await audit(tx, actor, { kind: 'task.given', subject: taskId, customerId, body: { due } });
    await evaluateOne(tx, customerId);
  });
}
