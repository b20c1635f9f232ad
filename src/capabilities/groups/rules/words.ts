import type { Words } from '../../../kernel/refusal.ts';
import { CHOICE_FIELDS, NUMBER_FIELDS } from './fields.ts';
import type { Rule } from './rule.ts';

/** How a value of a list is called. */
export type NameOf = (field: keyof typeof CHOICE_FIELDS, id: string) => Words;

/** A rule in words, as the list of groups shows it. */
export function ruleWords(rule: Rule, nameOf: NameOf): Words {
  if ('all' in rule) return joined(rule.all, nameOf, { zh: '，且', en: ' and ' });
  if ('any' in rule) return joined(rule.any, nameOf, { zh: '，或', en: ' or ' });
  if ('not' in rule) {
    const inner = ruleWords(rule.not, nameOf);
    return { zh: `不满足（${inner.zh}）`, en: `not (${inner.en})` };
  }
  if ('in' in rule) {
    const values = rule.in.map((id) => nameOf(rule.field, id));
    const { zh, en } = CHOICE_FIELDS[rule.field];
    return {
      zh: `${zh}为${values.map((value) => value.zh).join('、')}`,
      en: `${en}: ${values.map((value) => value.en).join(', ')}`,
    };
  }
  const { zh, en } = NUMBER_FIELDS[rule.field];
  const { from, below } = rule;
  const zhBounds = [
    ...(from === undefined ? [] : [`不低于 ${grouped(from)}`]),
    ...(below === undefined ? [] : [`低于 ${grouped(below)}`]),
  ];
  const enBounds = [
    ...(from === undefined ? [] : [`from ${grouped(from)}`]),
    ...(below === undefined ? [] : [`below ${grouped(below)}`]),
  ];
  return { zh: `${zh}${zhBounds.join('、')}`, en: `${en} ${enBounds.join(', ')}` };
}

function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Parts that are lists themselves stand in brackets. */
function joined(parts: readonly Rule[], nameOf: NameOf, by: Words): Words {
  const all = parts.map((part) => {
    const said = ruleWords(part, nameOf);
    const isList = parts.length > 1 && ('all' in part || 'any' in part);
    return isList ? { zh: `（${said.zh}）`, en: `(${said.en})` } : said;
  });
  return { zh: all.map(({ zh }) => zh).join(by.zh), en: all.map(({ en }) => en).join(by.en) };
}
