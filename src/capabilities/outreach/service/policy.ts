import { readFile } from 'node:fs/promises';
import { refuseFaults } from '../../../kernel/yaml-file.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import { projectFile } from '../../../platform/files.ts';
import { type Settings, settingsIn } from '../../../platform/settings.ts';
import { type Policy, parsePolicy } from '../rules/policy.ts';

/** The gate's settings that ship with the product, as text. */
export function shippedPolicy(): Promise<string> {
  return readFile(projectFile('outreach/standard.yaml'), 'utf8');
}

/** Reads settings of the gate, refusing with each fault's place. */
export function readPolicy(source: string): Policy {
  const read = parsePolicy(source);
  return 'ok' in read
    ? read.ok
    : refuseFaults('policy-faulty', '触达规则有误', 'The rules of outreach have faults', read.problems);
}

const kept = settingsIn('outreach.policy', 'policy.activated', readPolicy);
export const activatePolicy = kept.activate;

let shipped: Promise<Policy> | undefined;

/** The settings in force; those that ship, as version 0, until a bank has put its own in force: the gate never stands open. */
export async function policyInForce(tx: Tx): Promise<Settings<Policy>> {
  const own = await kept.inForce(tx);
  if (own !== undefined) return own;
  shipped ??= shippedPolicy().then(readPolicy);
  return { version: 0, content: await shipped };
}
