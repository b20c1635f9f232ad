import { z } from 'zod';
import { words } from '../coverage/contract.ts';
import { CATEGORIES } from './rules/value.ts';

const money = z.number().int().describe('分 fen');
const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
export const category = z.enum(CATEGORIES);

/** What a customer holds by category, is worth to the bank, and has not got that similar ones have; what matures soon. */
export const customerInsight = z.object({
  day: date.nullable(),
  mix: z.array(z.object({ category, balanceFen: money })),
  value: z
    .object({
      title: words,
      version: z.number(),
      yearFen: money.describe('一年为本行带来的收入'),
      lines: z.array(
        z.object({ category, balanceFen: money, basisPoints: z.number().int().describe('万分之几'), yearFen: money }),
      ),
    })
    .nullable()
    .describe('没有启用费率时为空'),
  maturities: z.array(z.object({ on: date, productName: z.string(), category, balanceFen: money })),
  peers: z
    .object({
      asOf: date,
      tierTitle: words,
      ageFrom: z.number(),
      /** The first age of the next group; null = no end. */
      ageTo: z.number().nullable(),
      customers: z.number(),
      missing: z.array(z.object({ category, holders: z.number() })),
    })
    .nullable()
    .describe('没有出生日期或同类客户太少时为空'),
});
