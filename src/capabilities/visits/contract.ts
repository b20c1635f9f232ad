import { z } from 'zod';
import { words } from '../coverage/contract.ts';

/** Metres east and north of where one starts, to a hundred: coordinates themselves never leave the server. */
const spot = z.object({ east: z.number().int(), north: z.number().int() });
const metres = z.number().int().describe('直线距离，米，精确到百米 / as the crow flies');

export const visitsSchema = z.object({
  /** One's own unit, where the way begins and ends; null when the bank has not told where it is. */
  start: z.object({ name: z.string() }).nullable(),
  /** Visits that are planned on the day, by the hour. */
  stops: z.array(
    z.object({
      appointmentId: z.string(),
      customerId: z.string(),
      /** Masked. */
      name: z.string(),
      startsAt: z.string(),
      endsAt: z.string(),
      place: z.string(),
      /** Null when the bank has not told where the customer lives. */
      at: spot.nullable(),
      /** From the stop before, or from the start. */
      metres: metres.nullable(),
      /** Minutes that are missing to get there from the stop before; 0 = there is time. */
      shortMinutes: z.number().int(),
    }),
  ),
  /** The way through the stops and back, in the order of the hours. */
  metres,
  /** An order that is shorter than that of the hours, when there is one. */
  shorter: z.object({ appointmentIds: z.array(z.string()), metres }).nullable(),
  /** Customers with something to do whom one could see on the way: nearest first, or on a day without visits in the order of a round. */
  near: z.array(
    z.object({
      customerId: z.string(),
      name: z.string(),
      tierTitle: words,
      reason: words,
      at: spot,
      /** To the nearest stop, or from the start. */
      metres,
    }),
  ),
  /** Other outlets of the bank, to find one's bearings. */
  landmarks: z.array(z.object({ name: z.string(), at: spot })),
});
