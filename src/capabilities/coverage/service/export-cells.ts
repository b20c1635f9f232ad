import { isBusinessDate } from '../../../kernel/business-date.ts';
import { maskName } from '../../../kernel/mask.ts';
import { fenFromDb, yuanText } from '../../../kernel/money.ts';
import type { Scope, Tx } from '../../../platform/db/transaction.ts';
import type { Column, Table } from '../../../platform/tables/index.ts';
import { hadOn, ownerOn, toHadRow } from '../reads/chain.ts';
import { listCustomers } from '../reads/customer-list.ts';
import { handoverItems, handoverOwner, toHandoverItem, viewOfItems } from '../reads/handovers.ts';
import { listPortfolios } from '../reads/portfolios.ts';
import { allUnits, staffRefOf, staffRefs, type UnitRow, unitInScope, unitRefOf } from '../reads/refs.ts';
import { DECISION_KINDS, findRun, runDecisions } from '../reads/runs.ts';
import { schemeViewById } from '../reads/schemes.ts';
import { toCustomerRow, viewFor } from '../reads/view.ts';
import { reasonWords, remedyWords } from '../reads/words.ts';

/** What is exported: somebody's portfolio, now or as of a day (`person@day`), the decisions of a run, of one unit if it says so, or a handover. */
export interface ExportSubject {
  readonly kind: 'portfolio' | 'portfolio-on' | 'run' | 'handover';
  readonly subject: string;
  readonly unitId: string | null;
}

const PAGE = 1_000;
type Cells = readonly (string | null)[];

async function* pages<T>(load: (after: string | undefined) => Promise<{ items: T[]; next: string | null }>): AsyncGenerator<T[]> {
  let after: string | undefined;
  do {
    const page = await load(after);
    if (page.items.length > 0) yield page.items;
    after = page.next ?? undefined;
  } while (after !== undefined);
}

const text = (name: string): Column => ({ name, type: 'text' });
const yuan = (name: string): Column => ({ name, type: 'yuan' });
const amount = (fen: number): string => yuanText(fenFromDb(fen));
const personText = (person: { name: string; unitName: string } | null): string | null =>
  person === null ? null : `${person.name}·${person.unitName}`;

export const CUSTOMER_COLUMNS = [
  text('客户号'),
  text('姓名'),
  text('归属网点'),
  text('分析层级'),
  text('方案层级'),
  text('预警'),
  text('有贷款'),
  yuan('资产（元）'),
  text('主管户人'),
  text('共同管户人'),
];

/** A customer as a row of a workbook, under the headings above. */
export function customerCellsOf(shown: ReturnType<typeof toCustomerRow>): Cells {
  return [
    ...[shown.customerId, shown.name, shown.outlet?.name ?? null, shown.tierTitle.zh, shown.bandTitle?.zh ?? null],
    ...[
      shown.atRisk ? '是' : '',
      shown.hasLoan ? '是' : '',
      amount(shown.assetsFen),
      personText(shown.lead),
      personText(shown.joint),
    ],
  ];
}

async function* customerCells(tx: Tx, scope: Scope, staffId: string): AsyncGenerator<Cells[]> {
  for await (const rows of pages((after) => listCustomers(tx, scope, { staffId }, { after, limit: PAGE }))) {
    const view = await viewFor(
      tx,
      rows.flatMap((row) => [row.lead_staff, row.joint_staff]),
    );
    yield rows.map((row) => customerCellsOf(toCustomerRow(view, row)));
  }
}

const RUN_COLUMNS = [
  text('客户号'),
  text('姓名'),
  text('席位'),
  text('层级'),
  text('归属网点'),
  yuan('年日均（元）'),
  text('原管户人'),
  text('新管户人'),
  text('原因'),
  text('办法'),
];

async function* runCells(
  tx: Tx,
  scope: Scope,
  run: { readonly id: string; readonly schemeId: string },
  unit: UnitRow | undefined,
): AsyncGenerator<Cells[]> {
  const units = await allUnits(tx);
  const scheme = await schemeViewById(tx, run.schemeId);
  for (const kind of DECISION_KINDS) {
    for await (const rows of pages((after) => runDecisions(tx, scope, run.id, { kind, unit }, { after, limit: PAGE }))) {
      const staff = await staffRefs(
        tx,
        rows.flatMap((row) => [row.before_staff, row.staff_id]),
      );
      yield rows.map((row) => [
        ...[
          row.customer_id,
          maskName(row.name ?? ''),
          row.seat === 'joint' ? '共同' : '主管户',
          scheme?.bands[row.band]?.title.zh ?? null,
        ],
        ...[unitRefOf(units, row.outlet_id)?.name ?? null, amount(row.average_fen)],
        ...[personText(staffRefOf(staff, row.before_staff)), personText(staffRefOf(staff, row.staff_id))],
        ...[reasonWords(row.reason).zh, remedyWords(row.reason)?.zh ?? null],
      ]);
    }
  }
}

