import { z } from 'zod';
import { pageOf } from '../../platform/http/page.ts';
import { bandRef, seatSchema, staffRef, unitRef } from './contract.ts';
import { HANDOVER_ACTIONS, HANDOVER_KINDS } from './rules/handover.ts';

const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const words = z.object({ zh: z.string(), en: z.string() });

export const HANDOVER_STATES = ['frozen', 'split', 'done', 'withdrawn', 'returned'] as const;
export const handoverRow = z.object({
  handoverId: z.string(),
  owner: staffRef,
  kind: z.enum(HANDOVER_KINDS),
  kindText: words,
  onDate: date,
  backOn: date.nullable(),
  words: z.string(),
  state: z.enum(HANDOVER_STATES),
  startedBy: staffRef,
  startedAt: z.string(),
  effectiveFrom: date.nullable(),
  /** Signatures that are still wanting, of both sides. */
  unsigned: z.number(),
  /** What one may do now; the page shows only these. */
  may: z.array(z.enum(HANDOVER_ACTIONS)),
});
export const handoversPage = pageOf(handoverRow);
export const handoverDetail = handoverRow.extend({
  /** Customers whom the owner has now. */
  customers: z.number(),
  splitBy: staffRef.nullable(),
  splitAt: z.string().nullable(),
  oftenWords: z.string().nullable(),
  giverSignedBy: staffRef.nullable(),
  giverSignedAt: z.string().nullable(),
  decidedBy: staffRef.nullable(),
  decidedAt: z.string().nullable(),
  returnedBy: staffRef.nullable(),
  returnedAt: z.string().nullable(),
  /** By successor; whoever sees only their own lines is told of these. Null: nobody can take them. */
  parts: z.array(
    z.object({
      to: staffRef.nullable(),
      customers: z.number(),
      assetsFen: z.number(),
      /** Of them, those who changed hands too often lately. */
      often: z.number(),
      /** What the successor has in all portfolios now. */
      load: z.number(),
      signedAt: z.string().nullable(),
    }),
  ),
  /** After it was carried out: how many went, stayed, had left before, came back. */
  outcomes: z.object({ moved: z.number(), stayed: z.number(), gone: z.number(), returned: z.number() }),
});
export const handoverItem = z.object({
  customerId: z.string(),
  /** Masked; null when the customer is not in one's scope. */
  customerName: z.string().nullable(),
  outlet: unitRef.nullable(),
  seat: seatSchema,
  bandTitle: bandRef.shape.title.nullable(),
  assetsFen: z.number(),
  to: staffRef.nullable(),
  often: z.boolean(),
  outcome: z.enum(['moved', 'stayed', 'gone', 'returned']).nullable(),
});
export const handoverItems = pageOf(handoverItem);
export const handoverSuccessors = z.object({
  /** Who could take any of the customers, fewest customers first. */
  items: z.array(staffRef.extend({ takes: z.number(), load: z.number() })),
});
