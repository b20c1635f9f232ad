import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { maskName } from '../../../kernel/mask.ts';
import { fenFromDb, yuanText } from '../../../kernel/money.ts';
import { audit } from '../../../platform/audit/index.ts';
import { scoped, type Tx } from '../../../platform/db/transaction.ts';
import { nothing } from '../../../platform/http/page.ts';
import { type Ctx, defineFileRoute, type FileAnswer, refusedWith } from '../../../platform/http/route.ts';
import { type Column, writeTable } from '../../../platform/tables/index.ts';
import { listCustomers } from '../reads/customer-list.ts';
import { listPortfolios } from '../reads/portfolios.ts';
import { allUnits, staffRefOf, staffRefs, unitInScope, unitRefOf } from '../reads/refs.ts';
import { DECISION_KINDS, findRun, runDecisions } from '../reads/runs.ts';
import { schemeViewById } from '../reads/schemes.ts';
import { toCustomerRow, viewFor } from '../reads/view.ts';
import { reasonWords, remedyWords } from '../reads/words.ts';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const MISSING = ['not-found', '没有找到，或者不在您的范围内。', 'Not found, or not within your scope.'] as const;
const PAGE = 1_000;
type Cells = readonly (string | null)[];

/** Writes a workbook whole into a folder of its own, which goes when the download ends. */
async function workbook(
  fileName: string,
  columns: readonly Column[],
  batches: AsyncIterable<readonly Cells[]>,
): Promise<{ file: FileAnswer; rows: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'guanhu-export-'));
  const path = join(folder, 'export.xlsx');
  const gone = () => rm(folder, { recursive: true, force: true });
  try {
    const rows = await writeTable(path, { name: '导出', columns, batches });
    const stream = createReadStream(path);
    stream.on('close', () => void gone());
    return { file: { fileName, contentType: XLSX, stream }, rows };
  } catch (error) {
    await gone();
    throw error;
  }
}

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

const CUSTOMER_COLUMNS = [
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

async function* customerCells(tx: Tx, ctx: Ctx, staffId: string): AsyncGenerator<Cells[]> {
  for await (const rows of pages((after) => listCustomers(tx, ctx.person.scope, { staffId }, { after, limit: PAGE }))) {
    const view = await viewFor(
      tx,
      rows.flatMap((row) => [row.lead_staff, row.joint_staff]),
    );
    yield rows.map((row) => {
      const shown = toCustomerRow(view, row);
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
    });
  }
}

const portfolio = defineFileRoute({
  url: '/api/portfolios/:staffId/export.xlsx',
  name: 'exportPortfolio',
  summary: '导出一个人的管户包',
  permission: 'exports.make',
  params: z.strictObject({ staffId: z.string().max(64) }),
  query: nothing,
  refusals: { 'not-found': 404 },
  handler: (ctx, { params }) =>
    scoped(ctx.platform.app, ctx.person.scope, async (tx) => {
      const found = await listPortfolios(tx, ctx.person.scope, { staffId: params.staffId, seatRoles: [] }, { limit: 1 });
      const owner = found.items[0];
      if (owner === undefined) return refusedWith(...MISSING);
      const { file, rows } = await workbook(
        `管户包-${owner.name}.xlsx`,
        CUSTOMER_COLUMNS,
        customerCells(tx, ctx, owner.staff_id),
      );
      await audit(tx, ctx.actor, { kind: 'export.made', subject: `portfolio:${owner.staff_id}`, body: { rows } });
      return file;
    }),
});

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

const run = defineFileRoute({
  url: '/api/runs/:id/export.xlsx',
  name: 'exportRun',
  summary: '导出一次分户的逐户结果',
  permission: 'exports.make',
  params: z.strictObject({ id: z.string().max(64) }),
  query: z.strictObject({ unit: z.string().max(64).optional() }),
  refusals: { 'not-found': 404 },
  handler: (ctx, { params, query }) =>
    scoped(ctx.platform.app, ctx.person.scope, async (tx) => {
      const found = await findRun(tx, params.id);
      const unit = query.unit === undefined ? undefined : unitInScope(await allUnits(tx), ctx.person.scope, query.unit);
      if (found === undefined || (query.unit !== undefined && unit === undefined)) return refusedWith(...MISSING);
      const { file, rows } = await workbook(
        `分户-${params.id}.xlsx`,
        RUN_COLUMNS,
        runCells(tx, ctx, params.id, found.scheme_id, unit),
      );
      await audit(tx, ctx.actor, { kind: 'export.made', subject: `run:${params.id}`, body: { rows } });
      return file;
    }),
});

async function* runCells(
  tx: Tx,
  ctx: Ctx,
  runId: string,
  schemeId: string,
  unit: ReturnType<typeof unitInScope>,
): AsyncGenerator<Cells[]> {
  const units = await allUnits(tx);
  const scheme = await schemeViewById(tx, schemeId);
  for (const kind of DECISION_KINDS) {
    for await (const rows of pages((after) =>
      runDecisions(tx, ctx.person.scope, runId, { kind, unit }, { after, limit: PAGE }),
    )) {
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

export const exportRoutes = [portfolio, run];
