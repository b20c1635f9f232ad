import { z } from 'zod';
import { businessDate } from '../../kernel/business-date.ts';
import { scoped } from '../../platform/db/transaction.ts';
import { askedDay, nothing } from '../../platform/http/page.ts';
import { defineRoute } from '../../platform/http/route.ts';
import { visitsSchema } from './contract.ts';
import { visitsOn } from './reads/visits.ts';

const visits = defineRoute({
  method: 'GET',
  url: '/api/visits',
  name: 'visitsOn',
  summary: '外访：本人某日上门的路线，以及顺路可访的客户',
  permission: 'contacts.record',
  params: nothing,
  query: z.strictObject({ on: askedDay }),
  body: nothing,
  response: visitsSchema,
  refusals: {},
  handler: (ctx, { query }) =>
    scoped(ctx.platform.app, ctx.person.scope, async (tx) => {
      const answer = await visitsOn(tx, ctx.person, businessDate(query.on), ctx.platform.now());
      const count = answer.stops.length + answer.near.length;
      ctx.looked({ kind: 'list.viewed', subject: 'visits', body: { count, on: query.on } });
      return answer;
    }),
});

export const VISIT_ROUTES = [visits];
