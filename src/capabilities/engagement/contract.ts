import { z } from 'zod';
import { isBusinessDate } from '../../kernel/business-date.ts';
import { customerRow, words } from '../coverage/contract.ts';
import { CHANNEL_NAMES, OUTCOME_NAMES } from './rules/contact.ts';
import { THEMES } from './rules/theme.ts';

const money = z.number().int().describe('分 fen');
const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const day = z.iso.date().refine((text) => isBusinessDate(text));
const said = z.string().trim();

/** Overdue, due today, due within the week, later. */
export const BUCKETS = ['overdue', 'today', 'week', 'later'] as const;
export type Bucket = (typeof BUCKETS)[number];

/** What may be done with a follow-up beside recording a contact. */
export const STEPS = ['postpone', 'leave', 'give'] as const;

export const followUp = z.object({
  rule: z.string(),
  cause: z.string(),
  title: words,
  /** Why it is there, in figures. */
  why: words,
  ifLeft: words,
  bucket: z.enum(BUCKETS),
  dueOn: date,
  postponedTo: date.nullable(),
  stakeFen: money,
  /** Who is to do it. */
  staffId: z.string(),
  /** The last day to which it may be postponed; null = not at all. */
  postponeUntil: date.nullable(),
  may: z.array(z.enum(STEPS)),
});

/** One customer of the queue with all that one call would settle. */
export const deskRow = customerRow.extend({
  bucket: z.enum(BUCKETS),
  stakeFen: money,
  followUps: z.array(followUp),
  /** When one last talked with the customer oneself. */
  lastTalkOn: date.nullable(),
  /** One tried to reach them today, and nobody answered. */
  triedToday: z.boolean(),
});
export const deskPage = z.object({ items: z.array(deskRow), next: z.string().nullable() });

export const workbenchSchema = z.object({
  /** The morning after the newest closed day. */
  day: date.nullable(),
  rulesVersion: z.number().nullable(),
  /** Customers of one's own, and those with something to do. */
  customers: z.number(),
  buckets: z.object({ overdue: z.number(), today: z.number(), week: z.number(), later: z.number() }),
  stakeFen: money.describe('逾期和今日待跟进涉及的金额'),
  rules: z.array(z.object({ rule: z.string(), title: words, customers: z.number() })),
  /** How far one is with the standards that are counted over all one's customers. */
  standards: z.array(
    z.object({
      standard: z.enum(['talked', 'profile-all', 'profile-most']),
      done: z.number(),
      of: z.number(),
      targetPercent: z.number(),
    }),
  ),
  doneToday: z.number().describe('今日已联系的客户数'),
});

/** What a manager looks for first in the morning. */
export const themesSchema = z.object({
  items: z.array(
    z.object({
      theme: z.enum(THEMES),
      customers: z.number(),
      first: z.array(
        z.object({
          customerId: z.string(),
          /** Masked. */
          name: z.string(),
          title: words,
          why: words,
          bucket: z.enum(BUCKETS),
          dueOn: date,
        }),
      ),
    }),
  ),
});

export const teamSchema = z.object({
  day: date.nullable(),
  /** Customers by reason, due within the week. */
  rules: z.array(z.object({ rule: z.string(), title: words, customers: z.number() })),
  items: z.array(
    z.object({
      staff: z.object({ staffId: z.string(), name: z.string(), role: z.string(), unitName: z.string() }),
      overdue: z.number(),
      today: z.number(),
      week: z.number(),
      oldest: date.nullable(),
      talkedThisWeek: z.number(),
    }),
  ),
});

export const contactSchema = z.object({
  contactId: z.string(),
  staff: z.object({ staffId: z.string(), name: z.string(), role: z.string(), unitName: z.string() }).nullable(),
  on: date,
  recordedAt: z.string(),
  channel: z.enum(CHANNEL_NAMES),
  outcome: z.enum(OUTCOME_NAMES),
  note: z.string(),
  next: z.object({ on: date, words: z.string() }).nullable(),
  interest: z.array(z.string()),
  reversed: z.object({ by: z.string(), at: z.string(), words: z.string() }).nullable(),
  may: z.array(z.enum(['reverse'])),
});

export const contactInput = z.strictObject({
  /** Made by who records it, so that sending it twice records it once. */
  contactId: z.uuid(),
  channel: z.enum(CHANNEL_NAMES),
  outcome: z.enum(OUTCOME_NAMES),
  on: day.optional().describe('联系日期：默认今天，最多补登七天'),
  note: said.max(2000).default(''),
  next: z
    .strictObject({ on: day, words: said.max(200).default('') })
    .nullable()
    .default(null),
  interest: z.array(z.string().max(40)).max(12).default([]),
});

export const profileSchema = z.object({
  fields: z.array(
    z.object({ field: z.string(), title: words, value: z.string(), confirmedOn: date.nullable(), counts: z.boolean() }),
  ),
  family: z.array(z.object({ memberId: z.string(), relation: z.string(), name: z.string(), birthDate: date.nullable() })),
  registeredOn: date.nullable(),
  /** The next best question to ask; null when all are answered. */
  ask: z.string().nullable(),
});

export const profileInput = z.strictObject({
  fields: z
    .array(z.strictObject({ field: z.string().max(40), value: said.max(500) }))
    .max(20)
    .default([]),
  family: z
    .array(z.strictObject({ memberId: z.uuid(), relation: said.min(1).max(20), name: said.max(40), birthDate: day.nullable() }))
    .max(20)
    .optional(),
});

/** What is to be done with a customer, what was done, and what one knows of them. */
export const customerWork = z.object({
  day: date.nullable(),
  followUps: z.array(followUp),
  contacts: z.array(contactSchema),
  profile: profileSchema,
  /** What would keep or lift the band, worded; null when it is not about to change. */
  band: words.nullable(),
  /** Ways to get in touch, and what can come of each. */
  channels: z.array(z.object({ channel: z.enum(CHANNEL_NAMES), outcomes: z.array(z.enum(OUTCOME_NAMES)) })),
  may: z.array(z.enum(['record', 'profile'])),
});

/** The rules in force, as a bank would say them. */
export const rulesSchema = z.object({
  version: z.number().nullable(),
  title: words.nullable(),
  /** The file itself, for whoever may put another one in force. */
  source: z.string().nullable(),
  may: z.array(z.enum(['change'])),
  items: z.array(
    z.object({
      rule: z.string(),
      title: words,
      when: words,
      who: z.array(z.string()).describe('岗位'),
      assets: words,
      settledBy: words,
      ifLeft: words,
      priority: z.number(),
      postponeDays: z.number(),
    }),
  ),
});

/** A file of rules, as somebody writes it. */
export const rulesSource = z
  .string()
  .min(1)
  .max(256 * 1024);

/** What rules would bring about for some of the customers; people by number, so that parts can be put together. */
export const forecastPart = z.object({
  day: date,
  /** Customers of this part, and of all. */
  customers: z.number(),
  of: z.number(),
  people: z.array(z.string()),
  rules: z.array(
    z.object({ rule: z.string(), title: words, atOnce: z.number(), inWeek: z.number(), people: z.array(z.string()) }),
  ),
  next: z.string().nullable(),
});
