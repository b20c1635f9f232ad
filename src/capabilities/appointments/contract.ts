import { z } from 'zod';

export const KINDS = ['outlet', 'visit', 'phone', 'video'] as const;
export const STATES = ['planned', 'kept', 'missed', 'cancelled'] as const;
export const STEPS = ['move', 'keep', 'miss', 'cancel'] as const;

const instant = z.iso.datetime({ offset: true });
const said = z.string().trim();
const hour = {
  startsAt: instant,
  minutes: z.number().int().min(5).max(600),
  /** Was told of a clash and wants it all the same. */
  clashKnown: z.boolean().default(false),
};

export const appointmentSchema = z.object({
  appointmentId: z.string(),
  customerId: z.string(),
  /** Masked; null when the customer is no longer one's to see. */
  name: z.string().nullable(),
  staff: z.object({ staffId: z.string(), name: z.string(), role: z.string(), unitName: z.string() }).nullable(),
  startsAt: z.string(),
  endsAt: z.string(),
  kind: z.enum(KINDS),
  place: z.string(),
  words: z.string(),
  state: z.enum(STATES),
  endedWords: z.string().nullable(),
  may: z.array(z.enum(STEPS)),
});
export const appointmentList = z.object({ items: z.array(appointmentSchema) });

export const appointmentInput = z.strictObject({
  /** Made by who makes it, so that sending it twice makes one. */
  appointmentId: z.uuid(),
  ...hour,
  kind: z.enum(KINDS),
  place: said.max(100).default(''),
  words: said.max(500).default(''),
});
export const stepInput = z.discriminatedUnion('step', [
  z.strictObject({ step: z.literal('move'), ...hour }),
  z.strictObject({ step: z.literal('keep') }),
  z.strictObject({ step: z.literal('miss'), words: said.max(200).default('') }),
  z.strictObject({ step: z.literal('cancel'), words: said.min(2).max(200) }),
]);
