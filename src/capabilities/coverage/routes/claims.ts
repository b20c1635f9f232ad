import { z } from 'zod';
import { audit } from '../../../platform/audit/index.ts';
import { scoped } from '../../../platform/db/transaction.ts';
import { nothing } from '../../../platform/http/page.ts';
import { defineRoute, refusedWith } from '../../../platform/http/route.ts';
import { claimsFor } from '../reads/claims.ts';
import { claimCustomer } from '../service/claims.ts';
import { claimsSchema, transferDetail } from '../transfer-contract.ts';
import { AGAINST, detailOf, MISSING } from './transfers.ts';

const list = defineRoute({
  method: 'GET',
  url: '/api/claims',
  name: 'listClaims',
  summary: '本机构无人管户、可以认领的客户',
  permission: 'transfers.request',
  params: nothing,
  query: nothing,
  body: nothing,
  response: claimsSchema,
  refusals: {},
  handler: (ctx) =>
    scoped(ctx.platform.app, ctx.person.scope, async (tx) => {
      const claims = await claimsFor(tx, ctx.person, ctx.platform.now());
      await audit(tx, ctx.actor, { kind: 'list.viewed', subject: 'claims', body: { count: claims.items.length } });
      return claims;
    }),
});

const claim = defineRoute({
  method: 'POST',
  url: '/api/claims',
  name: 'claimCustomer',
  summary: '认领无人管户的客户：当即成为主管户，锁包期内转为调户申请',
  permission: 'transfers.request',
  params: nothing,
  query: nothing,
  body: z.strictObject({ customerId: z.string().min(1).max(64), words: z.string().trim().max(500).default('') }),
  response: transferDetail,
  refusals: { ...AGAINST, 'not-claimable': 404, 'cooling-off': 409 },
  handler: async (ctx, { body }) => {
    const transferId = await claimCustomer(ctx.platform, ctx, body);
    return (await detailOf(ctx, transferId)) ?? refusedWith(...MISSING);
  },
});

export const claimRoutes = [list, claim];
