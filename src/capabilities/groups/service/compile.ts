import { type RawBuilder, sql } from 'kysely';
import type { BusinessDate } from '../../../kernel/business-date.ts';
import type { ChoiceField, NumberField } from '../rules/fields.ts';
import type { Rule } from '../rules/rule.ts';

/** What ids in a rule stand for, and the day as of which it is asked. */
export interface RuleGround {
  readonly day: BusinessDate;
  /** Places of tiers and bands by id. */
  readonly tiers: ReadonlyMap<string, number>;
  readonly bands: ReadonlyMap<string, number>;
  /** First and last unit number of each unit by id. */
  readonly units: ReadonlyMap<string, { readonly lo: number; readonly hi: number }>;
}

type Sql = RawBuilder<unknown>;

const AMOUNTS = {
  assets: sql`s.assets_fen`,
  deposits: sql`f.deposits_fen`,
  wealth: sql`f.wealth_fen`,
  funds: sql`f.funds_fen`,
  insurance: sql`f.insurance_fen`,
  investments: sql`(f.wealth_fen + f.funds_fen + f.other_fen)`,
  loans: sql`f.loans_fen`,
} as const;

/** What stands on the left of a comparison, and what the bound on its right is multiplied by. */
function measureOf(field: NumberField, { day }: RuleGround): { readonly left: Sql; readonly by: Sql } {
  const yuan = (left: Sql) => ({ left, by: sql`100::bigint` });
  // A share is compared without dividing; of nothing there is none.
  const share = (part: Sql) => ({ left: sql`case when s.assets_fen > 0 then ${part} * 100 end`, by: sql`s.assets_fen` });
  const plain = (left: Sql) => ({ left, by: sql`1` });
  const measures: Record<NumberField, { left: Sql; by: Sql }> = {
    age: plain(sql`extract(year from age(${day}::date, f.birth_date))::int`),
    assets_yuan: yuan(AMOUNTS.assets),
    deposits_yuan: yuan(AMOUNTS.deposits),
    wealth_yuan: yuan(AMOUNTS.wealth),
    funds_yuan: yuan(AMOUNTS.funds),
    insurance_yuan: yuan(AMOUNTS.insurance),
    investments_yuan: yuan(AMOUNTS.investments),
    loans_yuan: yuan(AMOUNTS.loans),
    deposits_share: share(AMOUNTS.deposits),
    wealth_share: share(AMOUNTS.wealth),
    funds_share: share(AMOUNTS.funds),
    insurance_share: share(AMOUNTS.insurance),
    investments_share: share(AMOUNTS.investments),
    talks_30: plain(sql`f.talks_30`),
    talks_90: plain(sql`f.talks_90`),
    days_since_talk: plain(sql`(${day}::date - f.last_talk_on)`),
    moves_30: plain(sql`f.moves_30`),
    moves_90: plain(sql`f.moves_90`),
    days_since_move: plain(sql`(${day}::date - f.last_move_on)`),
  };
  return measures[field];
}

function chosen(field: ChoiceField, values: readonly string[], ground: RuleGround): Sql {
  const places = (known: ReadonlyMap<string, number>) => values.flatMap((id) => known.get(id) ?? []);
  if (field === 'tier') return sql`s.tier = any(${places(ground.tiers)}::int[])`;
  if (field === 'band') return sql`s.band = any(${places(ground.bands)}::int[])`;
  if (field === 'district') return sql`f.district = any(${[...values]}::text[])`;
  if (field === 'tag') return sql`f.tags && ${[...values]}::text[]`;
  const ranges = values.flatMap((id) => ground.units.get(id) ?? []);
  if (ranges.length === 0) return sql`false`;
  return sql`(${sql.join(
    ranges.map(({ lo, hi }) => sql`s.unit_no between ${lo}::int and ${hi}::int`),
    sql` or `,
  )})`;
}

/**
 * A rule as SQL over a standing `s` and its facts `f`: true or false, never unknown. Columns are ours; everything that somebody wrote
 * goes as a parameter.
 */
export function ruleSql(rule: Rule, ground: RuleGround): Sql {
  if ('all' in rule)
    return sql`(${sql.join(
      rule.all.map((part) => ruleSql(part, ground)),
      sql` and `,
    )})`;
  if ('any' in rule)
    return sql`(${sql.join(
      rule.any.map((part) => ruleSql(part, ground)),
      sql` or `,
    )})`;
  if ('not' in rule) return sql`(not ${ruleSql(rule.not, ground)})`;
  if ('in' in rule) return sql`coalesce(${chosen(rule.field, rule.in, ground)}, false)`;
  const { left, by } = measureOf(rule.field, ground);
  const bounds = [
    ...(rule.from === undefined ? [] : [sql`${left} >= ${rule.from}::bigint * ${by}`]),
    ...(rule.below === undefined ? [] : [sql`${left} < ${rule.below}::bigint * ${by}`]),
  ];
  return sql`coalesce(${sql.join(bounds, sql` and `)}, false)`;
}
