import { z } from 'zod';

export const unitSchema = z.object({
  id: z.string(),
  name: z.string(),
  level: z.enum(['head-office', 'branch', 'sub-branch', 'outlet']),
  parentId: z.string().nullable(),
  district: z.string().nullable(),
  longitude: z.number().nullable(),
  latitude: z.number().nullable(),
  unitNo: z.number(),
  lastNo: z.number(),
  /** Staff of the unit itself who are there today. */
  staff: z.number(),
});
export type Unit = z.infer<typeof unitSchema>;

/** A unit as it was on a day. */
export const unitOnSchema = unitSchema.pick({ id: true, name: true, level: true, parentId: true }).extend({
  closedOn: z.string().nullable(),
  mergedInto: z.string().nullable(),
  open: z.boolean(),
});
export type UnitOn = z.infer<typeof unitOnSchema>;

/** A post as it was on a day. */
export const postOnSchema = z.object({ id: z.string(), name: z.string(), unitId: z.string(), role: z.string() });
export type PostOn = z.infer<typeof postOnSchema>;

export const staffMemberSchema = z.object({
  id: z.string(),
  name: z.string(),
  unitId: z.string(),
  unitName: z.string(),
  role: z.string(),
  grade: z.string().nullable(),
  /** Share of a full portfolio in basis points. */
  shareBp: z.number(),
  hiredOn: z.string().nullable(),
  leftOn: z.string().nullable(),
});
export type StaffMember = z.infer<typeof staffMemberSchema>;
