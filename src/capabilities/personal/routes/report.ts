import { Readable } from 'node:stream';
import { z } from 'zod';
import { defineFileRoute, refusedWith } from '../../../platform/http/route.ts';
import { personReport } from '../service/report.ts';
import { MISSING, visible } from './visible.ts';

const report = defineFileRoute({
  url: '/api/customers/:id/personal-report.pdf',
  name: 'getPersonalReport',
  summary: '个人信息报告：持有该客户的全部信息，及谁看过（须说明用途，留痕）',
  permission: 'persons.manage',
  params: z.strictObject({ id: z.string().max(64) }),
  query: z.strictObject({ words: z.string().trim().min(4).max(200).describe('用途 / what for') }),
  refusals: { 'not-found': 404 },
  handler: async (ctx, { params, query }) => {
    const customerId = await visible(ctx, params.id);
    if (customerId === undefined) return refusedWith(...MISSING);
    const bytes = await personReport(ctx.platform, ctx.actor, { customerId, words: query.words });
    if (bytes === undefined) return refusedWith(...MISSING);
    return { fileName: `个人信息报告-${customerId}.pdf`, contentType: 'application/pdf', stream: Readable.from([bytes]) };
  },
});

export const reportRoutes = [report];
