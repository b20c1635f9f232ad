import { z } from 'zod';

/** One line of the builder. */
export interface Condition {
  readonly key: number;
  readonly negated: boolean;
  readonly field: string;
  readonly from?: number | undefined;
  readonly below?: number | undefined;
  readonly values?: readonly string[] | undefined;
}
export interface Draft {
  readonly match: 'all' | 'any';
  readonly conditions: readonly Condition[];
}

const comparison = z.strictObject({
  field: z.string(),
  from: z.number().optional(),
  below: z.number().optional(),
  in: z.array(z.string()).optional(),
});
const line = z.union([comparison, z.strictObject({ not: comparison })]);
const lines = z.union([
  z.strictObject({ all: z.array(line) }),
  z.strictObject({ any: z.array(line) }),
  line.transform((one) => ({ all: [one] })),
]);

/** The builder's lines of a rule; undefined when it has rules within rules, which only its text shows. */
export function draftOf(rule: string): Draft | undefined {
  const parsed = lines.safeParse(JSON.parse(rule));
  if (!parsed.success) return undefined;
  const [match, list] = 'all' in parsed.data ? (['all', parsed.data.all] as const) : (['any', parsed.data.any] as const);
  return {
    match,
    conditions: list.map((one, key) => {
      const { in: values, ...rest } = 'not' in one ? one.not : one;
      return { key, negated: 'not' in one, ...rest, values };
    }),
  };
}

function isWhole({ field, from, below, values }: Condition): boolean {
  return field !== '' && (from !== undefined || below !== undefined || (values?.length ?? 0) > 0);
}

/** The rule that the builder's lines say; undefined while a line is not filled in. */
export function ruleOf({ match, conditions }: Draft): string | undefined {
  if (conditions.length === 0 || !conditions.every(isWhole)) return undefined;
  const all = conditions.map(({ negated, field, from, below, values }) => {
    const one = values === undefined ? { field, from, below } : { field, in: values };
    return negated ? { not: one } : one;
  });
  return JSON.stringify({ [match]: all });
}