const HAD_COLUMNS = ['客户号', '姓名', '归属网点', '席位', '方案层级', '起', '止', '原因'].map(text);
const seatText = (seat: 'lead' | 'joint'): string => (seat === 'joint' ? '共同管户' : '主管户');

async function* hadCells(tx: Tx, wanted: { readonly staffId: string; readonly on: string }): AsyncGenerator<Cells[]> {
  const view = await viewFor(tx, []);
  for await (const rows of pages((after) => hadOn(tx, wanted, { after, limit: PAGE })))
    yield rows.map((row) => {
      const shown = toHadRow(view, row);
      return [
        ...[shown.customerId, shown.name, shown.outlet?.name ?? null, seatText(shown.seat), shown.bandTitle?.zh ?? null],
        ...[shown.from, shown.to, shown.reasonText.zh],
      ];
    });
}

const HANDOVER_COLUMNS = [
  ...[text('客户号'), text('姓名'), text('归属网点'), text('席位'), text('方案层级'), yuan('资产（元）')],
  ...[text('接收人'), text('近期多次换人'), text('结果')],
];
const OUTCOMES = { moved: '已移交', stayed: '未移交', gone: '此前已换人', returned: '已交还' } as const;

async function* handoverCells(tx: Tx, scope: Scope, handoverId: string): AsyncGenerator<Cells[]> {
  for await (const rows of pages((after) => handoverItems(tx, scope, { handoverId }, { after, limit: PAGE }))) {
    const view = await viewOfItems(tx, rows);
    yield rows.map((row) => {
      const shown = toHandoverItem(view, row);
      return [
        ...[shown.customerId, shown.customerName, shown.outlet?.name ?? null, seatText(shown.seat), shown.bandTitle?.zh ?? null],
        ...[amount(shown.assetsFen), personText(shown.to), shown.often ? '是' : ''],
        shown.outcome === null ? null : OUTCOMES[shown.outcome],
      ];
    });
  }
}

type Found = Promise<{ readonly table: Table; readonly fileName: string } | undefined>;

async function portfolioOnTable(tx: Tx, scope: Scope, subject: string): Found {
  const [staffId = '', on = ''] = subject.split('@');
  if (!isBusinessDate(on)) return undefined;
  const owner = await ownerOn(tx, scope, staffId, on);
  if (owner === undefined) return undefined;
  const table = { name: '管户包', columns: HAD_COLUMNS, batches: hadCells(tx, { staffId, on }) };
  return { table, fileName: `管户包-${owner.name}-${on}.xlsx` };
}

async function handoverTable(tx: Tx, scope: Scope, handoverId: string): Found {
  const owner = await handoverOwner(tx, scope, handoverId);
  if (owner === undefined) return undefined;
  const table = { name: '交接清单', columns: HANDOVER_COLUMNS, batches: handoverCells(tx, scope, handoverId) };
  return { table, fileName: `交接清单-${owner}.xlsx` };
}

/** The table of what is asked for, with only what its reader may see; undefined when there is none for them. */
export async function tableOf(tx: Tx, scope: Scope, { kind, subject, unitId }: ExportSubject): Found {
  if (kind === 'portfolio-on') return portfolioOnTable(tx, scope, subject);
  if (kind === 'handover') return handoverTable(tx, scope, subject);
  if (kind === 'portfolio') {
    const found = await listPortfolios(tx, scope, { staffId: subject, seatRoles: [] }, { limit: 1 });
    const owner = found.items[0];
    if (owner === undefined) return undefined;
    const batches = customerCells(tx, scope, owner.staff_id);
    return { table: { name: '管户包', columns: CUSTOMER_COLUMNS, batches }, fileName: `管户包-${owner.name}.xlsx` };
  }
  const run = await findRun(tx, subject);
  const unit = unitId === null ? undefined : unitInScope(await allUnits(tx), scope, unitId);
  if (run === undefined || (unitId !== null && unit === undefined)) return undefined;
  const batches = runCells(tx, scope, { id: run.run_id, schemeId: run.scheme_id }, unit);
  return { table: { name: '分户结果', columns: RUN_COLUMNS, batches }, fileName: `分户-${subject}.xlsx` };
}
