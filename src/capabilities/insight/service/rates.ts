import { readFile } from 'node:fs/promises';
import { digestOf } from '../../../kernel/digest.ts';
import { refuse } from '../../../kernel/refusal.ts';
import { type Actor, audit } from '../../../platform/audit/index.ts';
import type { Platform } from '../../../platform/context.ts';
import { type Tx, unscoped } from '../../../platform/db/transaction.ts';
import { projectFile } from '../../../platform/files.ts';
import { parseRates, type Rates } from '../rules/value.ts';

export interface StoredRates {
  readonly version: number;
  readonly rates: Rates;
}

/** The rates that ship with the product, as text. */
export function shippedRates(): Promise<string> {
  return readFile(projectFile('value/standard.yaml'), 'utf8');
}

/** A version never changes, and reading YAML takes longer than all else of a request. */
const parsed = new Map<string, Rates>();

/** The rates in force; undefined when none are. */
export async function ratesInForce(tx: Tx): Promise<StoredRates | undefined> {
  const row = await tx.db
    .selectFrom('insight.rates')
    .select(['version', 'digest', 'source'])
    .where('active', '=', true)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const rates = parsed.get(row.digest) ?? readRates(row.source);
  parsed.set(row.digest, rates);
  return { version: row.version, rates };
}

/** Reads rates, refusing with each fault's place. */
export function readRates(source: string): Rates {
  const read = parseRates(source);
  if ('ok' in read) return read.ok;
  const zh = read.problems.map(({ line, column, words }) => `第 ${line} 行第 ${column} 列 ${words.zh}`).join('；');
  const en = read.problems.map(({ line, column, words }) => `line ${line}, column ${column}: ${words.en}`).join('; ');
  return refuse('rates-faulty', `费率有误：${zh}`, `The rates have faults: ${en}`);
}

/** Puts rates in force as a new version. The same as those in force change nothing. */
export async function activateRates(platform: Platform, actor: Actor, source: string): Promise<StoredRates> {
  const rates = readRates(source);
  const digest = digestOf(source);
  return unscoped(platform.worker, async (tx) => {
    await tx.client.query('lock table insight.rates in exclusive mode');
    const now = await tx.db
      .selectFrom('insight.rates')
      .select(['version', 'digest'])
      .where('active', '=', true)
      .executeTakeFirst();
    if (now?.digest === digest) return { version: now.version, rates };
    const { rows } = await tx.client.query<{ next: number }>('select coalesce(max(version), 0) + 1 as next from insight.rates');
    const version = rows[0]?.next ?? 1;
    await tx.db.updateTable('insight.rates').set({ active: false }).where('active', '=', true).execute();
    await tx.db
      .insertInto('insight.rates')
      .values({ version, source, digest, active: true, made_by: actor.staffId, made_at: platform.now() })
      .execute();
    await audit(tx, actor, { kind: 'rates.activated', subject: String(version), body: { digest, from: now?.version ?? null } });
    return { version, rates };
  });
}
