import type { z } from 'zod';
import { type BusinessDate, businessDate, fullYears } from '../../../kernel/business-date.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import { holdings, lastClosedDay } from '../../closing/index.ts';
import { type StandingRow, tierTitle } from '../../coverage/index.ts';
import { category, type customerInsight } from '../contract.ts';
import { AGE_GROUPS, LEAST_PEERS, missing } from '../rules/peers.ts';
import { CATEGORIES, type Category, customerValue } from '../rules/value.ts';
import { ratesInForce } from '../service/rates.ts';

const MATURITIES_SHOWN = 12;
type Insight = z.input<typeof customerInsight>;

/** The customer must be open to the transaction. */
export async function insightOf(tx: Tx, customer: StandingRow): Promise<Insight> {
  const day = await lastClosedDay(tx);
  const held = await positionsOf(tx, customer.customer_id);
  const balances = new Map<Category, number>();
  for (const one of held) balances.set(one.category, (balances.get(one.category) ?? 0) + one.balanceFen);
  const stored = await ratesInForce(tx);
  return {
    day: day ?? null,
    mix: CATEGORIES.flatMap((kind) => {
      const balanceFen = balances.get(kind) ?? 0;
      return balanceFen === 0 ? [] : [{ category: kind, balanceFen }];
    }),
    value:
      stored === undefined
        ? null
        : { title: { ...stored.content.title }, version: stored.version, ...customerValue(stored.content, balances) },
    maturities: held
      .flatMap(({ maturesOn, productName, category: kind, balanceFen }) =>
        maturesOn === null || day === undefined || maturesOn <= day
          ? []
          : [{ on: maturesOn, productName, category: kind, balanceFen }],
      )
      .sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : b.balanceFen - a.balanceFen))
      .slice(0, MATURITIES_SHOWN),
    peers: day === undefined ? null : await peersOf(tx, customer, day, new Set(balances.keys())),
  };
}

async function positionsOf(tx: Tx, customerId: string) {
  const held = await holdings(tx, customerId);
  if (held.length === 0) return [];
  const products = await tx.db
    .selectFrom('products.product')
    .select(['code', 'name', 'category'])
    .where(
      'code',
      'in',
      held.map(({ productCode }) => productCode),
    )
    .execute();
  const productOf = new Map(products.map((one) => [one.code, one]));
  return held.flatMap(({ productCode, balanceFen, maturesOn }) => {
    const product = productOf.get(productCode);
    return product === undefined || balanceFen <= 0
      ? []
      : [{ productName: product.name, category: category.parse(product.category), balanceFen, maturesOn }];
  });
}

async function peersOf(tx: Tx, customer: StandingRow, day: BusinessDate, held: ReadonlySet<string>): Promise<Insight['peers']> {
  const person = await tx.db
    .selectFrom('customers.customer')
    .select('birth_date')
    .where('customer_id', '=', customer.customer_id)
    .executeTakeFirst();
  if (person?.birth_date == null) return null;
  const years = fullYears(businessDate(person.birth_date), day);
  const at = AGE_GROUPS.findLastIndex((from) => from <= years);
  const ageFrom = AGE_GROUPS[at];
  if (ageFrom === undefined) return null;
  const counts = await tx.db
    .selectFrom('insight.peer_count')
    .select(['category', 'customers', 'holders', 'as_of'])
    .where('tier', '=', customer.tier)
    .where('age_from', '=', ageFrom)
    .execute();
  const [first] = counts;
  if (first === undefined || first.customers < LEAST_PEERS) return null;
  return {
    asOf: first.as_of,
    tierTitle: tierTitle(customer.tier),
    ...{ ageFrom, ageTo: AGE_GROUPS[at + 1] ?? null, customers: first.customers },
    missing: missing(counts, held).map(({ category: kind, holders }) => ({ category: category.parse(kind), holders })),
  };
}
