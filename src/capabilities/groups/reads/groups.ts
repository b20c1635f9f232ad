import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import type { Words } from '../../../kernel/refusal.ts';
import type { Person } from '../../../platform/auth/session.ts';
import type { Scope, Tx } from '../../../platform/db/transaction.ts';
import { keyOfCursor, toPage } from '../../../platform/http/page.ts';
import { DEFAULT_TIERS } from '../../closing/contract.ts';
import { lastClosedDay } from '../../closing/index.ts';
import { findCustomer, type StandingRow, scopeSql, staffRefOf, toCustomerRow, type View, viewFor } from '../../coverage/index.ts';
import type { customerGroups, fieldsSchema, groupSchema, memberRow, Shown } from '../contract.ts';
import { CHOICE_FIELDS, NUMBER_FIELDS } from '../rules/fields.ts';
import { ruleWords } from '../rules/words.ts';
import { activeGroups, type Definition } from '../service/definitions.ts';

/** Whether somebody sees that a group exists: their own, the bank's, and those of units above and below them. */
function isSeen(group: Definition, person: Person, { units }: View): boolean {
  if (group.ownerStaff !== null) return group.ownerStaff === person.staffId;
  if (group.unitId === null) return true;
  const unit = units.get(group.unitId);
  if (unit === undefined) return false;
  const { lo, hi = lo } = person.scope;
  const above = person.unitNo >= unit.unit_no && person.unitNo <= unit.last_no;
  return above || (lo !== undefined && hi !== undefined && unit.unit_no >= lo && unit.last_no <= hi);
}

/** Whether somebody may change a group: their own, or one whose customers they all see. */
export function mayEdit(group: Definition, person: Person, { units }: View): boolean {
  if (!person.permissions.has('groups.make')) return false;
  if (group.ownerStaff !== null) return group.ownerStaff === person.staffId;
  const { lo, hi = lo } = person.scope;
  if (lo === undefined || hi === undefined) return false;
  if (group.unitId === null) return person.wholeBank;
  const unit = units.get(group.unitId);
  return unit !== undefined && unit.unit_no >= lo && unit.last_no <= hi;
}

/** Groups that somebody sees. */
export async function groupsFor(
  tx: Tx,
  person: Person,
): Promise<{ readonly view: View; readonly groups: readonly Definition[] }> {
  const view = await viewFor(tx, []);
  return { view, groups: (await activeGroups(tx)).filter((group) => isSeen(group, person, view)) };
}

/** How tiers, bands and units of a rule are called. */
export function nameIn({ units, scheme }: View) {
  return (field: keyof typeof CHOICE_FIELDS, id: string): Words => {
    const tier = DEFAULT_TIERS.find((rung) => rung.id === id);
    if (field === 'tier' && tier !== undefined) return { zh: tier.zh, en: tier.en };
    const band = scheme?.bands.find((one) => one.id === id);
    if (field === 'band' && band !== undefined) return band.title;
    const name = field === 'unit' ? (units.get(id)?.name ?? id) : id;
    return { zh: name, en: name };
  };
}

/** Standings of one's scope as `s`; a person without a unit starts from their own portfolio. */
export function standingsOf(scope: Scope): RawBuilder<unknown> {
  const own =
    scope.lo === undefined
      ? sql`customer_id in (select customer_id from coverage.by_staff where staff_id = ${scope.staffId})`
      : sql`true`;
  return sql`(select * from coverage.standing where ${scopeSql(scope)} and ${own}) s`;
}

interface Counts {
  readonly group_id: string;
  readonly customers: number;
  readonly entered: number;
  readonly left: number;
}

/** The groups that somebody sees, with how many of their customers are in each and came and went with the newest close. */
export async function listGroups(tx: Tx, person: Person, wanted?: string) {
  const { view, groups } = await groupsFor(tx, person);
  const day = await lastClosedDay(tx);
  const shown = groups.filter(({ groupId }) => wanted === undefined || groupId === wanted);
  const { rows } = await sql<Counts>`
    select m.group_id, count(*) filter (where m.to_date is null) as customers,
           count(*) filter (where m.from_date = ${day ?? null}::date) as entered, count(*) filter (where m.to_date is not null) as left
      from groups.stay m join ${standingsOf(person.scope)} on s.customer_id = m.customer_id
     where m.group_id = any(${shown.map(({ groupId }) => groupId)}) and (m.to_date is null or m.to_date = ${day ?? null}::date)
     group by m.group_id`.execute(tx.db);
  const counts = new Map(rows.map((row) => [row.group_id, row]));
  const name = nameIn(view);
  const items = shown.map((group): z.input<typeof groupSchema> => {
    const unit = group.unitId === null ? undefined : view.units.get(group.unitId);
    const found = counts.get(group.groupId);
    return {
      ...{ groupId: group.groupId, title: group.title, rule: JSON.stringify(group.rule), inWords: ruleWords(group.rule, name) },
      shared: group.ownerStaff === null,
      unit: unit === undefined ? null : { id: unit.id, name: unit.name, level: unit.level },
      ...{ customers: found?.customers ?? 0, entered: found?.entered ?? 0, left: found?.left ?? 0 },
      may: mayEdit(group, person, view) ? ['edit', 'retire'] : [],
    };
  });
  const make = person.permissions.has('groups.make');
  const may = [...(make ? (['make'] as const) : []), ...(make && person.scope.lo !== undefined ? (['share'] as const) : [])];
  return { day: day ?? null, items, may };
}

