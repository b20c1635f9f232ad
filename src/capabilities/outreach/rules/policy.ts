import { z } from 'zod';
import { type ParsedYaml, parseYamlFile } from '../../../kernel/yaml-file.ts';

/** How far back caps may look: so much of what went out is read. */
export const CAP_DAYS_MAX = 30;

const cap = z.strictObject({ days: z.int().min(1).max(CAP_DAYS_MAX), most: z.int().min(0).max(100) });
const title = z.strictObject({ zh: z.string().min(1).max(60), en: z.string().min(1).max(120) });

/** What a bank sets of the gate for everybody; what the law sets (consent, suitability, do-not-contact) is not in it. */
const policySchema = z.strictObject({
  title,
  /** Beijing's hours, over midnight: from an evening hour to one of the morning. */
  quiet: z.strictObject({ from_hour: z.int().min(17).max(23), to_hour: z.int().min(6).max(12) }),
  /** At most so many within so many days, all staff together: of what sells, and of everything. */
  caps: z.strictObject({ marketing: z.array(cap).min(1).max(5), any: z.array(cap).min(1).max(5) }),
  adult_age: z.int().min(18).max(25),
  /** From an age on, products up to a risk only. */
  elderly: z.array(z.strictObject({ age: z.int().min(50).max(120), up_to: z.enum(['R1', 'R2', 'R3', 'R4', 'R5']) })).max(5),
});
export type Policy = z.output<typeof policySchema>;

/** Reads a file of the gate's settings; what is wrong in it comes with line and column. */
export function parsePolicy(source: string): ParsedYaml<Policy> {
  return parseYamlFile(source, policySchema);
}
