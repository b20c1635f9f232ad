import { z } from 'zod';
import { type BusinessDate, isBusinessDate } from '../../../kernel/business-date.ts';
import { FEEDS, type FeedName } from '../contract.ts';
import type { ControlTotals } from './control.ts';

const day = z.custom<BusinessDate>((value) => typeof value === 'string' && isBusinessDate(value));

/** What the reading process is asked to do; everything about the file's day is decided before. */
export const readRequest = z.object({
  path: z.string(),
  fileName: z.string(),
  feed: z.enum(FEEDS),
  /** A fresh folder of this reading alone. */
  folder: z.string(),
  businessDate: day.exactOptional(),
  revision: z.number(),
  delta: z.boolean(),
  tolerateBp: z.number(),
  businessDateMax: day,
  memoryMb: z.number(),
  control: z.object({ rows: z.number().exactOptional(), balanceFen: z.bigint().exactOptional() }).exactOptional(),
});

export interface ReadRequest {
  readonly path: string;
  readonly fileName: string;
  readonly feed: FeedName;
  readonly folder: string;
  readonly businessDate?: BusinessDate;
  readonly revision: number;
  readonly delta: boolean;
  readonly tolerateBp: number;
  readonly businessDateMax: BusinessDate;
  readonly memoryMb: number;
  readonly control?: ControlTotals;
}
