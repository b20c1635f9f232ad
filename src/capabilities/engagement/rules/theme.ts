import type { Rule, Trigger } from './catalogue.ts';

/** What a manager looks for first in the morning: bands about to move, money coming or going, birthdays. */
export const THEMES = ['bands', 'money', 'birthdays'] as const;
export type Theme = (typeof THEMES)[number];

const KINDS: Readonly<Record<Theme, readonly Trigger['kind'][]>> = {
  bands: ['at-risk', 'near-upgrade'],
  money: ['maturity', 'arrival', 'falling'],
  birthdays: ['birthday'],
};

/** The rules of a catalogue that belong to a theme, by what makes them: a bank may call its own rules as it likes. */
export function rulesOfTheme(rules: readonly Rule[], theme: Theme): string[] {
  return rules.filter(({ trigger }) => KINDS[theme].includes(trigger.kind)).map(({ rule }) => rule);
}
