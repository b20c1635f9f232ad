import { z } from 'zod';
import { staffRef, unitRef, words } from '../coverage/contract.ts';
import { METRIC_IDS } from './rules/metric.ts';
import { parsePeriod } from './rules/period.ts';

const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const figure = z.number().int().describe('金额类指标为分，其余为个数 / fen or a count');
const said = z.string().trim();
export const metric = z.enum(METRIC_IDS);
export const askedPeriod = z
  .string()
  .max(8)
  .refine((text) => parsePeriod(text) !== undefined)
  .describe('2026、2026Q3 或 2026-09');

export const metricRef = z.object({ metric, title: words, money: z.boolean() });

const row = z.object({
  staff: staffRef,
  target: figure,
  /** Set by hand when the plan was broken down. */
  byHand: z.boolean(),
  done: figure,
  /** Where they should be on the day. */
  line: figure,
});
export const planSchema = z.object({
  unit: unitRef,
  metric: metricRef,
  period: z.string(),
  from: date,
  to: date,
  /** The day as of which it is counted: the newest closed one, within the period. */
  day: date.nullable(),
  plan: z
    .object({
      planId: z.string(),
      basis: z.enum(['shares', 'growth']),
      growthBp: z.number().nullable(),
      madeBy: staffRef.nullable(),
      madeAt: z.string(),
      target: figure,
      done: figure,
      line: figure,
    })
    .nullable(),
  items: z.array(row),
  /** By day, up to the day: what was done, and where the line stood. */
  curve: z.array(z.object({ on: date, done: figure, line: figure })),
  teams: z.array(
    z.object({ name: z.string(), leader: staffRef.nullable(), people: z.number(), target: figure, done: figure, line: figure }),
  ),
  metrics: z.array(metricRef),
  may: z.array(z.enum(['make'])),
});

export const planInput = z.strictObject({
  unit: z.string().max(64).optional().describe('机构；默认本机构'),
  metric,
  period: askedPeriod,
  basis: z.enum(['shares', 'growth']).describe('按份额，或按去年同期加增幅'),
  target: figure.min(1).max(9_000_000_000_000_000).optional().describe('按份额时的总目标'),
  growthBp: z.number().int().min(-5_000).max(100_000).optional().describe('按去年时的增幅，万分之一'),
  fixed: z
    .array(z.strictObject({ staffId: z.string().max(64), target: figure.min(0) }))
    .max(1_000)
    .default([])
    .describe('手工调整的，其余自动平衡'),
  spread: z.boolean().default(false).describe('连同其中各季、各月一并下达，替换原有的'),
});
export const planPreview = z.object({
  target: figure,
  items: z.array(z.object({ staff: staffRef, weight: z.number(), lastYear: figure, target: figure, byHand: z.boolean() })),
});

export const minePlans = z.object({
  day: date.nullable(),
  items: z.array(z.object({ metric: metricRef, period: z.string(), target: figure, done: figure, line: figure })),
});

export const teamInput = z.strictObject({
  teamId: z.uuid(),
  unit: z.string().max(64).optional(),
  name: said.min(1).max(40),
  leader: z.string().max(64),
  members: z.array(z.string().max(64)).min(1).max(100),
});
export const teamList = z.object({
  items: z.array(
    z.object({
      teamId: z.string(),
      name: z.string(),
      leader: staffRef.nullable(),
      members: z.array(staffRef),
      may: z.array(z.enum(['end'])),
    }),
  ),
  /** Who could be in one. */
  people: z.array(staffRef),
  may: z.array(z.enum(['make'])),
});
