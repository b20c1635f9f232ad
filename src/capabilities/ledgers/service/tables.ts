import { fenFromDb, yuanText } from '../../../kernel/money.ts';
import type { Person } from '../../../platform/auth/session.ts';
import type { Platform } from '../../../platform/context.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import type { Column, Print, Table } from '../../../platform/tables/index.ts';
import { category } from '../../insight/contract.ts';
import { askedMonth } from '../contract.ts';
import { overviewOf, registerOf } from '../reads/registers.ts';
import { salesOf, toSaleRows } from '../reads/sales.ts';
import { PARTS } from '../rules/share.ts';
import { KIND_WORDS } from '../rules/words.ts';

const PAGE = 1_000;
/** As many people at a time as a page has: each has hundreds of customers to count. */
const PEOPLE = 50;
type Cells = readonly (string | null)[];
export type Named = { readonly table: Table; readonly fileName: string } | undefined;

const text = (name: string, width?: number): Column => ({ name, type: 'text', ...(width === undefined ? {} : { width }) });
const count = (name: string): Column => ({ name, type: 'integer', total: true });
const yuan = (name: string): Column => ({ name, type: 'yuan', total: true });
const amount = (fen: number): string => yuanText(fenFromDb(fen));
const kindOf = (id: string): string => KIND_WORDS[id]?.zh ?? id;
/** Who signs what hangs on a branch's wall. */
export const SIGNATURES = ['制表', '复核', '负责人'];

const printOf = (person: Person, title: string, under: string, paper: Print['paper']): Print => ({
  ...{ title, paper, signatures: SIGNATURES },
  under: `单位：${person.unitName}　　${under}`,
});

/** All pages of a list, one after the other. */
async function* pages<P extends { readonly next: string | null }>(load: (after: string | undefined) => Promise<P>) {
  let after: string | undefined;
  do {
    const page = await load(after);
    yield page;
    after = page.next ?? undefined;
  } while (after !== undefined);
}

/** 贵宾客户总体情况 [S0], a row a person; undefined for who is no head. */
export async function overviewTable(tx: Tx, person: Person, today: string): Promise<Named> {
  if (person.scope.lo === undefined) return undefined;
  const { bands, day } = await overviewOf(tx, person, { limit: 1 });
  const columns = [
    ...[text('客户经理'), text('岗位', 16), text('机构', 20), count('户数'), count('其中共同管户'), yuan('资产合计（元）')],
    ...bands.map(({ title }) => count(title.zh)),
    ...[count('层级预警'), count('近90天已联系')],
  ];
  async function* cells(): AsyncGenerator<Cells[]> {
    for await (const { items } of pages((after) => overviewOf(tx, person, { after, limit: PEOPLE })))
      yield items.map(({ staff, ...row }) => [
        ...[staff.name, staff.role, staff.unitName],
        ...[String(row.customers), String(row.joint), amount(row.assetsFen)],
        ...row.byBand.map(String),
        ...[String(row.atRisk), String(row.talked90)],
      ]);
  }
  const title = '员工管户贵宾客户总体情况表';
  return {
    table: { name: '总体情况', columns, batches: cells(), print: printOf(person, title, `截至：${day ?? today}`, 'a4') },
    fileName: `贵宾客户总体情况-${person.unitName}.xlsx`,
  };
}

const REGISTER_COLUMNS = [
  ...[text('客户号'), text('姓名', 10), text('年龄', 6), text('归属网点', 20), text('主管户人', 10), text('方案层级', 12)],
  ...[yuan('资产（元）'), text('风险等级', 9), text('开户日期', 12), text('已开通产品', 40)],
];

/** 个人贵宾客户基本情况表 [S0] of a person, or with `all` of the unit; undefined for who is no head. */
export async function registerTable(platform: Platform, tx: Tx, person: Person, subject: string): Promise<Named> {
  if (person.scope.lo === undefined) return undefined;
  const staffId = subject === 'all' ? undefined : subject;
  async function* cells(): AsyncGenerator<Cells[]> {
    for await (const { items } of pages((after) => registerOf(platform, tx, person, staffId, { after, limit: PAGE })))
      yield items.map((row) => [
        ...[row.customerId, row.name, row.age === null ? '' : String(row.age), row.outlet?.name ?? ''],
        ...[row.lead?.name ?? '', row.bandTitle?.zh ?? '', amount(row.assetsFen), row.riskLevel, row.openedOn],
        row.products.map(kindOf).join('、'),
      ]);
  }
  const of = subject === 'all' ? '范围：全部已管户客户' : `管户人：${subject}`;
  const print = printOf(person, '个人贵宾客户基本情况表', of, 'a4');
  return {
    table: { name: '客户基本情况', columns: REGISTER_COLUMNS, batches: cells(), print },
    fileName: `贵宾客户基本情况-${person.unitName}.xlsx`,
  };
}

const SALES_COLUMNS = [
  ...[text('日期', 12), text('客户号'), text('姓名', 10), text('产品类别', 10), text('产品', 28), yuan('金额（元）')],
  ...[text('销售人', 10), text('推荐人', 10), text('认领人', 10), text('当日管户人', 11), text('归属份额', 26), text('备注', 20)],
];
const PART_WORDS = { seller: '销售', referrer: '推荐', claimer: '认领', coverer: '管户' } as const;

/** 销售台账 [S0] of a month (`2026-06`), or of a kind of product in it (`2026-06@fund`); undefined for who is no head, or no month. */
export async function salesTable(tx: Tx, person: Person, subject: string): Promise<Named> {
  const [month, kind] = subject.split('@');
  if (person.scope.lo === undefined || !askedMonth.safeParse(month).success) return undefined;
  if (kind !== undefined && !category.safeParse(kind).success) return undefined;
  const filter = { month, category: kind };
  async function* cells(): AsyncGenerator<Cells[]> {
    for await (const { items } of pages((after) => salesOf(tx, person.scope, filter, { after, limit: PAGE })))
      yield (await toSaleRows(tx, person, items)).map((row) => [
        ...[row.on, row.customerId, row.name, kindOf(row.product.category), row.product.name, amount(row.amountFen)],
        ...PARTS.map((part) => row.people[part]?.name ?? ''),
        PARTS.filter((part) => row.shares[part] > 0)
          .map((part) => `${PART_WORDS[part]} ${row.shares[part] / 100}%`)
          .join('、'),
        row.words,
      ]);
  }
  const title = kind === undefined ? '产品销售台账' : `${kindOf(kind)}销售台账`;
  return {
    table: { name: '销售台账', columns: SALES_COLUMNS, batches: cells(), print: printOf(person, title, `期间：${month}`, 'a3') },
    fileName: `${title}-${person.unitName}-${month}.xlsx`,
  };
}
