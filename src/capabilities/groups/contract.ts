import { z } from 'zod';
import { pageOf } from '../../platform/http/page.ts';
import { customerRow, staffRef, unitRef, words } from '../coverage/contract.ts';

const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);

/** A rule as it is written: YAML or JSON. */
export const ruleText = z.string().trim().min(2).max(8_000);
export const titleText = z.string().trim().min(2).max(30);

export const GROUP_STEPS = ['edit', 'retire'] as const;
/** Who of a group a list shows: those in it, or who entered or left with the newest close. */
export const SHOWN = ['in', 'entered', 'left'] as const;
export type Shown = (typeof SHOWN)[number];

export const groupSchema = z.object({
  groupId: z.string(),
  title: words,
  /** The rule as JSON, and in words. */
  rule: z.string(),
  inWords: words,
  /** Of everybody in the unit, or its maker's alone. */
  shared: z.boolean(),
  unit: unitRef.nullable(),
  /** Of one's scope: in it now, and how many entered and left with the newest close. */
  customers: z.number(),
  entered: z.number(),
  left: z.number(),
  may: z.array(z.enum(GROUP_STEPS)),
});

const valueSchema = z.object({ id: z.string(), title: words });
export const groupsSchema = z.object({
  /** The newest closed day. */
  day: date.nullable(),
  items: z.array(groupSchema),
  may: z.array(z.enum(['make', 'share'])),
});
/** What a rule may ask about. */
export const fieldsSchema = z.object({
  numbers: z.array(z.object({ field: z.string(), title: words })),
  choices: z.array(
    z.object({ field: z.string(), title: words, values: z.array(valueSchema).describe('空：自由填写 / empty: free words') }),
  ),
});
export const countSchema = z.object({
  day: date.nullable(),
  customers: z.number(),
  of: z.number(),
  inWords: words,
});
export const memberRow = customerRow.extend({ since: date });
export const membersPage = pageOf(memberRow);

/** What one knows of a customer's place in groups. */
export const customerGroups = z.object({
  groups: z.array(z.object({ groupId: z.string(), title: words, from: date, to: date.nullable() })),
  tags: z.array(z.object({ tag: z.string(), on: date, by: staffRef.nullable() })),
  may: z.array(z.enum(['tag'])),
});
