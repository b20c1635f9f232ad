import { readFile } from 'node:fs/promises';
import { digestOf } from '../../../kernel/digest.ts';
import { refuseFaults } from '../../../kernel/yaml-file.ts';
import { type Actor, audit } from '../../../platform/audit/index.ts';
import type { Platform } from '../../../platform/context.ts';
import { type Tx, unscoped } from '../../../platform/db/transaction.ts';
import { projectFile } from '../../../platform/files.ts';
import { type Catalogue, parseCatalogue } from '../rules/catalogue.ts';

/** Rules as they are kept. */
export interface StoredCatalogue {
  readonly version: number;
  readonly digest: string;
  readonly source: string;
  readonly catalogue: Catalogue;
}

/** The rules in force; undefined when none have been put in force. */
export async function catalogueInForce(tx: Tx): Promise<StoredCatalogue | undefined> {
  const row = await tx.db
    .selectFrom('engagement.catalogue')
    .select(['version', 'digest', 'source'])
    .where('state', '=', 'active')
    .executeTakeFirst();
  return row && { version: row.version, digest: row.digest, source: row.source, catalogue: parsedOnce(row.digest, row.source) };
}

/** A version never changes, and reading YAML takes longer than all else of a request. */
const parsed = new Map<string, Catalogue>();

function parsedOnce(digest: string, source: string): Catalogue {
  const known = parsed.get(digest) ?? readCatalogue(source);
  parsed.set(digest, known);
  return known;
}

/** The rules that ship with the product, as text. */
export function shippedRules(): Promise<string> {
  return readFile(projectFile('follow-ups/standard.yaml'), 'utf8');
}

/** Reads rules, refusing with each fault's place. */
export function readCatalogue(source: string): Catalogue {
  const read = parseCatalogue(source);
  return 'ok' in read ? read.ok : refuseFaults('rules-faulty', '跟进规则有误', 'The rules have faults', read.problems);
}

/**
 * Puts rules in force as a new version; the ones before retire and everybody is looked at anew. The same rules as those in
 * force change nothing.
 */
export async function activateCatalogue(platform: Platform, actor: Actor, source: string): Promise<StoredCatalogue> {
  const catalogue = readCatalogue(source);
  const digest = digestOf(source);
  return unscoped(platform.worker, async (tx) => {
    await tx.client.query('lock table engagement.catalogue in exclusive mode');
    const now = await catalogueInForce(tx);
    if (now?.digest === digest) return now;
    const { rows } = await tx.client.query<{ next: number }>(
      'select coalesce(max(version), 0) + 1 as next from engagement.catalogue',
    );
    const version = rows[0]?.next ?? 1;
    const by = {
      created_by: actor.staffId,
      created_at: platform.now(),
      activated_by: actor.staffId,
      activated_at: platform.now(),
    };
    await tx.db.updateTable('engagement.catalogue').set({ state: 'retired' }).where('state', '=', 'active').execute();
    await tx.db
      .insertInto('engagement.catalogue')
      .values({ version, source, digest, state: 'active', ...by })
      .execute();
    await tx.client.query('insert into engagement.news select customer_id from engagement.agenda on conflict do nothing');
    const body = { digest, rules: catalogue.rules.length, from: now?.version ?? null };
    await audit(tx, actor, { kind: 'rules.activated', subject: String(version), body });
    return { version, digest, source, catalogue };
  });
}
