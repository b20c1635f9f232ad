import { z } from 'zod';
import { pageOf } from '../../platform/http/page.ts';
import { customerRow, staffRef, words } from '../coverage/contract.ts';
import { EXPORT_ACTIONS, EXPORT_KINDS, EXPORT_PURPOSE_IDS, EXPORT_STATES } from './rules/export.ts';

export const revealedSchema = z.object({
  value: z.string().nullable(),
  used: z.number().describe('今天已查看的次数 / reveals of today'),
  most: z.number(),
});

export const foundSchema = z.object({ items: z.array(customerRow) });

export const exportRow = z.object({
  exportId: z.string(),
  kind: z.enum(EXPORT_KINDS),
  subject: z.string(),
  title: words,
  purpose: z.enum(EXPORT_PURPOSE_IDS),
  words: z.string(),
  rows: z.number(),
  needsApproval: z.boolean(),
  state: z.enum(EXPORT_STATES),
  requestedBy: staffRef.nullable(),
  requestedAt: z.string(),
  decidedBy: staffRef.nullable(),
  decidedAt: z.string().nullable(),
  note: z.string().nullable(),
  expiresAt: z.string().nullable().describe('此前须领取 / to be fetched before'),
  takenAt: z.string().nullable(),
  digest: z.string().nullable().describe('文件的 SHA-256 / SHA-256 of the file'),
  may: z.array(z.enum(EXPORT_ACTIONS)),
});
export const exportsPage = pageOf(exportRow);
