import type { z } from 'zod';
import type { Person } from '../../../platform/auth/session.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import type { rulesSchema } from '../contract.ts';
import { assetsWords, settledWords, whenWords } from '../rules/rule-words.ts';
import { catalogueInForce } from '../service/catalogues.ts';

/** The rules in force in their order of priority. */
export async function rulesInForce(tx: Tx, person: Person): Promise<z.input<typeof rulesSchema>> {
  const stored = await catalogueInForce(tx);
  const may = person.permissions.has('bank.schemes') ? (['change'] as const) : [];
  if (stored === undefined) return { version: null, title: null, source: null, may: [...may], items: [] };
  return {
    ...{ version: stored.version, title: { ...stored.catalogue.title }, may: [...may] },
    source: may.length === 0 ? null : stored.source,
    items: stored.catalogue.rules
      .map((rule) => ({
        ...{ rule: rule.rule, title: { ...rule.title }, ifLeft: { ...rule.if_left }, who: [...rule.roles] },
        ...{ when: { ...whenWords(rule.trigger) }, assets: { ...assetsWords(rule) }, settledBy: { ...settledWords(rule) } },
        ...{ priority: rule.priority, postponeDays: rule.postpone_days },
      }))
      .toSorted((a, b) => a.priority - b.priority),
  };
}
