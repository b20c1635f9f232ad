import { z } from 'zod';
import { customerRow } from './contract.ts';

export const revealedSchema = z.object({
  value: z.string().nullable(),
  used: z.number().describe('今天已查看的次数 / reveals of today'),
  most: z.number(),
});

export const foundSchema = z.object({ items: z.array(customerRow) });
