import { fenFromDb, yuanText } from '../../../kernel/money.ts';
import type { Person } from '../../../platform/auth/session.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import type { Table } from '../../../platform/tables/index.ts';
import { queueOf } from '../reads/queue.ts';

const PAGE = 1_000;
type Cells = readonly (string | null)[];
type Named = { readonly table: Table; readonly fileName: string } | undefined;
const text = (name: string) => ({ name, type: 'text' as const });

/** 待跟进清单: what is due within the week for everybody of a head's unit, a row a follow-up; undefined for who is no head. */
export function followUpTable(tx: Tx, person: Person, now: Date): Named {
  if (person.scope.lo === undefined) return undefined;
  const columns = [
    ...['客户号', '姓名', '归属网点', '管户人', '事由', '依据', '应办日期'].map(text),
    { name: '涉及金额（元）', type: 'yuan' as const },
  ];
  return {
    table: { name: '待跟进清单', columns, batches: followUpCells(tx, person, now) },
    fileName: `待跟进清单-${person.unitName}.xlsx`,
  };
}

async function* followUpCells(tx: Tx, person: Person, now: Date): AsyncGenerator<Cells[]> {
  let after: string | undefined;
  do {
    const page = await queueOf(tx, person, { team: true }, { after, limit: PAGE }, now);
    yield page.items.flatMap((row) =>
      row.followUps.map((one) => [
        ...[row.customerId, row.name, row.outlet?.name ?? null, row.lead?.name ?? null],
        ...[one.title.zh, one.why.zh, one.postponedTo ?? one.dueOn, yuanText(fenFromDb(one.stakeFen))],
      ]),
    );
    after = page.next ?? undefined;
  } while (after !== undefined);
}
