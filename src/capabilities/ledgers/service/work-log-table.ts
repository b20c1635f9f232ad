import { z } from 'zod';
import { maskName } from '../../../kernel/mask.ts';
import type { Person } from '../../../platform/auth/session.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import type { Column } from '../../../platform/tables/index.ts';
import { staffRefOf, staffRefs } from '../../coverage/index.ts';
import { CHANNEL_NAMES, CHANNELS, OUTCOME_NAMES, OUTCOMES } from '../../engagement/index.ts';
import { askedMonth } from '../contract.ts';
import { LOG_KINDS, LOG_WORDS } from '../rules/words.ts';
import { type Named, SIGNATURES } from './tables.ts';

const PAGE = 1_000;
type Cells = readonly (string | null)[];
const column = (name: string, width: number): Column => ({ name, type: 'text', width });
const COLUMNS = [
  ...[
    column('日期', 12),
    column('客户经理', 10),
    column('事项', 12),
    column('客户号', 14),
    column('姓名', 9),
    column('结果', 14),
  ],
  ...[column('内容', 60), column('下次联系', 12), column('下一步', 24), column('感兴趣的产品', 18), column('冲正', 14)],
];

/** 工作日志 [S0]: what a head's people did with customers in a month and wrote beside it, in the order of days; undefined for who is no head, or no month. */
export function workLogTable(tx: Tx, person: Person, month: string): Named {
  if (person.scope.lo === undefined || !askedMonth.safeParse(month).success) return undefined;
  const print = {
    ...{ title: '客户经理工作日志', under: `单位：${person.unitName}　　期间：${month}` },
    ...{ paper: 'a3' as const, signatures: SIGNATURES },
  };
  return {
    table: { name: '工作日志', columns: COLUMNS, batches: cells(tx, person, month), print },
    fileName: `工作日志-${person.unitName}-${month}.xlsx`,
  };
}

interface Row {
  readonly id: string;
  readonly customer_id: string | null;
  readonly name: string | null;
  readonly staff_id: string;
  readonly on_date: string;
  readonly kind: string;
  readonly outcome: string | null;
  readonly note: string;
  readonly next_on: string | null;
  readonly next_words: string | null;
  readonly interest: readonly string[] | null;
  readonly reversed_words: string | null;
}

async function* cells(tx: Tx, { scope }: Person, month: string): AsyncGenerator<Cells[]> {
  let [day, id] = ['', ''];
  for (;;) {
    const { rows } = await tx.client.query<Row>(
      `select x.*, c.name from (
         select contact_id as id, customer_id, staff_id, on_date, channel as kind, outcome, note, next_on, next_words, interest, reversed_words
           from engagement.contact t where ${WITHIN}
         union all
         select entry_id, null, staff_id, on_date, kind, null, words, null, null, null, null
           from ledgers.log_words t where ${WITHIN} and reversed_at is null) x
         left join coverage.card c on c.customer_id = x.customer_id
        where (x.on_date::text, x.id) > ($4, $5) order by x.on_date, x.id limit ${PAGE}`,
      [scope.lo, scope.hi, month, day, id],
    );
    const last = rows.at(-1);
    if (last === undefined) return;
    yield await toCells(tx, rows);
    [day, id] = [last.on_date, last.id];
  }
}

const WITHIN =
  "t.unit_no between $1 and $2 and t.on_date >= ($3 || '-01')::date and t.on_date < ($3 || '-01')::date + interval '1 month'";

async function toCells(tx: Tx, rows: readonly Row[]): Promise<Cells[]> {
  const staff = await staffRefs(
    tx,
    rows.map(({ staff_id }) => staff_id),
  );
  return rows.map((row) => [
    ...[row.on_date, staffRefOf(staff, row.staff_id)?.name ?? row.staff_id, whatOf(row.kind), row.customer_id],
    row.name === null ? null : maskName(row.name),
    row.outcome === null ? null : OUTCOMES[z.enum(OUTCOME_NAMES).parse(row.outcome)].zh,
    ...[row.note, row.next_on, row.next_words, row.interest?.join('、') ?? null, row.reversed_words],
  ]);
}

function whatOf(kind: string): string {
  const own = LOG_KINDS.find((one) => one === kind);
  return own === undefined ? CHANNELS[z.enum(CHANNEL_NAMES).parse(kind)].zh : LOG_WORDS[own].zh;
}
