import { z } from 'zod';
import { type ParsedYaml, parseYamlFile, type YamlProblem } from '../../../kernel/yaml-file.ts';

const words = z.strictObject({ zh: z.string().min(1), en: z.string().min(1) });
const yuan = z.int().min(0).max(1_000_000_000);
const days = z.int().min(1).max(365);

/** Roles that have portfolios (DOMAIN §1). */
const ROLES = [
  'sub-branch-head',
  'outlet-head',
  'wealth-advisor',
  'wealth-manager',
  'lobby-manager',
  'loan-manager',
  'remote-manager',
  'marketing-supervisor',
  'teller',
] as const;

/** What makes a follow-up; a closed union, each kind in `triggers/`. */
export const triggerSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('standard'),
    period: z.enum(['quarter', 'half-year', 'year']),
    /** How long before the period's end the follow-up appears. */
    lead_days: days,
  }),
  z.strictObject({ kind: z.literal('maturity'), days_ahead: days, at_least_yuan: yuan }),
  z.strictObject({ kind: z.literal('birthday'), whose: z.enum(['customer', 'family']), days_ahead: days }),
  z.strictObject({ kind: z.literal('at-risk') }),
  z.strictObject({ kind: z.literal('near-upgrade'), percent: z.int().min(50).max(99) }),
  z.strictObject({ kind: z.literal('falling'), percent: z.int().min(5).max(95), days, at_least_yuan: yuan }),
  z.strictObject({ kind: z.literal('arrival'), days, at_least_yuan: yuan }),
  z.strictObject({ kind: z.literal('unreachable'), attempts: z.int().min(1).max(20), days }),
  z.strictObject({ kind: z.literal('stale-address'), months: z.int().min(1).max(60) }),
  z.strictObject({ kind: z.literal('risk-assessment'), days_ahead: days }),
  z.strictObject({ kind: z.literal('dormant'), days }),
  z.strictObject({ kind: z.literal('untouched'), days }),
  z.strictObject({ kind: z.literal('first-contact'), days }),
  z.strictObject({ kind: z.literal('complaint'), days }),
  z.strictObject({ kind: z.literal('promise') }),
  z.strictObject({ kind: z.literal('task') }),
  z.strictObject({ kind: z.literal('profile'), days }),
]);
export type Trigger = z.output<typeof triggerSchema>;
export type TriggerOf<K extends Trigger['kind']> = Extract<Trigger, { kind: K }>;

const ruleSchema = z.strictObject({
  rule: z.string().regex(/^[a-z][a-z0-9-]{1,39}$/),
  title: words,
  /** What happens if it is left. */
  if_left: words,
  trigger: triggerSchema,
  /** The follow-up goes to the customer's seat that one of these roles holds: the lead's before the joint one's. */
  roles: z.array(z.enum(ROLES)).min(1),
  /** Only customers with assets in this range. */
  assets_from_yuan: yuan.optional(),
  assets_below_yuan: yuan.optional(),
  /** What settles it: a talk, a meeting in person, or nothing but the end of its cause. */
  settled_by: z.enum(['contact', 'meeting', 'cause']),
  /** 1 first … 5 last, where dates are the same. */
  priority: z.int().min(1).max(5),
  /** How far it may be postponed from its due day, in all. 0: not at all. */
  postpone_days: z.int().min(0).max(180),
});
export type Rule = z.output<typeof ruleSchema>;

export const catalogueSchema = z.strictObject({ title: words, rules: z.array(ruleSchema).min(1).max(100) });
export type Catalogue = z.output<typeof catalogueSchema>;

/**
 * Reads a catalogue of follow-up rules. Refuses, with line and column, what is not in form, names used twice, ranges that are
 * empty, and what cannot be: an address or a profile is not settled by a call.
 */
export function parseCatalogue(text: string): ParsedYaml<Catalogue> {
  const parsed = parseYamlFile(text, catalogueSchema);
  if ('problems' in parsed) return parsed;
  const problems = parsed.ok.rules.flatMap((rule, at): YamlProblem[] =>
    faultsOf(rule, parsed.ok.rules.slice(0, at)).map(({ key, zh, en }) => ({
      ...parsed.placeOf(['rules', at, key]),
      path: `rules.${at}.${key}`,
      words: { zh: `规则「${rule.rule}」：${zh}`, en: `rule "${rule.rule}": ${en}` },
    })),
  );
  return problems.length > 0 ? { problems } : parsed;
}

/** Kinds whose cause a talk does not end. */
const NOT_BY_TALK: readonly Trigger['kind'][] = ['profile', 'stale-address', 'risk-assessment'];

function faultsOf(rule: Rule, before: readonly Rule[]): { readonly key: string; readonly zh: string; readonly en: string }[] {
  const { trigger, assets_from_yuan: from = 0, assets_below_yuan: below = Number.POSITIVE_INFINITY } = rule;
  return [
    ...(before.some((other) => other.rule === rule.rule)
      ? [{ key: 'rule', zh: '名称重复，请改名', en: 'the name is used twice; rename one' }]
      : []),
    ...(from >= below
      ? [{ key: 'assets_below_yuan', zh: '资产上限须大于下限', en: 'the upper limit must be above the lower one' }]
      : []),
    ...(NOT_BY_TALK.includes(trigger.kind) && rule.settled_by !== 'cause'
      ? [
          {
            key: 'settled_by',
            zh: '此类待跟进只能随原因消除而了结，请写 cause',
            en: 'only the end of its cause settles it; write cause',
          },
        ]
      : []),
    ...(trigger.kind === 'standard' && rule.settled_by === 'cause'
      ? [{ key: 'settled_by', zh: '服务标准须由联系或面谈了结', en: 'a service standard is settled by a contact or a meeting' }]
      : []),
  ];
}
