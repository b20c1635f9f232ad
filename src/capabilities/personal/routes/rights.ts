import { z } from 'zod';
import { openCustomer, scoped } from '../../../platform/db/transaction.ts';
import { nothing } from '../../../platform/http/page.ts';
import { type Ctx, defineRoute, refusedWith } from '../../../platform/http/route.ts';
import { findCustomer } from '../../coverage/index.ts';
import { IDENTITY_FIELDS } from '../../customers/index.ts';
import { rightsSchema } from '../contract.ts';
import { rightsOf } from '../reads/rights.ts';
import { DECISIONS, PURPOSES, REQUEST_KINDS } from '../rules/rights.ts';
import { recordConsent } from '../service/consent.ts';
import { askForPerson, decideForPerson } from '../service/requests.ts';
import { MISSING, visible } from './visible.ts';

const id = z.strictObject({ id: z.string().max(64) });
const words = z.string().trim().min(4).max(200);

const AGAINST = {
  'not-found': 404,
  'person-erased': 409,
  'person-request-open': 409,
  'person-request-decided': 409,
  'not-yours-to-decide': 409,
  'erasure-held': 409,
  'erasure-still-customer': 409,
  'erasure-law-keeps': 409,
} as const;

/** What stands now, for an answer. */
async function answer(ctx: Ctx, customerId: string): Promise<z.input<typeof rightsSchema> | undefined> {
  return scoped(ctx.platform.app, ctx.person.scope, async (tx) => {
    const row = await findCustomer(tx, ctx.person.scope, customerId);
    if (row === undefined) return undefined;
    await openCustomer(tx, row.customer_id);
    ctx.looked({ kind: 'customer.viewed', subject: row.customer_id, customerId: row.customer_id, body: { part: 'rights' } });
    const reader = { staffId: ctx.person.staffId, now: ctx.platform.now() };
    return rightsOf(tx, ctx.platform.secrets, row.customer_id, reader);
  });
}

const read = defineRoute({
  method: 'GET',
  url: '/api/customers/:id/rights',
  name: 'getRights',
  summary: '一位客户的个人信息权利：同意、限制、保全和申请',
  permission: 'persons.manage',
  params: id,
  query: nothing,
  body: nothing,
  response: rightsSchema,
  refusals: { 'not-found': 404 },
  handler: async (ctx, { params }) => (await answer(ctx, params.id)) ?? refusedWith(...MISSING),
});

const consent = defineRoute({
  method: 'POST',
  url: '/api/customers/:id/consent',
  name: 'recordConsent',
  summary: '登记客户同意或撤回同意：立即生效',
  permission: 'persons.manage',
  params: id,
  query: nothing,
  body: z.strictObject({ purpose: z.enum(PURPOSES), given: z.boolean(), words }),
  response: rightsSchema,
  refusals: AGAINST,
  handler: async (ctx, { params, body }) => {
    const customerId = await visible(ctx, params.id);
    if (customerId === undefined) return refusedWith(...MISSING);
    await recordConsent(ctx.platform, ctx.actor, { ...body, customerId });
    return (await answer(ctx, customerId)) ?? refusedWith(...MISSING);
  },
});

const ask = defineRoute({
  method: 'POST',
  url: '/api/customers/:id/requests',
  name: 'askForPerson',
  summary: '登记客户的申请：更正、限制处理、依法保全、删除、异议',
  permission: 'persons.manage',
  params: id,
  query: nothing,
  body: z
    .strictObject({
      kind: z.enum(REQUEST_KINDS),
      field: z.enum(IDENTITY_FIELDS).optional(),
      value: z.string().trim().min(1).max(200).optional(),
      words,
    })
    .refine(({ kind, field, value }) => (kind === 'correct') === (field !== undefined && value !== undefined), {
      path: ['value'],
    }),
  response: rightsSchema,
  refusals: AGAINST,
  secret: true,
  handler: async (ctx, { params, body }) => {
    const customerId = await visible(ctx, params.id);
    if (customerId === undefined) return refusedWith(...MISSING);
    await askForPerson(ctx.platform, ctx.actor, { ...body, customerId });
    return (await answer(ctx, customerId)) ?? refusedWith(...MISSING);
  },
});

const decide = defineRoute({
  method: 'POST',
  url: '/api/customers/:id/requests/:requestId/decide',
  name: 'decideForPerson',
  summary: '复核客户的申请：由经办人以外的人同意或驳回，经办人可撤回',
  permission: 'persons.manage',
  params: id.extend({ requestId: z.string().max(64) }),
  query: nothing,
  body: z.strictObject({ action: z.enum(DECISIONS), note: z.string().trim().min(1).max(200).optional() }),
  response: rightsSchema,
  refusals: AGAINST,
  handler: async (ctx, { params, body }) => {
    const customerId = await visible(ctx, params.id);
    if (customerId === undefined) return refusedWith(...MISSING);
    await decideForPerson(ctx.platform, ctx.actor, { ...body, customerId, requestId: params.requestId });
    return (await answer(ctx, customerId)) ?? refusedWith(...MISSING);
  },
});

export const rightsRoutes = [read, consent, ask, decide];
