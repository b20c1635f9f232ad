import { z } from 'zod';
import type { Tx } from '../../../platform/db/transaction.ts';
import { type Secrets, unseal } from '../../../platform/secrets.ts';
import { kindWords } from '../../audit/index.ts';
import { reasonWords } from '../../coverage/index.ts';
import { type ColumnClass, KEEP_WORDS } from '../rules/classes.ts';
import { headingOf, isTold, timeText, valueText } from '../rules/show.ts';
import { type Column, readColumns } from './columns.ts';

export interface Section {
  readonly title: string;
  /** What a section says besides its table. */
  readonly words: string;
  readonly headings: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** All that is held of a person, worded. */
export interface Report {
  readonly customerId: string;
  readonly name: string;
  readonly sections: readonly Section[];
}

/** Tables that repeat others for searching and listing. */
const REPEATED = new Set(['coverage.card', 'coverage.by_staff', 'engagement.agenda', 'groups.fact']);
const PERSON = 'customers.customer';

/** Reads everything that stands under a customer number, in whatever table; undefined when there is no such customer. */
export async function readReport(tx: Tx, secrets: Secrets, customerId: string): Promise<Report | undefined> {
  const columns = await readColumns(tx.client);
  const tables = await personTables(tx, columns);
  const named = await namesOf(tx);
  const sections: Section[] = [];
  let name: string | undefined;
  for (const { table, title } of tables) {
    const told = columns.filter((column): column is Told => column.table === table && isToldColumn(column));
    const rows = await rowsUnder(tx, table, told, customerId);
    if (table === PERSON) name = z.string().nullish().parse(rows[0]?.name) ?? undefined;
    if (rows.length === 0) continue;
    const cells = rows.map((row) => told.map((column) => valueText(opened(secrets, row[column.column]), column.class, named)));
    sections.push(table === PERSON ? aboutPerson(title, told, cells[0] ?? []) : aboutMany(title, told, cells));
  }
  if (name === undefined) return undefined;
  return { customerId, name, sections: [...sections, await looksSection(tx, customerId, named)] };
}

interface Told extends Column {
  readonly class: ColumnClass;
}

function isToldColumn(column: Column): column is Told {
  return column.class !== undefined && isTold(column.column, column.class);
}

/** Every table with people in it, the person's own first; scratch apart. */
async function personTables(tx: Tx, columns: readonly Column[]): Promise<{ table: string; title: string }[]> {
  const with_ = columns.filter(
    ({ table, column, class: found }) => column === 'customer_id' && found?.keep !== 'staging' && table !== 'audit.entry',
  );
  const { rows } = await tx.client.query<{ table: string; title: string | null }>(
    'select t as "table", obj_description(t::regclass) as title from unnest($1::text[]) t order by t <> $2, t',
    [with_.map(({ table }) => table).filter((table) => !REPEATED.has(table)), PERSON],
  );
  return rows.map(({ table, title }) => ({ table, title: title ?? table }));
}

/** Names of tables and columns come from the catalogue, never from a request. */
async function rowsUnder(tx: Tx, table: string, told: readonly Told[], customerId: string): Promise<Record<string, unknown>[]> {
  if (told.length === 0) return [];
  const names = told.map(({ column }) => tx.client.escapeIdentifier(column));
  const [schema = '', relation = ''] = table.split('.');
  const from = `${tx.client.escapeIdentifier(schema)}.${tx.client.escapeIdentifier(relation)}`;
  const dated = told.find(({ column }) => /^(since|from_date|on_date|requested_at|wanted_on)$/.test(column));
  const order = dated === undefined ? '' : ` order by ${tx.client.escapeIdentifier(dated.column)}`;
  const { rows } = await tx.client.query<Record<string, unknown>>(
    `select ${names.join(', ')} from ${from} where customer_id = $1${order}`,
    [customerId],
  );
  return rows;
}

function opened(secrets: Secrets, value: unknown): unknown {
  return Buffer.isBuffer(value) ? unseal(secrets, value) : value;
}

/** One person, one line for each thing that is known of them, with how long it is kept. */
function aboutPerson(title: string, told: readonly Told[], cells: readonly string[]): Section {
  return {
    title,
    words: `保存期限：${KEEP_WORDS.customer.zh}。`,
    headings: ['项目', '内容'],
    rows: told.map((column, i) => [headingOf(column.class), cells[i] ?? '']),
  };
}

function aboutMany(title: string, told: readonly Told[], rows: readonly (readonly string[])[]): Section {
  const keep = told[0]?.class.keep ?? 'customer';
  return {
    title,
    words: `共 ${rows.length} 条。保存期限：${KEEP_WORDS[keep].zh}。`,
    headings: told.map((column) => headingOf(column.class)),
    rows,
  };
}

interface LookRow {
  readonly at: Date;
  readonly actor: string;
  readonly role: string;
  readonly kind: string;
  readonly purpose: string | null;
}

async function looksSection(tx: Tx, customerId: string, named: (code: string) => string | undefined): Promise<Section> {
  const { rows } = await tx.client.query<LookRow>('select at, actor, role, kind, purpose from personal.looks_at($1)', [
    customerId,
  ]);
  return {
    title: '谁看过、谁动过您的信息',
    words: `共 ${rows.length} 条，取自不可更改的审计。保存期限：${KEEP_WORDS.audit.zh}。`,
    headings: ['时间', '何人', '何事', '用途'],
    rows: rows.map(({ at, actor, kind, purpose }) => [
      timeText(at),
      actor === 'cli' ? '系统（命令行）' : (named(actor) ?? actor),
      kindWords(kind).zh,
      purpose === null ? '—' : (PURPOSES[purpose] ?? purpose),
    ]),
  };
}

const PURPOSES: Readonly<Record<string, string>> = {
  contact: '联系客户',
  identity: '核实身份',
  complaint: '处理投诉',
  authority: '有权机关要求',
  subject: '本人查询、复制',
  other: '其他',
};

/** Names for the numbers of staff, units and products, and words for the reasons of portfolios. */
async function namesOf(tx: Tx): Promise<(code: string) => string | undefined> {
  const { rows } = await tx.client.query<{ id: string; name: string }>(
    `select id, name || '（' || id || '）' as name from organisation.staff union all select id, name from organisation.org_unit
     union all select code, name from products.product`,
  );
  const names = new Map(rows.map(({ id, name }) => [id, name]));
  return (code) => {
    const words = reasonWords(code).zh;
    return names.get(code) ?? (words === code ? undefined : words);
  };
}
