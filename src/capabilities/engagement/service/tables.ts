import { z } from 'zod';
import { maskName } from '../../../kernel/mask.ts';
import { fenFromDb, yuanText } from '../../../kernel/money.ts';
import type { Person } from '../../../platform/auth/session.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import type { Table } from '../../../platform/tables/index.ts';
import { staffRefOf, staffRefs } from '../../coverage/index.ts';
import { queueOf } from '../reads/queue.ts';
import { CHANNEL_NAMES, CHANNELS, OUTCOME_NAMES, OUTCOMES } from '../rules/contact.ts';

const PAGE = 1_000;
type Cells = readonly (string | null)[];
type Named = { readonly table: Table; readonly fileName: string } | undefined;
const text = (name: string) => ({ name, type: 'text' as const });

/** 待跟进清单: what is due within the week for everybody of a head's unit, a row a follow-up; undefined for who is no head. */
export function followUpTable(tx: Tx, person: Person): Named {
  if (person.scope.lo === undefined) return undefined;
  const columns = [
    ...['客户号', '姓名', '归属网点', '管户人', '事由', '依据', '应办日期'].map(text),
    { name: '涉及金额（元）', type: 'yuan' as const },
  ];
  return {
    table: { name: '待跟进清单', columns, batches: followUpCells(tx, person) },
    fileName: `待跟进清单-${person.unitName}.xlsx`,
  };
}

async function* followUpCells(tx: Tx, person: Person): AsyncGenerator<Cells[]> {
  let after: string | undefined;
  do {
    const page = await queueOf(tx, person, { team: true }, { after, limit: PAGE });
    yield page.items.flatMap((row) =>
      row.followUps.map((one) => [
        ...[row.customerId, row.name, row.outlet?.name ?? null, row.lead?.name ?? null],
        ...[one.title.zh, one.why.zh, one.postponedTo ?? one.dueOn, yuanText(fenFromDb(one.stakeFen))],
      ]),
    );
    after = page.next ?? undefined;
  } while (after !== undefined);
}

const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;

/** 工作日志 [S0]: what a head's people did with customers in a month, in the order of days; undefined for who is no head, or no month. */
export function workLogTable(tx: Tx, person: Person, month: string): Named {
  if (person.scope.lo === undefined || !MONTH.test(month)) return undefined;
  const columns = [
    '日期',
    '客户经理',
    '客户号',
    '姓名',
    '方式',
    '结果',
    '沟通记录',
    '下次联系',
    '下一步',
    '感兴趣的产品',
    '冲正',
  ].map(text);
  return {
    table: { name: `工作日志 ${month}`, columns, batches: workLogCells(tx, person, month) },
    fileName: `工作日志-${person.unitName}-${month}.xlsx`,
  };
}

interface Row {
  readonly contact_id: string;
  readonly customer_id: string;
  readonly name: string | null;
  readonly staff_id: string;
  readonly on_date: string;
  readonly channel: string;
  readonly outcome: string;
  readonly note: string;
  readonly next_on: string | null;
  readonly next_words: string;
  readonly interest: readonly string[];
  readonly reversed_words: string | null;
}

async function* workLogCells(tx: Tx, { scope }: Person, month: string): AsyncGenerator<Cells[]> {
  let [day, id] = ['', ''];
  for (;;) {
    const { rows } = await tx.client.query<Row>(
      `select t.contact_id, t.customer_id, c.name, t.staff_id, t.on_date, t.channel, t.outcome, t.note, t.next_on, t.next_words, t.interest, t.reversed_words
         from engagement.contact t left join coverage.card c on c.customer_id = t.customer_id
        where t.unit_no between $1 and $2 and t.on_date >= ($3 || '-01')::date and t.on_date < ($3 || '-01')::date + interval '1 month'
          and (t.on_date::text, t.contact_id) > ($4, $5) order by t.on_date, t.contact_id limit ${PAGE}`,
      [scope.lo, scope.hi, month, day, id],
    );
    const last = rows.at(-1);
    if (last === undefined) return;
    yield await toCells(tx, rows);
    [day, id] = [last.on_date, last.contact_id];
  }
}

async function toCells(tx: Tx, rows: readonly Row[]): Promise<Cells[]> {
  const staff = await staffRefs(
    tx,
    rows.map(({ staff_id }) => staff_id),
  );
  return rows.map((row) => [
    ...[row.on_date, staffRefOf(staff, row.staff_id)?.name ?? row.staff_id, row.customer_id],
    row.name === null ? null : maskName(row.name),
    CHANNELS[z.enum(CHANNEL_NAMES).parse(row.channel)].zh,
    OUTCOMES[z.enum(OUTCOME_NAMES).parse(row.outcome)].zh,
    ...[row.note, row.next_on, row.next_words, row.interest.join('、'), row.reversed_words],
  ]);
}
