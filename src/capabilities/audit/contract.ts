import { z } from 'zod';
import { pageOf } from '../../platform/http/page.ts';

const words = z.object({ zh: z.string(), en: z.string() });
const person = z.object({ staffId: z.string(), name: z.string().nullable(), unitName: z.string().nullable() });

export const auditEntrySchema = z.object({
  entryId: z.string(),
  at: z.iso.datetime(),
  actor: person,
  onBehalfOf: person.nullable(),
  role: z.string(),
  origin: z.string().nullable().describe('来自的地址 / address that it came from'),
  kind: z.string(),
  what: words,
  subject: z.string(),
  customerId: z.string().nullable(),
  purpose: z.string().nullable(),
  details: z.record(z.string(), z.unknown()).describe('编号、笔数、字段名 / ids, counts, names of fields'),
});
export const auditPage = pageOf(auditEntrySchema);

export const unusualSchema = z.object({
  actor: person,
  role: z.string(),
  looks: z.int(),
  customers: z.int(),
  outside: z.int(),
  night: z.int(),
  exported: z.int(),
  leftOn: z.string().nullable(),
  reasons: z.array(z.object({ kind: z.enum(['outside', 'night', 'leaving']), text: words })),
});
export const kindsSchema = z.object({ items: z.array(z.object({ kind: z.string(), what: words })) });