/** What a rule may ask about, with the values there are. */
export async function fieldsFor(tx: Tx, person: Person): Promise<z.input<typeof fieldsSchema>> {
  const { units, scheme } = await viewFor(tx, []);
  const { lo, hi = lo } = person.scope;
  const mine = [...units.values()].filter(({ unit_no, last_no }) => lo !== undefined && unit_no >= lo && last_no <= (hi ?? lo));
  const same = (id: string, text: string) => ({ id, title: { zh: text, en: text } });
  const districts = await tx.db
    .selectFrom('organisation.org_unit')
    .select('district')
    .distinct()
    .where('district', 'is not', null)
    .orderBy('district')
    .execute();
  const values = {
    tier: DEFAULT_TIERS.map(({ id, zh, en }) => ({ id, title: { zh, en } })),
    band: (scheme?.bands ?? []).map(({ id, title }) => ({ id, title })),
    unit: mine.map(({ id, name }) => same(id, name)),
    district: districts.flatMap(({ district }) => (district === null ? [] : [same(district, district)])),
    tag: [],
  };
  const choices = (['tier', 'band', 'unit', 'district', 'tag'] as const).filter((field) => field !== 'unit' || mine.length > 0);
  return {
    numbers: Object.entries(NUMBER_FIELDS).map(([field, title]) => ({ field, title })),
    choices: choices.map((field) => ({ field, title: CHOICE_FIELDS[field], values: values[field] })),
  };
}

const memberKey = z.tuple([z.number().int(), z.string()]);
type MemberRow = StandingRow & { readonly since: string };

/** Who of one's customers is in a group, or came or went with the newest close; largest assets first. */
export async function membersOf(
  tx: Tx,
  scope: Scope,
  { groupId, shown }: { readonly groupId: string; readonly shown: Shown },
  page: { readonly after?: string | undefined; readonly limit: number },
): Promise<{ items: z.input<typeof memberRow>[]; next: string | null }> {
  const day = (await lastClosedDay(tx)) ?? null;
  const key = keyOfCursor(page.after, memberKey);
  const from = key === undefined ? sql`true` : sql`(s.assets_fen, s.customer_id) < (${key[0]}::bigint, ${key[1]})`;
  const which = {
    in: sql`m.to_date is null`,
    entered: sql`m.to_date is null and m.from_date = ${day}::date`,
    left: sql`m.to_date = ${day}::date`,
  }[shown];
  const since = shown === 'left' ? sql`m.to_date` : sql`m.from_date`;
  const { rows } = await sql<MemberRow>`
    with page as (
      select s.customer_id, s.outlet_id, s.tier, s.band, s.below_since, s.has_loan, s.assets_fen, s.lead_staff, s.joint_staff, ${since} as since
        from groups.stay m join ${standingsOf(scope)} on s.customer_id = m.customer_id
       where m.group_id = ${groupId} and ${which} and ${from} order by s.assets_fen desc, s.customer_id desc limit ${page.limit + 1})
    select page.*, c.name, c.no_marketing from page join coverage.card c on c.customer_id = page.customer_id
     order by page.assets_fen desc, page.customer_id desc`.execute(tx.db);
  const { items, next } = toPage(rows, page.limit, (row) => [row.assets_fen, row.customer_id]);
  const view = await viewFor(
    tx,
    items.flatMap((row) => [row.lead_staff, row.joint_staff]),
  );
  return { items: items.map((row) => ({ ...toCustomerRow(view, row), since: row.since })), next };
}

/** Groups and tags of a customer who is open to the transaction; of groups only those that one sees. */
export async function groupsOfCustomer(tx: Tx, person: Person, customerId: string): Promise<z.input<typeof customerGroups>> {
  const { groups } = await groupsFor(tx, person);
  const stays = await tx.db
    .selectFrom('groups.stay')
    .select(['group_id', 'from_date', 'to_date'])
    .where('customer_id', '=', customerId)
    .orderBy('from_date', 'desc')
    .orderBy('group_id')
    .execute();
  const tags = await tx.db
    .selectFrom('groups.tag')
    .select(['tag', 'on_date', 'staff_id'])
    .where('customer_id', '=', customerId)
    .orderBy('tag')
    .execute();
  const own = person.permissions.has('contacts.record') && (await findCustomer(tx, person.scope, customerId)) !== undefined;
  const { staff } = await viewFor(
    tx,
    tags.map(({ staff_id }) => staff_id),
  );
  return {
    groups: stays.flatMap((stay) => {
      const group = groups.find(({ groupId }) => groupId === stay.group_id);
      return group === undefined ? [] : [{ groupId: group.groupId, title: group.title, from: stay.from_date, to: stay.to_date }];
    }),
    tags: tags.map(({ tag, on_date, staff_id }) => ({ tag, on: on_date, by: staffRefOf(staff, staff_id) })),
    may: own ? ['tag'] : [],
  };
}
