import type { z } from 'zod';
import { addDays, type BusinessDate, todayOf } from '../../../kernel/business-date.ts';
import { maskName } from '../../../kernel/mask.ts';
import type { Person } from '../../../platform/auth/session.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import { lastClosedDay } from '../../closing/index.ts';
import { staffRefOf, staffRefs, type UnitRow, unitCounts } from '../../coverage/index.ts';
import type { boardSchema, PACKS, packSchema } from '../contract.ts';
import { actionsOfUnit } from './actions.ts';

type Board = z.input<typeof boardSchema>;
type Pack = z.input<typeof packSchema>;
export type PackKind = (typeof PACKS)[number];

const DAYS: Readonly<Record<PackKind, number>> = { week: 7, day: 1 };
/** As many people as one outlet or sub-branch has; the busiest of a larger unit. */
const PEOPLE_MAX = 60;
const SAID_MAX = 20;
const TALK =
  "c.channel in ('phone', 'wecom', 'visit', 'meeting') and c.outcome in ('reached', 'declined', 'complaint') and c.reversed_at is null";

/** A question stands in the note: by its mark, or 问 other than in 问候 and 问题. */
const QUESTION = "c.outcome = 'reached' and c.note ~ '[？?]|问(?![候题])'";

/** What hangs on the wall: figures of the unit and of its people, no customer. */
export async function boardOf(tx: Tx, unit: UnitRow, kind: PackKind): Promise<Board> {
  const day = await lastClosedDay(tx);
  const counts = await unitCounts(tx, [unit.id]);
  const sum = (of: 'customers' | 'covered' | 'assets_fen') => counts.reduce((all, row) => all + row[of], 0);
  const now = { unitName: unit.name, customers: sum('customers'), covered: sum('covered'), assetsFen: sum('assets_fen') };
  if (day === undefined)
    return { ...now, day: null, from: null, assetsBeforeFen: null, opened: 0, rose: 0, fell: 0, soldFen: 0, people: [] };
  const from = addDays(day, 1 - DAYS[kind]);
  const moves = await movesOf(tx, unit, from, day);
  return { ...now, day, from, ...moves, soldFen: await soldOf(tx, unit, from, day), people: await peopleOf(tx, unit, from, day) };
}

async function movesOf(tx: Tx, unit: UnitRow, from: BusinessDate, to: BusinessDate) {
  const { rows } = await tx.client.query<{ before: number | null; opened: number; rose: number; fell: number }>(
    `select sum(assets_fen) filter (where day = $2)::bigint as before, coalesce(sum(opened) filter (where day > $2), 0)::int as opened,
            coalesce(sum(rose) filter (where day > $2), 0)::int as rose, coalesce(sum(fell) filter (where day > $2), 0)::int as fell
       from meetings.unit_day where unit_id = $1 and day between $2 and $3`,
    [unit.id, addDays(from, -1), to],
  );
  const [row] = rows;
  return { assetsBeforeFen: row?.before ?? null, opened: row?.opened ?? 0, rose: row?.rose ?? 0, fell: row?.fell ?? 0 };
}

/** What the unit sold, as it stands. */
async function soldOf(tx: Tx, unit: UnitRow, from: BusinessDate, to: BusinessDate): Promise<number> {
  const { rows } = await tx.client.query<{ fen: number }>(
    `select coalesce(sum(amount_fen), 0)::bigint as fen from ledgers.sale
      where state = 'stands' and unit_no between $1 and $2 and on_date between $3 and $4`,
    [unit.unit_no, unit.last_no, from, to],
  );
  return rows[0]?.fen ?? 0;
}

/** For whom what of a sale counts. */
const SOLD = ['staff_id, seller', 'referrer, referrer', 'claimer, claimer', 'coverer, coverer']
  .map((pair) => {
    const [who = '', part = ''] = pair.split(', ');
    return `select ${who} as id, ${part}_fen as fen from ledgers.sale
      where state = 'stands' and ${part}_fen > 0 and unit_no between $1 and $2 and on_date between $3 and $4`;
  })
  .join(' union all ');

