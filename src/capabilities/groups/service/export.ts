import type { Person } from '../../../platform/auth/session.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import type { Table } from '../../../platform/tables/index.ts';
import { CUSTOMER_COLUMNS, customerCellsOf } from '../../coverage/index.ts';
import { groupsFor, membersOf } from '../reads/groups.ts';

const PAGE = 1_000;

async function* memberCells(tx: Tx, person: Person, groupId: string): AsyncGenerator<(readonly (string | null)[])[]> {
  let after: string | undefined;
  do {
    const page = await membersOf(tx, person.scope, { groupId, shown: 'in' }, { after, limit: PAGE });
    if (page.items.length > 0) yield page.items.map((row) => [...customerCellsOf(row), row.since]);
    after = page.next ?? undefined;
  } while (after !== undefined);
}

/** Who of one's customers is in a group, as a workbook; undefined when one does not see the group. */
export async function groupTable(
  tx: Tx,
  person: Person,
  groupId: string,
): Promise<{ readonly table: Table; readonly fileName: string } | undefined> {
  const { groups } = await groupsFor(tx, person);
  const group = groups.find((one) => one.groupId === groupId);
  if (group === undefined) return undefined;
  const columns = [...CUSTOMER_COLUMNS, { name: '进入日期', type: 'text' as const }];
  const fileName = `客群-${group.title.zh.replace(/[\\/:*?"<>|]/g, '')}.xlsx`;
  return { table: { name: '客群', columns, batches: memberCells(tx, person, groupId) }, fileName };
}
