import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import { maskName } from '../../../kernel/mask.ts';
import type { Person } from '../../../platform/auth/session.ts';
import type { Scope, Tx } from '../../../platform/db/transaction.ts';
import { keyOfCursor, toPage } from '../../../platform/http/page.ts';
import type { keepRow, talentSchema } from '../keep-contract.ts';
import { type KeepState, mayDoWithKeep, TALENT_POOL_AT } from '../rules/keep.ts';
import { staffRefOf, staffRefs } from './refs.ts';

interface KeepRow {
  readonly keep_id: string;
  readonly customer_id: string;
  readonly staff_id: string;
  readonly state: KeepState;
  readonly began_on: string;
  readonly began_fen: number;
  readonly asked_fen: number;
  readonly is_vip: boolean;
  readonly words: string;
  readonly requested_at: Date;
  readonly decided_by: string | null;
  readonly decided_at: Date | null;
  readonly note: string | null;
  readonly name: string | null;
}

export interface KeepFilter {
  readonly keepId?: string | undefined;
  readonly state?: KeepState | undefined;
  readonly staffId?: string | undefined;
}

/** Milliseconds of the request and its id: newest first. */
const key = z.tuple([z.number().int().min(0).max(4_000_000_000_000), z.string()]);

/** Units of one's scope, and what is one's own. */
function seenSql({ lo, hi = lo, staffId }: Scope): RawBuilder<unknown> {
  return lo === undefined
    ? sql`k.staff_id = ${staffId}`
    : sql`(k.unit_no between ${lo} and ${hi ?? lo} or k.staff_id = ${staffId})`;
}

/** Requests to keep a customer, and what became of them, newest first. */
export async function listKeeps(
  tx: Tx,
  person: Person,
  { keepId, state, staffId }: KeepFilter,
  page: { readonly after?: string | undefined; readonly limit: number },
): Promise<{ items: z.input<typeof keepRow>[]; next: string | null }> {
  const after = keyOfCursor(page.after, key);
  const { rows } = await sql<KeepRow>`
    select k.*, c.name from coverage.keep k left join coverage.card c on c.customer_id = k.customer_id
     where ${seenSql(person.scope)} and ${keepId === undefined ? sql`true` : sql`k.keep_id = ${keepId}`}
       and ${state === undefined ? sql`true` : sql`k.state = ${state}`}
       and ${staffId === undefined ? sql`true` : sql`k.staff_id = ${staffId}`}
       and ${after === undefined ? sql`true` : sql`(k.requested_at, k.keep_id) < (${new Date(after[0])}, ${after[1]})`}
     order by k.requested_at desc, k.keep_id desc limit ${page.limit + 1}`.execute(tx.db);
  const { items, next } = toPage(rows, page.limit, (row) => [row.requested_at.getTime(), row.keep_id]);
  const staff = await staffRefs(
    tx,
    items.flatMap((row) => [row.staff_id, row.decided_by]),
  );
  const by = { staffId: person.staffId, identities: person.identities, decides: person.permissions.has('transfers.decide') };
  return {
    items: items.map((row) => ({
      ...{ keepId: row.keep_id, customerId: row.customer_id, customerName: row.name === null ? null : maskName(row.name) },
      teller: staffRefOf(staff, row.staff_id) ?? { staffId: row.staff_id, name: row.staff_id, role: '', unitName: '' },
      ...{ beganOn: row.began_on, beganFen: row.began_fen, askedFen: row.asked_fen, isVip: row.is_vip },
      ...{ state: row.state, words: row.words, note: row.note, requestedAt: row.requested_at.toISOString() },
      ...{ decidedBy: staffRefOf(staff, row.decided_by), decidedAt: row.decided_at?.toISOString() ?? null },
      may: mayDoWithKeep({ state: row.state, staffId: row.staff_id }, by),
    })),
    next,
  };
}

/** Tellers who keep customers, most VIPs first: from fifty on they stand in the talent pool. */
export async function talentPool(tx: Tx, person: Person): Promise<z.input<typeof talentSchema>> {
  const { rows } = await sql<{ staff_id: string; vips: number; kept: number; waiting: number }>`
    select k.staff_id, count(*) filter (where k.state = 'agreed' and k.is_vip) as vips, count(*) filter (where k.state = 'agreed') as kept,
           count(*) filter (where k.state = 'requested') as waiting
      from coverage.keep k where ${seenSql(person.scope)} and k.state in ('agreed', 'requested')
     group by k.staff_id order by 2 desc, 3 desc, 1`.execute(tx.db);
  const staff = await staffRefs(
    tx,
    rows.map((row) => row.staff_id),
  );
  return {
    at: TALENT_POOL_AT,
    items: rows.map(({ staff_id, vips, kept, waiting }) => ({
      teller: staffRefOf(staff, staff_id) ?? { staffId: staff_id, name: staff_id, role: '', unitName: '' },
      ...{ vips, kept, waiting, inPool: vips >= TALENT_POOL_AT },
    })),
  };
}
