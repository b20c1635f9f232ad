import { z } from 'zod';
import { pageOf } from '../../platform/http/page.ts';
import { staffRef } from './contract.ts';
import { KEEP_ACTIONS, KEEP_STATES } from './rules/keep.ts';

const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const money = z.number().int().describe('分 fen');

export const keepRow = z.object({
  keepId: z.string(),
  customerId: z.string(),
  /** Masked; null when the customer is not in one's scope. */
  customerName: z.string().nullable(),
  teller: staffRef,
  /** When the teller got the customer, and what they had then and when it was asked. */
  beganOn: date,
  beganFen: money,
  askedFen: money,
  isVip: z.boolean(),
  state: z.enum(KEEP_STATES),
  words: z.string(),
  requestedAt: z.string(),
  decidedBy: staffRef.nullable(),
  decidedAt: z.string().nullable(),
  note: z.string().nullable(),
  may: z.array(z.enum(KEEP_ACTIONS)),
});
export const keepsPage = pageOf(keepRow);

/** Whom a teller may ask for. */
export const keepOffers = z.object({
  isTeller: z.boolean(),
  items: z.array(z.object({ customerId: z.string(), name: z.string(), beganOn: date, beganFen: money, nowFen: money })),
});

/** Tellers by how many VIPs are on their lists. */
export const talentSchema = z.object({
  at: z.number().describe('进入人才库的户数'),
  items: z.array(z.object({ teller: staffRef, vips: z.number(), kept: z.number(), waiting: z.number(), inPool: z.boolean() })),
});