/** Everybody of the unit who talked with a customer or is behind, whoever talked with most first. */
async function peopleOf(tx: Tx, unit: UnitRow, from: BusinessDate, to: BusinessDate): Promise<Board['people']> {
  const { rows } = await tx.client.query<{
    id: string;
    talked: number;
    met: number;
    messages: number;
    overdue: number;
    soldFen: number;
  }>(
    `with team as (select s.id from organisation.staff s join organisation.org_unit u on u.id = s.org_unit_id
        where u.unit_no between $1 and $2 and s.left_on is null),
      done as (select c.staff_id as id, count(distinct c.customer_id) filter (where ${TALK}) as talked,
          count(distinct c.customer_id) filter (where ${TALK} and c.channel in ('visit', 'meeting')) as met,
          count(*) filter (where c.channel = 'sms' and c.outcome = 'sent' and c.reversed_at is null) as messages
         from engagement.contact c where c.staff_id in (select id from team) and c.on_date between $3 and $4 group by 1),
      late as (select f.doer as id, count(distinct f.customer_id) as overdue from engagement.follow_up f
        where f.state = 'open' and f.unit_no between $1 and $2 and f.act_on <= $4 group by 1),
      sold as (select id, sum(fen)::bigint as fen from (${SOLD}) x group by id)
     select team.id, coalesce(done.talked, 0) as talked, coalesce(done.met, 0) as met, coalesce(done.messages, 0) as messages,
            coalesce(late.overdue, 0) as overdue, coalesce(sold.fen, 0) as "soldFen"
       from team left join done using (id) left join late using (id) left join sold using (id)
      where done.id is not null or late.id is not null or sold.id is not null
      order by talked desc, met desc, overdue, team.id limit ${PEOPLE_MAX}`,
    [unit.unit_no, unit.last_no, from, to],
  );
  const named = await staffRefs(
    tx,
    rows.map(({ id }) => id),
  );
  return rows.flatMap(({ id, ...figures }) => {
    const staff = staffRefOf(named, id);
    return staff === null ? [] : [{ staff, ...figures }];
  });
}

/** The board with what customers said, for the meeting itself. */
export async function packOf(tx: Tx, person: Person, unit: UnitRow, kind: PackKind, now: Date): Promise<Pack> {
  const board = await boardOf(tx, unit, kind);
  if (board.from === null || board.day === null)
    return { ...board, complaints: [], questions: [], interest: [], declined: 0, minutes: [], actions: [], may: [] };
  const range = [unit.unit_no, unit.last_no, board.from, board.day];
  const { rows: interest } = await tx.client.query<{ category: string; customers: number }>(
    `select i as category, count(distinct c.customer_id) as customers from engagement.contact c cross join unnest(c.interest) i
      where c.unit_no between $1 and $2 and c.on_date between $3 and $4 and c.reversed_at is null group by 1 order by 2 desc, 1`,
    range,
  );
  const { rows: declined } = await tx.client.query<{ n: number }>(
    `select count(distinct customer_id) as n from engagement.contact
      where unit_no between $1 and $2 and on_date between $3 and $4 and reversed_at is null and outcome = 'declined'`,
    range,
  );
  return {
    ...board,
    complaints: await said(tx, range, "c.outcome = 'complaint'"),
    questions: await said(tx, range, QUESTION),
    interest,
    declined: declined[0]?.n ?? 0,
    minutes: await minutesOf(tx, unit, kind, board.day),
    actions: await actionsOfUnit(tx, person, unit, addDays(todayOf(now), -DAYS[kind]), now),
    may: person.permissions.has('transfers.decide') ? ['minute'] : [],
  };
}

async function minutesOf(tx: Tx, unit: UnitRow, kind: PackKind, day: string): Promise<Pack['minutes']> {
  const rows = await tx.db
    .selectFrom('meetings.minutes')
    .select(['minutes_id', 'words', 'made_by', 'made_at'])
    .where('unit_id', '=', unit.id)
    .where('kind', '=', kind)
    .where('on_date', '=', day)
    .orderBy('made_at', 'desc')
    .execute();
  const named = await staffRefs(
    tx,
    rows.map((row) => row.made_by),
  );
  return rows.map((row) => ({
    ...{ minutesId: row.minutes_id, words: row.words, at: row.made_at.toISOString() },
    by: staffRefOf(named, row.made_by)?.name ?? row.made_by,
  }));
}

async function said(tx: Tx, range: readonly unknown[], which: string): Promise<Pack['complaints']> {
  const { rows } = await tx.client.query<{ id: string; name: string | null; on: string; note: string; staff: string }>(
    `select c.customer_id as id, k.name, c.on_date as on, c.note, c.staff_id as staff from engagement.contact c
       left join coverage.card k on k.customer_id = c.customer_id
      where c.unit_no between $1 and $2 and c.on_date between $3 and $4 and c.reversed_at is null and ${which}
      order by c.on_date desc, c.recorded_at desc limit ${SAID_MAX}`,
    [...range],
  );
  const named = await staffRefs(
    tx,
    rows.map(({ staff }) => staff),
  );
  return rows.map(({ id, name, on, note, staff }) => ({
    ...{ customerId: id, name: name === null ? null : maskName(name), on, note },
    staffName: staffRefOf(named, staff)?.name ?? staff,
  }));
}
