import { readdir, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { businessDate } from '../../../kernel/business-date.ts';
import { sha256 } from '../../../kernel/digest.ts';
import { refuse } from '../../../kernel/refusal.ts';
import { type Actor, audit } from '../../../platform/audit/index.ts';
import type { Platform } from '../../../platform/context.ts';
import { LOCKS } from '../../../platform/db/locks.ts';
import { oneConnectionANode, type Tx, unscoped } from '../../../platform/db/transaction.ts';
import { projectFile } from '../../../platform/files.ts';
import { lastClosedDay } from '../../closing/index.ts';
import { schemeViewById } from '../reads/schemes.ts';
import { parseScheme } from '../rules/parse-scheme.ts';
import { bandsAscending, type Scheme } from '../rules/scheme.ts';
import { type ActiveScheme, rebaseBands } from './bands.ts';
import { type Checked, lintNow } from './lint-now.ts';

/** A stored version of a scheme. */
export interface StoredScheme {
  readonly schemeId: string;
  readonly name: string;
  readonly version: number;
  readonly state: 'draft' | 'active' | 'retired';
  readonly digest: string;
  readonly source: string;
  readonly scheme: Scheme;
}

/** Reads a scheme's text or refuses it with every fault, by line and column. */
export function readScheme(source: string): Scheme {
  const parsed = parseScheme(source);
  if ('ok' in parsed) return parsed.ok;
  const lines = (pick: 'zh' | 'en') =>
    parsed.problems
      .slice(0, 10)
      .map((problem) => `${problem.line}:${problem.column} ${problem.words[pick]}`)
      .join('\n');
  return refuse(
    'scheme-unreadable',
    `方案文件有错（行：列）：\n${lines('zh')}`,
    `The scheme file has faults (line:column):\n${lines('en')}`,
    {
      problems: parsed.problems,
    },
  );
}

/** Saves a scheme's text as the next version of its name, a draft. The same text again is the version that is there. */
export async function saveScheme(platform: Platform, actor: Actor, source: string): Promise<StoredScheme> {
  const scheme = readScheme(source);
  const digest = sha256(source);
  return unscoped(platform.worker, async (tx) => {
    await tx.client.query('select pg_advisory_xact_lock($1)', [LOCKS.schemes]);
    const versions = await tx.db
      .selectFrom('coverage.scheme')
      .select(['scheme_id', 'version', 'digest'])
      .where('name', '=', scheme.scheme)
      .orderBy('version', 'desc')
      .execute();
    const same = versions.find((row) => row.digest === digest);
    if (same !== undefined) return storedScheme(tx, same.scheme_id);
    const version = (versions[0]?.version ?? 0) + 1;
    const schemeId = `${scheme.scheme}@${version}`;
    await tx.db
      .insertInto('coverage.scheme')
      .values({
        scheme_id: schemeId,
        name: scheme.scheme,
        version,
        title_zh: scheme.title.zh,
        title_en: scheme.title.en,
        source,
        digest,
        state: 'draft',
        created_by: actor.staffId,
        created_at: platform.now(),
      })
      .execute();
    await tx.db
      .insertInto('coverage.scheme_band')
      .values(bandsAscending(scheme).map((band, index) => ({ scheme_id: schemeId, band: index, id: band.band })))
      .execute();
    await audit(tx, actor, { kind: 'scheme.saved', subject: schemeId, body: { digest } });
    return storedScheme(tx, schemeId);
  });
}

async function storedScheme(tx: Tx, schemeId: string): Promise<StoredScheme> {
  const row = await tx.db.selectFrom('coverage.scheme').selectAll().where('scheme_id', '=', schemeId).executeTakeFirst();
  const view = await schemeViewById(tx, schemeId);
  if (row === undefined || view === undefined) return refuseUnknown(schemeId);
  const state = row.state === 'active' ? 'active' : row.state === 'retired' ? 'retired' : 'draft';
  const { name, version, digest, source } = row;
  return { schemeId, name, version, state, digest, source, scheme: view.scheme };
}

function refuseUnknown(wanted: string): never {
  return refuse(
    'scheme-unknown',
    `没有方案“${wanted}”：请用 guanhu scheme list 查看，或给出方案文件。`,
    `There is no scheme "${wanted}": see guanhu scheme list, or name a scheme file.`,
    { scheme: wanted },
  );
}

/**
 * The scheme that a person means: `name@version`, or a name: its active version, else its newest, else the preset that ships
 * under that name, which is saved as its first version.
 */
export async function findScheme(platform: Platform, actor: Actor, wanted: string): Promise<StoredScheme> {
  const known = await unscoped(platform.worker, async (tx) => {
    const row = await tx.db
      .selectFrom('coverage.scheme')
      .select('scheme_id')
      .where((eb) => eb.or([eb('scheme_id', '=', wanted), eb('name', '=', wanted)]))
      .orderBy((eb) => eb('state', '=', 'active'), 'desc')
      .orderBy('version', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row && storedScheme(tx, row.scheme_id);
  });
  if (known !== undefined) return known;
  const preset = (await presetNames()).find((name) => name === wanted);
  return preset === undefined
    ? refuseUnknown(wanted)
    : saveScheme(platform, actor, await readFile(projectFile(`schemes/${preset}.yaml`), 'utf8'));
}

/** Names of the schemes that ship with the product. */
export async function presetNames(): Promise<string[]> {
  const files = await readdir(projectFile('schemes'));
  return files
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => basename(file, '.yaml'))
    .sort();
}

/** Every stored version, by name and version. */
export function listSchemes(platform: Platform): Promise<StoredScheme[]> {
  return unscoped(platform.worker, async (tx) => {
    const rows = await tx.db.selectFrom('coverage.scheme').select('scheme_id').orderBy('name').orderBy('version').execute();
    const schemes: StoredScheme[] = [];
    for (const row of rows) schemes.push(await storedScheme(tx, row.scheme_id));
    return schemes;
  });
}

/** Today's findings about a scheme: its own faults, and the staff that its pools are short of. */
export function checkScheme(platform: Platform, scheme: Scheme, source: string): Promise<Checked> {
  return unscoped(platform.worker, (tx) => lintNow(tx, scheme, source));
}

/** The scheme in force with its first day; undefined before one is activated. */
export async function activeSchemeOf(tx: Tx): Promise<ActiveScheme | undefined> {
  const row = await tx.db
    .selectFrom('coverage.scheme')
    .select(['scheme_id', 'activated_on'])
    .where('state', '=', 'active')
    .executeTakeFirst();
  const view = row && (await schemeViewById(tx, row.scheme_id));
  if (row === undefined || view === undefined) return undefined;
  const activatedOn = row.activated_on === null ? undefined : businessDate(row.activated_on);
  return { schemeId: row.scheme_id, scheme: view.scheme, activatedOn };
}

/** Puts a scheme in force: the one before retires, everybody's band is that of the newest closed day. Refuses one with errors. */
export async function activateScheme(platform: Platform, actor: Actor, schemeId: string): Promise<StoredScheme> {
  return unscoped(platform.worker, async (tx) => {
    await oneConnectionANode(tx);
    await tx.client.query('select pg_advisory_xact_lock($1)', [LOCKS.schemes]);
    const stored = await storedScheme(tx, schemeId);
    if (stored.state !== 'active') await activateIn(tx, actor, stored);
    return storedScheme(tx, schemeId);
  });
}

/** The same inside a transaction of others; does nothing when it is in force already. */
export async function activateIn(tx: Tx, actor: Actor, stored: StoredScheme): Promise<void> {
  const { schemeId, scheme, source } = stored;
  const { findings } = await lintNow(tx, scheme, source);
  const errors = findings.filter((finding) => finding.severity === 'error');
  if (errors.length > 0) {
    refuse(
      'scheme-has-errors',
      `方案 ${schemeId} 不能启用：${errors.map((finding) => finding.text.zh).join(';')}`,
      `Scheme ${schemeId} cannot be put in force: ${errors.map((finding) => finding.text.en).join('; ')}`,
      { findings: errors },
    );
  }
  const was = await activeSchemeOf(tx);
  const last = await lastClosedDay(tx);
  await tx.db.updateTable('coverage.scheme').set({ state: 'retired' }).where('state', '=', 'active').execute();
  await tx.db
    .updateTable('coverage.scheme')
    .set({ state: 'active', activated_on: last ?? null })
    .where('scheme_id', '=', schemeId)
    .execute();
  if (last !== undefined) await rebaseBands(tx, was, { schemeId, scheme, activatedOn: last }, last);
  await audit(tx, actor, {
    kind: 'scheme.activated',
    subject: schemeId,
    body: { from: was?.schemeId ?? null, on: last ?? null },
  });
}

/** The scheme of a stored id. */
export function schemeById(tx: Tx, schemeId: string): Promise<StoredScheme> {
  return storedScheme(tx, schemeId);
}
