import { z } from 'zod';
import { todayOf } from '../../../kernel/business-date.ts';
import { maskName } from '../../../kernel/mask.ts';
import type { Person } from '../../../platform/auth/session.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import { keyOfCursor, toPage } from '../../../platform/http/page.ts';
import { findCustomer, staffRefOf, viewFor } from '../../coverage/index.ts';
import { type customerOutreach, type MESSAGE_STATES, type messagePage, messageState, outreachWish } from '../contract.ts';
import { OUTREACH_CHANNELS, OUTREACH_PURPOSES, REFUSALS, refusals } from '../rules/gate.ts';
import { policyInForce } from '../service/policy.ts';
import { openStop, reachable } from '../service/reachable.ts';

interface Row {
  readonly message_id: string;
  readonly customer_id: string;
  readonly name: string | null;
  readonly staff_id: string;
  readonly channel: string;
  readonly purpose: string;
  readonly product: string | null;
  readonly words: string;
  readonly state: string;
  readonly refused_for: readonly string[];
  readonly made_at: Date;
  readonly receipt_at: Date | null;
  readonly receipt_words: string | null;
}
const COLUMNS = `m.message_id, m.customer_id, m.staff_id, m.channel, m.purpose, coalesce(p.name, m.product_code) as product, m.words, m.state,
  m.refused_for, m.made_at, m.receipt_at, m.receipt_words`;
const messageKey = z.tuple([z.string(), z.string()]);

/** What one sent, or what one's unit sent, newest first. */
export async function messagesOf(
  tx: Tx,
  { scope }: Person,
  filter: { readonly state?: (typeof MESSAGE_STATES)[number] | undefined },
  page: { readonly after?: string | undefined; readonly limit: number },
): Promise<z.input<typeof messagePage>> {
  const [at, id] = keyOfCursor(page.after, messageKey) ?? [null, ''];
  const mine = scope.lo === undefined ? 'm.staff_id = $1 and $2::text is null' : 'm.unit_no between $1::int and $2::int';
  const { rows } = await tx.client.query<Row>(
    `select ${COLUMNS}, c.name from outreach.message m left join products.product p on p.code = m.product_code
       left join coverage.card c on c.customer_id = m.customer_id
      where ${mine} and ($3::text is null or m.state = $3)
        and ($4::timestamptz is null or (m.made_at, m.message_id) < ($4, $5)) order by m.made_at desc, m.message_id desc limit $6`,
    [...(scope.lo === undefined ? [scope.staffId, null] : [scope.lo, scope.hi]), filter.state ?? null, at, id, page.limit + 1],
  );
  const { items, next } = toPage(rows, page.limit, (row) => [row.made_at.toISOString(), row.message_id]);
  return { items: await toMessages(tx, items), next };
}

async function toMessages(tx: Tx, rows: readonly Row[]) {
  const { staff } = await viewFor(
    tx,
    rows.map((row) => row.staff_id),
  );
  return rows.map((row) => ({
    ...{ messageId: row.message_id, customerId: row.customer_id, words: row.words, product: row.product },
    name: row.name === null ? null : maskName(row.name),
    staff: staffRefOf(staff, row.staff_id),
    ...outreachWish.parse(row),
    state: messageState(row.state),
    refusedFor: z.array(z.enum(REFUSALS)).parse(row.refused_for),
    madeAt: row.made_at.toISOString(),
    receiptAt: row.receipt_at?.toISOString() ?? null,
    receiptWords: row.receipt_words,
  }));
}

const SHOWN = 20;

/** How a customer may be reached at this hour, by each way, and what was sent to them. The customer must be open to the transaction. */
export async function outreachOf(
  tx: Tx,
  person: Person,
  customerId: string,
  now: Date,
): Promise<z.input<typeof customerOutreach>> {
  const { rows } = await tx.client.query<Row>(
    `select ${COLUMNS}, null as name from outreach.message m left join products.product p on p.code = m.product_code
      where m.customer_id = $1 order by m.made_at desc, m.message_id desc limit ${SHOWN}`,
    [customerId],
  );
  const stop = await openStop(tx, customerId);
  const known = await reachable(tx, customerId, now);
  const { content: policy } = await policyInForce(tx);
  const ways = OUTREACH_CHANNELS.flatMap((channel) => OUTREACH_PURPOSES.map((purpose) => ({ channel, purpose })));
  const may = person.permissions.has('contacts.record') && (await findCustomer(tx, person.scope, customerId)) !== undefined;
  const by = stop && staffRefOf((await viewFor(tx, [stop.recorded_by])).staff, stop.recorded_by);
  return {
    stop: stop === undefined ? null : { since: todayOf(stop.since), by: by?.name ?? stop.recorded_by, words: stop.words },
    ways: ways.map((way) => ({
      ...way,
      refusals: known === undefined ? [] : refusals(policy, known, { ...way, productRisk: null }, now).map((one) => ({ ...one })),
    })),
    messages: await toMessages(tx, rows),
    may: may ? ['send', stop === undefined ? 'stop' : 'lift'] : [],
  };
}
