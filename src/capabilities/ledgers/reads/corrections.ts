import { sql } from 'kysely';
import { z } from 'zod';
import { maskName } from '../../../kernel/mask.ts';
import type { Person } from '../../../platform/auth/session.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import { keyOfCursor, toPage } from '../../../platform/http/page.ts';
import { staffRefOf, staffRefs } from '../../coverage/index.ts';
import { category } from '../../insight/contract.ts';
import { CORRECTION_STATES, type correctionsPage } from '../contract.ts';
import { mayDoWithCorrection } from '../rules/correction.ts';
import { peopleOf, toPeople } from './sales.ts';

type Row = z.input<typeof correctionsPage>['items'][number];
const key = z.tuple([z.number().int().min(0).max(4_000_000_000_000), z.string()]);

interface Found {
  readonly correction_id: string;
  readonly customer_id: string;
  readonly name: string | null;
  readonly sale_id: string;
  readonly product_code: string;
  readonly product_name: string;
  readonly category: string;
  readonly amount_fen: number;
  readonly on_date: string;
  readonly staff_id: string;
  readonly referrer: string | null;
  readonly claimer: string | null;
  readonly coverer: string | null;
  readonly before: Row['before'];
  readonly after: Row['after'];
  readonly reverse: boolean;
  readonly words: string;
  readonly state: string;
  readonly asked_by: string;
  readonly asked_at: Date;
  readonly decided_by: string | null;
  readonly decided_at: Date | null;
  readonly note: string;
}

const shares = (table: string) =>
  sql.raw(
    `json_build_object('seller', ${table}.seller_bp, 'referrer', ${table}.referrer_bp, 'claimer', ${table}.claimer_bp, 'coverer', ${table}.coverer_bp)`,
  );

/** Corrections that one asked for, or that concern one's unit: the newest first. */
export async function correctionsOf(
  tx: Tx,
  { scope }: Person,
  filter: { readonly correctionId?: string | undefined; readonly waiting?: boolean | undefined },
  page: { after?: string | undefined; limit: number },
) {
  const after = keyOfCursor(page.after, key);
  const { lo, hi = lo, staffId } = scope;
  const { rows } = await sql<Found>`
    select k.*, ${shares('s')} as before, ${shares('k')} as after, s.product_code, s.amount_fen, s.on_date, s.staff_id, s.referrer, s.claimer,
           s.coverer, p.name as product_name, p.category, c.name
      from ledgers.correction k join ledgers.sale s on s.customer_id = k.customer_id and s.sale_id = k.sale_id and s.version = k.version
      join products.product p on p.code = s.product_code left join coverage.card c on c.customer_id = k.customer_id
     where (k.asked_by = ${staffId} or ${lo === undefined ? sql`false` : sql`k.unit_no between ${lo} and ${hi}`})
       and ${filter.correctionId === undefined ? sql`true` : sql`k.correction_id = ${filter.correctionId}`}
       and ${filter.waiting === true ? sql`k.state = 'asked'` : sql`true`}
       and ${after === undefined ? sql`true` : sql`(k.asked_at, k.correction_id) < (${new Date(after[0])}, ${after[1]})`}
     order by k.asked_at desc, k.correction_id desc limit ${page.limit + 1}`.execute(tx.db);
  return toPage(rows, page.limit, (row) => [row.asked_at.getTime(), row.correction_id]);
}

export async function toCorrectionRows(tx: Tx, person: Person, rows: readonly Found[]): Promise<Row[]> {
  const staff = await staffRefs(tx, [...peopleOf(rows), ...rows.flatMap((row) => [row.asked_by, row.decided_by])]);
  const by = { ...person, decides: person.permissions.has('transfers.decide') };
  return rows.map((row) => ({
    ...{ correctionId: row.correction_id, customerId: row.customer_id, saleId: row.sale_id, reverse: row.reverse },
    name: row.name === null ? null : maskName(row.name),
    product: { code: row.product_code, name: row.product_name, category: category.parse(row.category) },
    ...{ amountFen: row.amount_fen, on: row.on_date, people: toPeople(staff, row), before: row.before, after: row.after },
    ...{ words: row.words, note: row.note, state: z.enum(CORRECTION_STATES).parse(row.state) },
    ...{ askedBy: staffRefOf(staff, row.asked_by), askedAt: row.asked_at.toISOString() },
    ...{ decidedBy: staffRefOf(staff, row.decided_by), decidedAt: row.decided_at?.toISOString() ?? null },
    may: mayDoWithCorrection({ state: row.state, askedBy: row.asked_by, people: peopleOf([row]) }, by),
  }));
}
