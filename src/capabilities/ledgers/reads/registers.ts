import { sql } from 'kysely';
import { z } from 'zod';
import { addDays, type BusinessDate, businessDate, fullYears, todayOf } from '../../../kernel/business-date.ts';
import type { Person } from '../../../platform/auth/session.ts';
import type { Platform } from '../../../platform/context.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import { keyOfCursor, toPage } from '../../../platform/http/page.ts';
import { lastClosedDay } from '../../closing/index.ts';
import { listCustomers, staffRefOf, staffRefs, toCustomerRow, viewFor } from '../../coverage/index.ts';
import { category } from '../../insight/contract.ts';
import type { overviewPage, registerPage } from '../contract.ts';

type Page = { readonly after?: string | undefined; readonly limit: number };
const key = z.tuple([z.number().int(), z.string()]);
const TALKED_DAYS = 90;

interface Counted {
  readonly staff_id: string;
  readonly band: number;
  readonly customers: number;
  readonly joint: number;
  readonly assets: string;
  readonly at_risk: number;
}

/** 贵宾客户总体情况 [S0]: what everybody of one's scope has in their hands, by band; in the order of the units. */
export async function overviewOf(tx: Tx, { scope }: Person, page: Page): Promise<z.input<typeof overviewPage>> {
  const day = await lastClosedDay(tx);
  const after = keyOfCursor(page.after, key);
  const mine =
    scope.lo === undefined ? sql`s.id = ${scope.staffId}` : sql`u.unit_no between ${scope.lo} and ${scope.hi ?? scope.lo}`;
  const { rows } = await sql<{ id: string; unit_no: number }>`
    select s.id, u.unit_no from organisation.staff s join organisation.org_unit u on u.id = s.org_unit_id
     where ${mine} and exists (select from coverage.portfolio p where p.staff_id = s.id and p.customers > 0)
       and ${after === undefined ? sql`true` : sql`(u.unit_no, s.id) > (${after[0]}, ${after[1]})`}
     order by u.unit_no, s.id limit ${page.limit + 1}`.execute(tx.db);
  const { items, next } = toPage(rows, page.limit, (row) => [row.unit_no, row.id]);
  const ids = items.map(({ id }) => id);
  const { scheme } = await viewFor(tx, []);
  const bands = (scheme?.bands ?? []).map(({ band, title }) => ({ band, title }));
  const counted = await countHeld(tx, ids);
  const talked = day === undefined ? new Map<string, number>() : await countTalked(tx, ids, day);
  const staff = await staffRefs(tx, ids);
  return {
    ...{ day: day ?? null, bands, next },
    items: ids.flatMap((id) => {
      const who = staffRefOf(staff, id);
      const parts = counted.filter((row) => row.staff_id === id);
      const sum = (of: (row: Counted) => number) => parts.reduce((total, row) => total + of(row), 0);
      if (who === null) return [];
      return [
        {
          ...{ staff: who, customers: sum((row) => row.customers), joint: sum((row) => row.joint) },
          assetsFen: sum((row) => Number(row.assets)),
          byBand: bands.map(({ band }) => parts.find((row) => row.band === band)?.customers ?? 0),
          ...{ atRisk: sum((row) => row.at_risk), talked90: talked.get(id) ?? 0 },
        },
      ];
    }),
  };
}

async function countHeld(tx: Tx, ids: readonly string[]): Promise<Counted[]> {
  const { rows } = await tx.client.query<Counted>(
    `select b.staff_id, s.band, count(*)::int as customers, count(*) filter (where b.seat = 'joint')::int as joint,
            sum(b.assets_fen)::text as assets, count(*) filter (where s.below_since is not null)::int as at_risk
       from coverage.by_staff b join coverage.standing s on s.customer_id = b.customer_id
      where b.staff_id = any($1) group by b.staff_id, s.band`,
    [ids],
  );
  return rows;
}

/** With how many of each person's customers somebody has talked lately, as far as one sees it. */
async function countTalked(tx: Tx, ids: readonly string[], day: BusinessDate): Promise<ReadonlyMap<string, number>> {
  const { rows } = await tx.client.query<{ staff_id: string; customers: number }>(
    `select b.staff_id, count(distinct b.customer_id)::int as customers
       from coverage.by_staff b join engagement.contact c on c.customer_id = b.customer_id
      where b.staff_id = any($1) and c.on_date > $2 and c.outcome in ('reached', 'declined', 'complaint') and c.reversed_at is null
      group by b.staff_id`,
    [ids, addDays(day, -TALKED_DAYS)],
  );
  return new Map(rows.map((row) => [row.staff_id, row.customers]));
}

/** 个人贵宾客户基本情况表 [S0]: customers of one's scope with what they have opened, largest assets first. */
export async function registerOf(
  platform: Platform,
  tx: Tx,
  person: Person,
  staffId: string | undefined,
  page: Page,
): Promise<z.input<typeof registerPage>> {
  const found = await listCustomers(tx, person.scope, { staffId, covered: true }, page);
  const view = await viewFor(
    tx,
    found.items.flatMap((row) => [row.lead_staff, row.joint_staff]),
  );
  const known = await detailsOf(
    platform,
    found.items.map((row) => row.customer_id),
  );
  return {
    next: found.next,
    items: found.items.map((row) => {
      const details = known.get(row.customer_id);
      return {
        ...toCustomerRow(view, row),
        age: details?.birth_date ? fullYears(businessDate(details.birth_date), todayOf(platform.now())) : null,
        ...{ riskLevel: details?.risk_level ?? null, openedOn: details?.opened_on ?? null },
        products: category.options.filter((one) => details?.products?.includes(one) === true),
      };
    }),
  };
}

interface Details {
  readonly customer_id: string;
  readonly birth_date: string | null;
  readonly risk_level: string | null;
  readonly opened_on: string | null;
  readonly products: readonly string[] | null;
}

/** Row security opens the details of one customer at a time; these are asked past it, for customers who were just found in one's scope. */
async function detailsOf(platform: Platform, ids: readonly string[]): Promise<ReadonlyMap<string, Details>> {
  const { rows } = await platform.worker.query<Details>(
    `select c.customer_id, c.birth_date, c.risk_level, c.opened_on, h.products from customers.customer c
       left join (select p.customer_id, array_agg(distinct r.category) as products
                    from closing.position p join products.product r on r.code = p.product_code
                   where p.customer_id = any($1) group by p.customer_id) h on h.customer_id = c.customer_id
      where c.customer_id = any($1)`,
    [ids],
  );
  return new Map(rows.map((row) => [row.customer_id, row]));
}
