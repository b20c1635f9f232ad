import { z } from 'zod';
import { type ParsedYaml, parseYamlFile } from '../../../kernel/yaml-file.ts';

export const CATEGORIES = [
  'demand-deposit',
  'time-deposit',
  'wealth',
  'fund',
  'insurance',
  'bond',
  'metal',
  'trust',
  'loan',
  'credit-card',
  'service',
] as const;
export type Category = (typeof CATEGORIES)[number];

const title = z.strictObject({ zh: z.string().min(1).max(60), en: z.string().min(1).max(120) });
/** Rates of a bank: yearly income in ten-thousandths (basis points) of the balance; a category that is not named brings nothing. */
const ratesSchema = z.strictObject({ title, rates: z.partialRecord(z.enum(CATEGORIES), z.number().int().min(-2000).max(5000)) });
export type Rates = z.output<typeof ratesSchema>;

/** Reads a file of rates; what is wrong in it comes with line and column. */
export function parseRates(source: string): ParsedYaml<Rates> {
  return parseYamlFile(source, ratesSchema);
}

export interface ValueLine {
  readonly category: Category;
  readonly balanceFen: number;
  readonly basisPoints: number;
  /** Income of a year in fen. */
  readonly yearFen: number;
}

const BASIS = 10_000n;

/**
 * 客户价值 [S2]: deposits, loans and fee income by the bank's rates. Each line is balance × rate, rounded down to the fen; the sum is the sum
 * of the lines shown. Balances in fen; those below zero bring nothing.
 */
export function customerValue(rates: Rates, balances: ReadonlyMap<Category, number>): { lines: ValueLine[]; yearFen: number } {
  const lines = CATEGORIES.flatMap((category) => {
    const balanceFen = balances.get(category) ?? 0;
    const basisPoints = rates.rates[category];
    if (balanceFen <= 0 || basisPoints === undefined) return [];
    const exact = BigInt(balanceFen) * BigInt(basisPoints);
    const floor = exact / BASIS - (exact % BASIS < 0n ? 1n : 0n);
    return [{ category, balanceFen, basisPoints, yearFen: Number(floor) }];
  });
  return { lines, yearFen: lines.reduce((sum, line) => sum + line.yearFen, 0) };
}
