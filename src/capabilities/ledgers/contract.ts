import { z } from 'zod';
import { customerRow, staffRef, words } from '../coverage/contract.ts';
import { category } from '../insight/contract.ts';
import { LOG_KINDS } from './rules/words.ts';

const money = z.number().int().describe('分 fen');
const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const bp = z.number().int().min(0).max(10_000).describe('万分之一 / basis points');
const said = z.string().trim();
export const askedMonth = z.string().regex(/^20\d{2}-(0[1-9]|1[0-2])$/);

export const SALE_SOURCES = ['feed', 'own', 'correction'] as const;
export const SALE_STATES = ['stands', 'replaced', 'reversed', 'undone'] as const;
export const CORRECTION_STATES = ['asked', 'agreed', 'refused', 'withdrawn'] as const;
export const CORRECTION_STEPS = ['agree', 'refuse', 'withdraw'] as const;

const product = z.object({ code: z.string(), name: z.string(), category });
const people = z.object({
  seller: staffRef.nullable(),
  referrer: staffRef.nullable(),
  claimer: staffRef.nullable(),
  coverer: staffRef.nullable(),
});
export const sharesSchema = z.strictObject({ seller: bp, referrer: bp, claimer: bp, coverer: bp });

export const saleRow = z.object({
  customerId: z.string(),
  /** Masked; null when the customer is not one's to see. */
  name: z.string().nullable(),
  saleId: z.string(),
  version: z.number(),
  product,
  amountFen: money,
  on: date,
  /** To whom it can count: who sold, who raised the customer, who claimed them, who covered them on that day. */
  people,
  shares: sharesSchema,
  amounts: z.object({ seller: money, referrer: money, claimer: money, coverer: money }),
  words: z.string(),
  source: z.enum(SALE_SOURCES),
  state: z.enum(SALE_STATES),
  waiting: z.boolean().describe('有待审核的更正'),
  may: z.array(z.enum(['correct'])),
});
export const salesPage = z.object({
  items: z.array(saleRow),
  next: z.string().nullable(),
  /** Of all pages together; on the first page only. */
  total: z.object({ sales: z.number(), amountFen: money }).nullable(),
});
export const saleInput = z.strictObject({
  saleId: z.uuid(),
  productCode: z.string().min(1).max(64),
  amountFen: money.min(1).max(900_000_000_000_00),
  on: date.optional().describe('默认今天，最早 30 天前'),
  words: said.max(200).default(''),
});

export const correctionInput = z.strictObject({
  correctionId: z.uuid(),
  reverse: z.boolean().describe('冲销整笔 / take the whole sale off'),
  shares: sharesSchema,
  words: said.min(4).max(200),
});
export const correctionStep = z.strictObject({ step: z.enum(CORRECTION_STEPS), note: said.max(200).default('') });
export const correctionRow = z.object({
  correctionId: z.string(),
  customerId: z.string(),
  name: z.string().nullable(),
  saleId: z.string(),
  product,
  amountFen: money,
  on: date,
  people,
  before: sharesSchema,
  after: sharesSchema,
  reverse: z.boolean(),
  words: z.string(),
  state: z.enum(CORRECTION_STATES),
  askedBy: staffRef.nullable(),
  askedAt: z.string(),
  decidedBy: staffRef.nullable(),
  decidedAt: z.string().nullable(),
  note: z.string(),
  may: z.array(z.enum(CORRECTION_STEPS)),
});
export const correctionsPage = z.object({ items: z.array(correctionRow), next: z.string().nullable() });

export const overviewPage = z.object({
  day: date.nullable(),
  bands: z.array(z.object({ band: z.number(), title: words })),
  items: z.array(
    z.object({
      staff: staffRef,
      customers: z.number(),
      joint: z.number().describe('其中共同管户'),
      assetsFen: money,
      /** In the order of the bands. */
      byBand: z.array(z.number()),
      atRisk: z.number(),
      talked90: z.number().describe('近 90 天联系过'),
    }),
  ),
  next: z.string().nullable(),
});

export const registerRow = customerRow.extend({
  age: z.number().nullable(),
  riskLevel: z.string().nullable(),
  openedOn: date.nullable(),
  products: z.array(category).describe('已开通产品'),
});
export const registerPage = z.object({ items: z.array(registerRow), next: z.string().nullable() });

const ofDay = { customerId: z.string(), name: z.string().nullable() };
export const logDay = z.object({
  on: date,
  contacts: z.array(z.object({ ...ofDay, contactId: z.string(), way: words, outcome: words, note: z.string() })),
  appointments: z.array(z.object({ ...ofDay, appointmentId: z.string(), at: z.string(), words: z.string(), state: z.string() })),
  sales: z.array(z.object({ ...ofDay, saleId: z.string(), product, amountFen: money })),
  /** One's own words. */
  words: z.array(
    z.object({ entryId: z.string(), kind: z.enum(LOG_KINDS), words: z.string(), may: z.array(z.enum(['reverse'])) }),
  ),
  may: z.array(z.enum(['write'])),
});
export const logInput = z.strictObject({
  entryId: z.uuid(),
  on: date,
  kind: z.enum(LOG_KINDS),
  words: said.min(1).max(1000),
});
