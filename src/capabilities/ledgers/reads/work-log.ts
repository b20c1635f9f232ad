import { z } from 'zod';
import { maskName } from '../../../kernel/mask.ts';
import type { Person } from '../../../platform/auth/session.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import { CHANNEL_NAMES, CHANNELS, OUTCOME_NAMES, OUTCOMES } from '../../engagement/index.ts';
import { category } from '../../insight/contract.ts';
import type { logDay } from '../contract.ts';
import { LOG_KINDS } from '../rules/words.ts';

type Day = z.input<typeof logDay>;
const MOST = 500;
const named = (name: string | null) => (name === null ? null : maskName(name));

/** 工作日志 [S0]: a person's day, made of what was recorded anyway, and their own words. Row security shows what one may see of it. */
export async function workLogOf(tx: Tx, person: Person, staffId: string, on: string): Promise<Day> {
  const own = staffId === person.scope.staffId;
  return {
    on,
    contacts: await contactsOn(tx, staffId, on),
    appointments: await appointmentsOn(tx, staffId, on),
    sales: await salesOn(tx, staffId, on),
    words: await wordsOn(tx, staffId, on, own),
    may: own && person.permissions.has('contacts.record') ? ['write'] : [],
  };
}

interface Named {
  readonly customer_id: string;
  readonly name: string | null;
}
const FROM_CARD = 'left join coverage.card c on c.customer_id = t.customer_id';

async function contactsOn(tx: Tx, staffId: string, on: string): Promise<Day['contacts']> {
  const { rows } = await tx.client.query<Named & { contact_id: string; channel: string; outcome: string; note: string }>(
    `select t.contact_id, t.customer_id, c.name, t.channel, t.outcome, t.note from engagement.contact t ${FROM_CARD}
      where t.staff_id = $1 and t.on_date = $2 and t.reversed_at is null order by t.recorded_at, t.contact_id limit ${MOST}`,
    [staffId, on],
  );
  return rows.map((row) => ({
    ...{ customerId: row.customer_id, name: named(row.name), note: row.note, contactId: row.contact_id },
    way: CHANNELS[z.enum(CHANNEL_NAMES).parse(row.channel)],
    outcome: OUTCOMES[z.enum(OUTCOME_NAMES).parse(row.outcome)],
  }));
}

async function appointmentsOn(tx: Tx, staffId: string, on: string): Promise<Day['appointments']> {
  const { rows } = await tx.client.query<Named & { appointment_id: string; starts_at: Date; words: string; state: string }>(
    `select t.appointment_id, t.customer_id, c.name, t.starts_at, t.words, t.state from appointments.appointment t ${FROM_CARD}
      where t.staff_id = $1 and t.starts_at >= ($2::date::timestamp at time zone 'Asia/Shanghai')
        and t.starts_at < (($2::date + 1)::timestamp at time zone 'Asia/Shanghai') and t.state <> 'cancelled'
      order by t.starts_at, t.appointment_id limit ${MOST}`,
    [staffId, on],
  );
  return rows.map((row) => ({
    ...{
      customerId: row.customer_id,
      name: named(row.name),
      appointmentId: row.appointment_id,
      at: row.starts_at.toISOString(),
      words: row.words,
      state: row.state,
    },
  }));
}

async function salesOn(tx: Tx, staffId: string, on: string): Promise<Day['sales']> {
  const { rows } = await tx.client.query<
    Named & { sale_id: string; product_code: string; product: string; category: string; amount_fen: number }
  >(
    `select t.sale_id, t.customer_id, c.name, t.product_code, p.name as product, p.category, t.amount_fen
       from ledgers.sale t join products.product p on p.code = t.product_code ${FROM_CARD}
      where t.staff_id = $1 and t.on_date = $2 and t.state = 'stands' order by t.recorded_at, t.sale_id limit ${MOST}`,
    [staffId, on],
  );
  return rows.map((row) => ({
    ...{ customerId: row.customer_id, name: named(row.name), saleId: row.sale_id, amountFen: row.amount_fen },
    product: { code: row.product_code, name: row.product, category: category.parse(row.category) },
  }));
}

async function wordsOn(tx: Tx, staffId: string, on: string, own: boolean): Promise<Day['words']> {
  const rows = await tx.db
    .selectFrom('ledgers.log_words')
    .select(['entry_id', 'kind', 'words'])
    .where('staff_id', '=', staffId)
    .where('on_date', '=', on)
    .where('reversed_at', 'is', null)
    .orderBy('recorded_at')
    .orderBy('entry_id')
    .execute();
  return rows.map((row) => ({
    ...{ entryId: row.entry_id, kind: z.enum(LOG_KINDS).parse(row.kind), words: row.words },
    may: own ? ['reverse'] : [],
  }));
}
