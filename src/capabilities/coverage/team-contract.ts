import { z } from 'zod';
import { customerRow, staffRef } from './contract.ts';

const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
/** What a member may do: read the customer, or also record contacts and the profile. */
export const TEAM_MAY = ['see', 'work'] as const;
export type TeamMay = (typeof TEAM_MAY)[number];

export const teamOfCustomer = z.object({
  /** Only customers of the highest band have a team. */
  isPrivate: z.boolean(),
  members: z.array(
    z.object({
      memberId: z.string(),
      staff: staffRef,
      may: z.enum(TEAM_MAY),
      words: z.string().describe('分工'),
      from: date,
      addedBy: staffRef.nullable(),
    }),
  ),
  may: z.array(z.enum(['add', 'end'])),
});
export const teamCustomers = z.object({
  items: z.array(customerRow.extend({ part: z.enum(TEAM_MAY), words: z.string(), from: date })),
});
