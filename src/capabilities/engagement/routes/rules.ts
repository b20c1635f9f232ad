import { z } from 'zod';
import { scoped, unscoped } from '../../../platform/db/transaction.ts';
import { nothing } from '../../../platform/http/page.ts';
import { defineRoute, refusedWith } from '../../../platform/http/route.ts';
import { forecastPart, rulesSchema, rulesSource } from '../contract.ts';
import { rulesInForce } from '../reads/rules.ts';
import { activateCatalogue, readCatalogue } from '../service/catalogues.ts';
import { coveredCustomers, simulatePart } from '../service/simulate.ts';

const rules = defineRoute({
  method: 'GET',
  url: '/api/follow-up-rules',
  name: 'listFollowUpRules',
  summary: '在用的跟进规则',
  permission: 'follow-ups.read',
  params: nothing,
  query: nothing,
  body: nothing,
  response: rulesSchema,
  refusals: {},
  handler: (ctx) => scoped(ctx.platform.app, ctx.person.scope, (tx) => rulesInForce(tx, ctx.person)),
});

const simulateRules = defineRoute({
  method: 'POST',
  url: '/api/follow-up-rules/simulate',
  name: 'simulateFollowUpRules',
  summary: '试算跟进规则：一次算一部分客户，按 next 接着算，不保存；规则有误时指出行和列',
  permission: 'bank.schemes',
  params: nothing,
  query: nothing,
  body: z.strictObject({ source: rulesSource, after: z.string().max(64).default('') }),
  response: forecastPart,
  refusals: { 'rules-faulty': 422, 'day-not-closed': 409 },
  handler: async (ctx, { body }) => {
    const catalogue = readCatalogue(body.source);
    const part = await simulatePart(ctx.platform, catalogue, body.after);
    if (part === undefined) return refusedWith('day-not-closed', '还没有日终，无法试算。', 'No day has been closed yet.');
    const titles = new Map(catalogue.rules.map(({ rule, title }) => [rule, title]));
    return {
      ...{ day: part.day, customers: part.customers, next: part.next, people: [...part.people] },
      of: await unscoped(ctx.platform.worker, coveredCustomers),
      rules: part.rules.map((one) => ({
        ...one,
        title: { ...(titles.get(one.rule) ?? { zh: one.rule, en: one.rule }) },
        people: [...one.people],
      })),
    };
  },
});

const activateRules = defineRoute({
  method: 'POST',
  url: '/api/follow-up-rules',
  name: 'activateFollowUpRules',
  summary: '启用跟进规则：成为新的一版，随即按新规则逐户更新待跟进',
  permission: 'bank.schemes',
  params: nothing,
  query: nothing,
  body: z.strictObject({ source: rulesSource }),
  response: rulesSchema,
  refusals: { 'rules-faulty': 422 },
  handler: async (ctx, { body }) => {
    await activateCatalogue(ctx.platform, ctx.actor, body.source);
    return scoped(ctx.platform.app, ctx.person.scope, (tx) => rulesInForce(tx, ctx.person));
  },
});

export const RULE_ROUTES = [simulateRules, activateRules, rules];
