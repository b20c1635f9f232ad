import { z } from 'zod';
import { words } from '../coverage/contract.ts';
import { OUTREACH_CHANNELS, OUTREACH_PURPOSES, REFUSALS } from './rules/gate.ts';

const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const said = z.string().trim();
export const MESSAGE_STATES = ['waiting', 'refused', 'handed', 'delivered', 'failed'] as const;

const refusedSchema = z.object({ because: z.enum(REFUSALS), words });
const staffRef = z.object({ staffId: z.string(), name: z.string(), role: z.string(), unitName: z.string() });

/** Something that somebody wanted to send, with what became of it. */
export const messageSchema = z.object({
  messageId: z.string(),
  customerId: z.string(),
  /** Masked; null when the customer is no longer one's to see. */
  name: z.string().nullable(),
  staff: staffRef.nullable(),
  channel: z.enum(OUTREACH_CHANNELS),
  purpose: z.enum(OUTREACH_PURPOSES),
  product: z.string().nullable(),
  words: z.string(),
  state: z.enum(MESSAGE_STATES),
  refusedFor: z.array(z.enum(REFUSALS)),
  madeAt: z.string(),
  receiptAt: z.string().nullable(),
  receiptWords: z.string().nullable(),
});
export const messagePage = z.object({ items: z.array(messageSchema), next: z.string().nullable() });

/** How a customer may be reached now, and what was sent before. */
export const customerOutreach = z.object({
  stop: z.object({ since: date, by: z.string(), words: z.string() }).nullable(),
  ways: z.array(
    z.object({ channel: z.enum(OUTREACH_CHANNELS), purpose: z.enum(OUTREACH_PURPOSES), refusals: z.array(refusedSchema) }),
  ),
  messages: z.array(messageSchema),
  may: z.array(z.enum(['send', 'stop', 'lift'])),
});

export const outreachInput = z
  .strictObject({
    /** Made by who sends it, so that sending it twice sends it once. */
    messageId: z.uuid(),
    customerIds: z.array(z.string().min(1).max(64)).min(1).max(200),
    channel: z.enum(OUTREACH_CHANNELS),
    purpose: z.enum(OUTREACH_PURPOSES),
    productCode: z.string().min(1).max(64).nullable().default(null).describe('推介的产品；服务提醒不带产品'),
    words: said.min(2).max(500).describe('短信、企业微信的内容，或通话的要点'),
  })
  .refine(({ purpose, productCode }) => productCode === null || purpose === 'marketing', {
    path: ['productCode'],
    message: '推介产品属于营销 / offering a product is marketing',
  });

export const outreachAnswer = z.object({
  items: z.array(z.object({ customerId: z.string(), state: z.enum(MESSAGE_STATES), refusals: z.array(refusedSchema) })),
});

export const messageState = (text: string) => z.enum(MESSAGE_STATES).parse(text);
/** A kept message's way and purpose. */
export const outreachWish = z.object({ channel: z.enum(OUTREACH_CHANNELS), purpose: z.enum(OUTREACH_PURPOSES) });

export const productList = z.object({
  items: z.array(z.object({ code: z.string(), name: z.string(), category: z.string(), riskRating: z.string().nullable() })),
});
