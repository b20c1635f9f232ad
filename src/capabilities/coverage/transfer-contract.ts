import { z } from 'zod';
import { pageOf } from '../../platform/http/page.ts';
import { bandRef, seatSchema, staffRef, unitRef } from './contract.ts';
import { LIFT_STEPS } from './rules/lock-lift.ts';
import { TRANSFER_REASON_IDS } from './rules/transfer.ts';

const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const words = z.object({ zh: z.string(), en: z.string() });

export const TRANSFER_STATES = ['requested', 'scheduled', 'approved', 'rejected', 'withdrawn', 'failed', 'claimed'] as const;
export const transferRow = z.object({
  transferId: z.string(),
  customerId: z.string(),
  /** Masked; null when the customer has left one's scope since. */
  customerName: z.string().nullable(),
  outlet: unitRef.nullable(),
  seat: seatSchema,
  /** Null: nobody had the seat, or the customer is released. */
  from: staffRef.nullable(),
  to: staffRef.nullable(),
  state: z.enum(TRANSFER_STATES),
  bandTitle: bandRef.shape.title.nullable(),
  reason: z.string(),
  reasonText: words,
  words: z.string(),
  evidence: z.string().nullable(),
  requestedBy: staffRef,
  requestedAt: z.string(),
  decidedBy: staffRef.nullable(),
  decidedAt: z.string().nullable(),
  note: z.string().nullable(),
  /** From this day the new manager has the customer, up to the day before it the former one. */
  effectiveFrom: date.nullable(),
  /** The coming day for which it was asked; its night carries it out. */
  wantedOn: date.nullable(),
  /** Why it could not be carried out on its day. */
  failure: words.nullable(),
  batchId: z.string().nullable(),
  /** What one may do now; the page shows only these. */
  may: z.array(z.enum(['approve', 'reject', 'withdraw'])),
});
/** Customers that somebody has in the portfolio of the transfer, and how many there may be. */
const load = z.object({ customers: z.number(), atMost: z.number().nullable() });
export const transferDetail = transferRow.extend({
  fromLoad: load.nullable(),
  toLoad: load.nullable(),
  /** While it waits: why it could not be approved as things stand. */
  problem: words.nullable(),
});
/** What a batch means for one person: customers now, and how many come and go. */
export const batchSide = z.object({
  ...{ staff: staffRef.nullable(), staffId: z.string() },
  ...{ customers: z.number(), gains: z.number(), loses: z.number() },
});
export const batchCheckedSchema = z.object({
  problems: z.array(z.object({ line: z.number(), words })),
  sides: z.array(batchSide),
});
export const BATCH_STATES = ['requested', 'approved', 'rejected', 'withdrawn'] as const;
const batchRow = z.object({
  ...{ batchId: z.string(), fileName: z.string(), state: z.enum(BATCH_STATES), count: z.number() },
  ...{
    requestedBy: staffRef.nullable(),
    requestedAt: z.string(),
    decidedBy: staffRef.nullable(),
    decidedAt: z.string().nullable(),
  },
  note: z.string().nullable(),
});
export const batchesSchema = z.object({ items: z.array(batchRow) });
export const batchDetail = batchRow.extend({
  items: z.array(transferRow),
  sides: z.array(batchSide),
  may: transferRow.shape.may,
});
export const transfersPage = pageOf(transferRow);
export const candidatesSchema = z.object({
  customerId: z.string(),
  name: z.string(),
  seat: seatSchema,
  current: staffRef.nullable(),
  /** Why nobody can take the seat at all. */
  problem: words.nullable(),
  /** Why the customer cannot be released; null when they can. */
  releaseProblem: words.nullable(),
  candidates: z.array(staffRef.extend({ portfolio: z.string(), portfolioTitle: words, load, problem: words.nullable() })),
  reasons: z.array(z.object({ reason: z.enum(TRANSFER_REASON_IDS), text: words })),
});
/** Customers whom nobody has, for whoever could be their lead manager. */
export const claimsSchema = z.object({
  /** While portfolios are locked a claim becomes a request. */
  locked: z.object({ name: z.string(), from: date, to: date }).nullable(),
  /** Whether one's role has a seat at all. */
  eligible: z.boolean(),
  /** Whether there are more than are shown. */
  more: z.boolean(),
  load: load.nullable(),
  items: z.array(
    z.object({
      ...{ customerId: z.string(), name: z.string(), outlet: unitRef.nullable() },
      ...{ tierTitle: words, bandTitle: bandRef.shape.title.nullable() },
      problem: words.nullable(),
      may: z.array(z.enum(['claim'])),
    }),
  ),
});
export const lockPeriodsSchema = z.object({
  /** The period that is on today. */
  now: z.object({ name: z.string(), from: date, to: date }).nullable(),
  /** Whether one may lock portfolios for another period. */
  maySet: z.boolean(),
  periods: z.array(
    z.object({
      ...{ lockId: z.string(), name: z.string(), from: date, to: date, setBy: z.string() },
      ...{ liftAskedBy: z.string().nullable(), liftWords: z.string().nullable(), liftedBy: z.string().nullable() },
      /** What one may do next: ask to lift it, confirm what another one asked for, keep it. */
      may: z.array(z.enum(LIFT_STEPS)),
    }),
  ),
});
