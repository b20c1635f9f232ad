import { z } from 'zod';
import type { Words } from '../../../kernel/refusal.ts';
import { type PlaceOf, parseYamlFile, type YamlProblem } from '../../../kernel/yaml-file.ts';
import { type ChoiceField, isChoiceField, isNumberField, type NumberField } from './fields.ts';

/** Who belongs to a group. A comparison with something unknown (no birth date, never talked) does not hold; `not` turns it round. */
export type Rule =
  | { readonly all: readonly Rule[] }
  | { readonly any: readonly Rule[] }
  | { readonly not: Rule }
  /** From `from`, below `below`. */
  | { readonly field: NumberField; readonly from?: number; readonly below?: number }
  | { readonly field: ChoiceField; readonly in: readonly string[] };

const bound = z.int().min(0).max(1_000_000_000_000);

/** A rule as it is written: one shape with every key, so that a fault is told by its key. */
interface Written {
  all?: Written[] | undefined;
  any?: Written[] | undefined;
  not?: Written | undefined;
  field?: string | undefined;
  from?: number | undefined;
  below?: number | undefined;
  in?: string[] | undefined;
}
const written: z.ZodType<Written> = z.lazy(() =>
  z.strictObject({
    all: z.array(written).min(1).max(20).optional(),
    any: z.array(written).min(1).max(20).optional(),
    not: written.optional(),
    field: z.string().max(40).optional(),
    from: bound.optional(),
    below: bound.optional(),
    in: z.array(z.string().trim().min(1).max(40)).min(1).max(50).optional(),
  }),
);

const DEPTH_MAX = 6;
const COMPARISONS_MAX = 40;

type Fault = Words & { readonly path: readonly PropertyKey[] };
type Read = { readonly rule: Rule } | { readonly faults: readonly Fault[] };

export type ParsedRule = { readonly rule: Rule } | { readonly problems: readonly YamlProblem[] };

/**
 * Reads a rule, in YAML or JSON. Refuses, with line and column and how to mend it: keys that do not exist, a condition that is several
 * or none, unknown fields, empty ranges, more than 40 comparisons or 6 levels.
 */
export function parseRule(text: string): ParsedRule {
  const parsed = parseYamlFile(text, written);
  if ('problems' in parsed) return parsed;
  const read = readNode(parsed.ok, []);
  const faults = 'faults' in read ? read.faults : sizeFaults(read.rule);
  if (faults.length === 0 && 'rule' in read) return read;
  return { problems: faults.map((fault) => problemOf(fault, parsed.placeOf)) };
}

function problemOf({ path, zh, en }: Fault, placeOf: PlaceOf): YamlProblem {
  return { ...placeOf(path), path: path.join('.'), words: { zh, en } };
}

function sizeFaults(rule: Rule): Fault[] {
  const { depth, comparisons } = sizeOf(rule);
  return depth <= DEPTH_MAX && comparisons <= COMPARISONS_MAX
    ? []
    : [
        {
          path: [],
          zh: `规则过大：最多 ${COMPARISONS_MAX} 个条件、${DEPTH_MAX} 层，请拆成几个客群`,
          en: `the rule is too large: at most ${COMPARISONS_MAX} comparisons and ${DEPTH_MAX} levels; make several groups of it`,
        },
      ];
}

function sizeOf(rule: Rule): { readonly depth: number; readonly comparisons: number } {
  if ('field' in rule) return { depth: 1, comparisons: 1 };
  const parts = ('all' in rule ? rule.all : 'any' in rule ? rule.any : [rule.not]).map(sizeOf);
  return {
    depth: 1 + Math.max(...parts.map(({ depth }) => depth)),
    comparisons: parts.reduce((sum, { comparisons }) => sum + comparisons, 0),
  };
}

function readNode(node: Written, path: readonly PropertyKey[]): Read {
  const forms = (['all', 'any', 'not', 'field'] as const).filter((key) => node[key] !== undefined);
  const stray = node.field === undefined && (node.from ?? node.below ?? node.in) !== undefined;
  if (forms.length !== 1 || stray)
    return fault(path, '每个条件只写 all、any、not、field 其中一种', 'write exactly one of all, any, not and field');
  if (node.not !== undefined) {
    const inner = readNode(node.not, [...path, 'not']);
    return 'faults' in inner ? inner : { rule: { not: inner.rule } };
  }
  if (node.all !== undefined) return readList(node.all, [...path, 'all'], (all) => ({ all }));
  if (node.any !== undefined) return readList(node.any, [...path, 'any'], (any) => ({ any }));
  return readComparison(node, path);
}

function readList(nodes: readonly Written[], path: readonly PropertyKey[], make: (rules: readonly Rule[]) => Rule): Read {
  const parts = nodes.map((node, i) => readNode(node, [...path, i]));
  const faults = parts.flatMap((part) => ('faults' in part ? part.faults : []));
  if (faults.length > 0) return { faults };
  return { rule: make(parts.flatMap((part) => ('rule' in part ? [part.rule] : []))) };
}

function readComparison({ field = '', from, below, in: list }: Written, path: readonly PropertyKey[]): Read {
  if (isNumberField(field)) {
    if (list !== undefined || (from ?? below) === undefined)
      return fault(path, `「${field}」要写 from（含）或 below（不含）`, `"${field}" wants from (included) or below (excluded)`);
    if (from !== undefined && below !== undefined && from >= below)
      return fault([...path, 'below'], 'below 须大于 from', 'below must be above from');
    return { rule: { field, ...(from !== undefined && { from }), ...(below !== undefined && { below }) } };
  }
  if (!isChoiceField(field))
    return fault(
      [...path, 'field'],
      `没有「${field}」这一项，可用的见客群说明`,
      `there is no field "${field}"; see docs/groups.md`,
    );
  if (list === undefined || (from ?? below) !== undefined)
    return fault(path, `「${field}」要写 in，列出可取的值`, `"${field}" wants in with the values that count`);
  return { rule: { field, in: list } };
}

function fault(path: readonly PropertyKey[], zh: string, en: string): Read {
  return { faults: [{ path, zh, en }] };
}

/** Reads a rule that is kept: it was checked when it was written down. */
export function keptRule(value: unknown): Rule {
  const read = readNode(written.parse(value), []);
  if ('faults' in read) throw new Error(`the kept rule of a group is faulty: ${read.faults.map(({ en }) => en).join('; ')}`);
  return read.rule;
}

/** Every comparison with a list, wherever it stands. */
export function choicesIn(rule: Rule): { readonly field: ChoiceField; readonly in: readonly string[] }[] {
  if ('all' in rule) return rule.all.flatMap(choicesIn);
  if ('any' in rule) return rule.any.flatMap(choicesIn);
  if ('not' in rule) return choicesIn(rule.not);
  return 'in' in rule ? [rule] : [];
}
