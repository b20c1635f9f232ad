import { z } from 'zod';
import { askedDay } from '../../platform/http/page.ts';

const money = z.number().int().describe('分 fen');
const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
export const PACKS = ['week', 'day'] as const;

/** Of units and staff only: fit for a wall. */
export const boardSchema = z.object({
  unitName: z.string(),
  /** The newest closed day, and the first of the days that count. */
  day: date.nullable(),
  from: date.nullable(),
  customers: z.number(),
  covered: z.number(),
  assetsFen: money,
  /** What the unit had when the first day began; null = not kept. */
  assetsBeforeFen: money.nullable(),
  opened: z.number(),
  rose: z.number(),
  fell: z.number(),
  soldFen: money.describe('产品销售额'),
  people: z.array(
    z.object({
      staff: z.object({ staffId: z.string(), name: z.string(), role: z.string(), unitName: z.string() }),
      talked: z.number().describe('联系上的客户数'),
      met: z.number().describe('面谈的客户数'),
      messages: z.number().describe('发出的短信条数'),
      overdue: z.number().describe('逾期待跟进的客户数'),
      soldFen: money.describe('计入本人的产品销售额'),
    }),
  ),
});

export const ACTION_STATES = ['open', 'done', 'dropped'] as const;
/** What a meeting asks somebody to do by a day. */
export const actionSchema = z.object({
  actionId: z.string(),
  words: z.string(),
  staff: z.object({ staffId: z.string(), name: z.string(), role: z.string(), unitName: z.string() }).nullable(),
  dueOn: date,
  by: z.string(),
  state: z.enum(ACTION_STATES),
  late: z.boolean(),
  endedWords: z.string().nullable(),
  may: z.array(z.enum(['done', 'drop'])),
});
export const actionList = z.object({ items: z.array(actionSchema) });
export const actionInput = z.strictObject({
  actionId: z.uuid(),
  staffId: z.string().max(64),
  words: z.string().trim().min(2).max(200),
  dueOn: askedDay,
});
export const actionStep = z.strictObject({
  step: z.enum(['done', 'drop']),
  words: z.string().trim().max(200).default(''),
});

/** What a meeting talks over: the board, and what customers said. */
export const packSchema = boardSchema.extend({
  complaints: z.array(
    z.object({ customerId: z.string(), name: z.string().nullable(), on: date, note: z.string(), staffName: z.string() }),
  ),
  questions: z.array(
    z.object({ customerId: z.string(), name: z.string().nullable(), on: date, note: z.string(), staffName: z.string() }),
  ),
  interest: z.array(z.object({ category: z.string(), customers: z.number() })),
  declined: z.number().describe('联系上但谢绝的客户数'),
  minutes: z
    .array(z.object({ minutesId: z.string(), words: z.string(), by: z.string(), at: z.string() }))
    .describe('会议纪要，新的在前'),
  actions: z.array(actionSchema).describe('会议布置：未了结的，和这段时间了结的'),
  may: z.array(z.enum(['minute'])),
});

export const minutesInput = z.strictObject({
  minutesId: z.uuid(),
  unit: z.string().max(64).optional(),
  kind: z.enum(PACKS),
  words: z.string().trim().min(2).max(4000),
  actions: z.array(actionInput).max(20).default([]),
});
