import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import { maskName } from '../../../kernel/mask.ts';
import type { Person } from '../../../platform/auth/session.ts';
import type { Scope, Tx } from '../../../platform/db/transaction.ts';
import { keyOfCursor, toPage } from '../../../platform/http/page.ts';
import { type StaffRefs, staffRefOf, staffRefs } from '../../coverage/index.ts';
import { category } from '../../insight/contract.ts';
import { SALE_SOURCES, SALE_STATES, type salesPage } from '../contract.ts';

export interface SaleFilter {
  readonly month?: string | undefined;
  readonly category?: string | undefined;
  readonly staffId?: string | undefined;
  /** Those that were replaced, reversed or taken back as well. */
  readonly all?: boolean;
}

export interface SaleRow {
  readonly customer_id: string;
  readonly name: string | null;
  readonly sale_id: string;
  readonly version: number;
  readonly product_code: string;
  readonly product_name: string;
  readonly category: string;
  readonly amount_fen: number;
  readonly on_date: string;
  readonly staff_id: string;
  readonly referrer: string | null;
  readonly claimer: string | null;
  readonly coverer: string | null;
  readonly seller_bp: number;
  readonly referrer_bp: number;
  readonly claimer_bp: number;
  readonly coverer_bp: number;
  readonly seller_fen: number;
  readonly referrer_fen: number;
  readonly claimer_fen: number;
  readonly coverer_fen: number;
  readonly words: string;
  readonly source: string;
  readonly state: string;
  readonly waiting: boolean;
}

const key = z.tuple([z.string(), z.string(), z.number().int(), z.string()]);

/** Whose sales one sees: a head those of the unit, everybody else those in which they have a part. */
export function saleScope({ lo, hi = lo, staffId }: Scope): RawBuilder<unknown> {
  return lo === undefined ? hasPart(staffId) : sql`s.unit_no between ${lo} and ${hi}`;
}

function hasPart(staffId: string): RawBuilder<unknown> {
  return sql`(s.staff_id = ${staffId} or s.referrer = ${staffId} or s.claimer = ${staffId} or s.coverer = ${staffId})`;
}

function conditions(scope: Scope, filter: SaleFilter): RawBuilder<unknown> {
  const list = [saleScope(scope), filter.all === true ? sql`true` : sql`s.state = 'stands'`];
  if (filter.month !== undefined) {
    const first = `${filter.month}-01`;
    list.push(sql`s.on_date >= ${first}::date and s.on_date < (${first}::date + interval '1 month')`);
  }
  if (filter.category !== undefined) list.push(sql`p.category = ${filter.category}`);
  if (filter.staffId !== undefined) list.push(hasPart(filter.staffId));
  return sql.join(list, sql` and `);
}

/** 销售台账: sales of one's scope, the newest first. */
export async function salesOf(tx: Tx, scope: Scope, filter: SaleFilter, page: { after?: string | undefined; limit: number }) {
  const after = keyOfCursor(page.after, key);
  const { rows } = await sql<SaleRow>`
    select s.*, c.name, p.name as product_name, p.category
      from ledgers.sale s join products.product p on p.code = s.product_code
      left join coverage.card c on c.customer_id = s.customer_id
     where ${conditions(scope, filter)}
       and ${after === undefined ? sql`true` : sql`(s.on_date, s.sale_id, s.version, s.customer_id) < (${after[0]}::date, ${after[1]}, ${after[2]}::int, ${after[3]})`}
     order by s.on_date desc, s.sale_id desc, s.version desc, s.customer_id desc limit ${page.limit + 1}`.execute(tx.db);
  return toPage(rows, page.limit, (row) => [row.on_date, row.sale_id, row.version, row.customer_id]);
}

/** How many they are and what they add up to. */
export async function salesTotal(
  tx: Tx,
  scope: Scope,
  filter: SaleFilter,
): Promise<NonNullable<z.input<typeof salesPage>['total']>> {
  const { rows } = await sql<{ sales: number; fen: string }>`
    select count(*)::int as sales, coalesce(sum(s.amount_fen), 0)::text as fen
      from ledgers.sale s join products.product p on p.code = s.product_code where ${conditions(scope, { ...filter, all: false })}`.execute(
    tx.db,
  );
  return { sales: rows[0]?.sales ?? 0, amountFen: Number(rows[0]?.fen ?? 0) };
}

/** Everybody to whom one of the sales can count. */
export function peopleOf(rows: readonly Pick<SaleRow, 'staff_id' | 'referrer' | 'claimer' | 'coverer'>[]): (string | null)[] {
  return rows.flatMap((row) => [row.staff_id, row.referrer, row.claimer, row.coverer]);
}

export function toPeople(staff: StaffRefs, row: Pick<SaleRow, 'staff_id' | 'referrer' | 'claimer' | 'coverer'>) {
  return {
    seller: staffRefOf(staff, row.staff_id),
    referrer: staffRefOf(staff, row.referrer),
    claimer: staffRefOf(staff, row.claimer),
    coverer: staffRefOf(staff, row.coverer),
  };
}

/** Sales as their reader sees them. */
export async function toSaleRows(tx: Tx, person: Person, rows: readonly SaleRow[]): Promise<z.input<typeof salesPage>['items']> {
  const staff = await staffRefs(tx, peopleOf(rows));
  const corrects = person.permissions.has('contacts.record');
  return rows.map((row) => ({
    ...{ customerId: row.customer_id, saleId: row.sale_id, version: row.version, words: row.words, waiting: row.waiting },
    name: row.name === null ? null : maskName(row.name),
    product: { code: row.product_code, name: row.product_name, category: category.parse(row.category) },
    ...{ amountFen: row.amount_fen, on: row.on_date, people: toPeople(staff, row) },
    shares: { seller: row.seller_bp, referrer: row.referrer_bp, claimer: row.claimer_bp, coverer: row.coverer_bp },
    amounts: { seller: row.seller_fen, referrer: row.referrer_fen, claimer: row.claimer_fen, coverer: row.coverer_fen },
    source: z.enum(SALE_SOURCES).parse(row.source),
    state: z.enum(SALE_STATES).parse(row.state),
    may: corrects && row.state === 'stands' && !row.waiting ? (['correct'] as const).slice() : [],
  }));
}

/** Whether somebody sees a sale that stands. */
export async function saleSeen(tx: Tx, scope: Scope, customerId: string, saleId: string): Promise<boolean> {
  const { rows } = await sql`
    select from ledgers.sale s where s.customer_id = ${customerId} and s.sale_id = ${saleId} and s.state = 'stands'
       and ${saleScope(scope)}`.execute(tx.db);
  return rows.length > 0;
}
