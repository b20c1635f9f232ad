import type { Tx } from '../../../platform/db/transaction.ts';
import { keptRule, type Rule } from '../rules/rule.ts';
import { SHIPPED_GROUPS } from '../rules/shipped.ts';

/** A group as it is kept. */
export interface Definition {
  readonly groupId: string;
  readonly title: { readonly zh: string; readonly en: string };
  readonly rule: Rule;
  readonly ownerStaff: string | null;
  readonly unitId: string | null;
}

/** Makes sure that the shipped groups are there; what a bank made of them stays. */
export async function keepShipped(tx: Tx, now: Date): Promise<void> {
  for (const { id, title, rule } of SHIPPED_GROUPS)
    await tx.client.query(
      `insert into groups.definition (group_id, title_zh, title_en, rule, state, created_by, created_at, changed_at)
       values ($1, $2, $3, $4, 'active', 'guanhu', $5, $5) on conflict (group_id) do nothing`,
      [id, title.zh, title.en, JSON.stringify(rule), now],
    );
}

/** Groups in use, in a fixed order. */
export async function activeGroups(tx: Tx): Promise<Definition[]> {
  const rows = await tx.db
    .selectFrom('groups.definition')
    .select(['group_id', 'title_zh', 'title_en', 'rule', 'owner_staff', 'unit_id'])
    .where('state', '=', 'active')
    .orderBy('created_at')
    .orderBy('group_id')
    .execute();
  return rows.map((row) => ({
    ...{ groupId: row.group_id, title: { zh: row.title_zh, en: row.title_en }, rule: keptRule(row.rule) },
    ...{ ownerStaff: row.owner_staff, unitId: row.unit_id },
  }));
}
