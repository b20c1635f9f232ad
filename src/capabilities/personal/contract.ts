import { z } from 'zod';
import { staffRef } from '../coverage/contract.ts';
import { IDENTITY_FIELDS } from '../customers/index.ts';
import { DECISIONS, PURPOSES, REQUEST_KINDS, REQUEST_STATES } from './rules/rights.ts';

const requestRow = z.object({
  requestId: z.string(),
  kind: z.enum(REQUEST_KINDS),
  field: z.enum(IDENTITY_FIELDS).nullable(),
  /** Masked like everywhere else. */
  value: z.string().nullable(),
  agreedAt: z.string().nullable().describe('核心系统已更正 / the bank’s system has it right since'),
  words: z.string(),
  state: z.enum(REQUEST_STATES),
  requestedBy: staffRef.nullable(),
  requestedAt: z.string(),
  decidedBy: staffRef.nullable(),
  decidedAt: z.string().nullable(),
  note: z.string().nullable(),
  may: z.array(z.enum(DECISIONS)),
});

export const rightsSchema = z.object({
  customerId: z.string(),
  consents: z.array(z.object({ purpose: z.enum(PURPOSES), withdrawn: z.boolean() })),
  restrictedAt: z.string().nullable(),
  heldAt: z.string().nullable(),
  erasedAt: z.string().nullable(),
  resentAt: z.string().nullable().describe('删除后核心系统再次报送 / a file brought the identity again after it was erased'),
  requests: z.array(requestRow),
  /** What may be asked for as things stand. */
  mayAsk: z.array(z.enum(REQUEST_KINDS)),
  notErasable: z
    .object({ code: z.enum(['held', 'still-customer', 'law-keeps']), until: z.string().nullable() })
    .nullable()
    .describe('为什么现在不能删除 / why erasing is not possible today'),
});
