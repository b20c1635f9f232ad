import { readFile } from 'node:fs/promises';
import { refuseFaults } from '../../../kernel/yaml-file.ts';
import { projectFile } from '../../../platform/files.ts';
import { settingsIn } from '../../../platform/settings.ts';
import { parseRates, type Rates } from '../rules/value.ts';

/** The rates that ship with the product, as text. */
export function shippedRates(): Promise<string> {
  return readFile(projectFile('value/standard.yaml'), 'utf8');
}

/** Reads rates, refusing with each fault's place. */
export function readRates(source: string): Rates {
  const read = parseRates(source);
  return 'ok' in read ? read.ok : refuseFaults('rates-faulty', '费率有误', 'The rates have faults', read.problems);
}

/** The rates in force, undefined when none are; and putting others in force. */
export const { inForce: ratesInForce, activate: activateRates } = settingsIn('insight.rates', 'rates.activated', readRates);
