import { digestOf } from '../kernel/digest.ts';
import { type Actor, type AuditKind, audit } from './audit/index.ts';
import type { Platform } from './context.ts';
import { type Tx, unscoped } from './db/transaction.ts';

/** Tables of settings that a bank writes as a file: version, source, digest, active, made_by, made_at. */
type SettingsTable = 'insight.rates' | 'outreach.policy';

export interface Settings<T> {
  readonly version: number;
  readonly content: T;
}

interface Row {
  readonly version: number;
  readonly digest: string;
  readonly source: string;
}

/**
 * Settings that are kept in versions: one in force, none ever edited. `read` makes of a file's text what it says, and refuses with the
 * place of each fault.
 */
export function settingsIn<T>(table: SettingsTable, kind: AuditKind, read: (source: string) => T) {
  // A version never changes, and reading YAML takes longer than all else of a request.
  const known = new Map<string, T>();

  const rowInForce = async (tx: Tx): Promise<Row | undefined> => {
    const { rows } = await tx.client.query<Row>(`select version, digest, source from ${table} where active`);
    return rows[0];
  };

  const inForce = async (tx: Tx): Promise<Settings<T> | undefined> => {
    const row = await rowInForce(tx);
    if (row === undefined) return undefined;
    const content = known.get(row.digest) ?? read(row.source);
    known.set(row.digest, content);
    return { version: row.version, content };
  };

  /** Puts a file in force as a new version, and says which; the same as the one in force changes nothing. */
  const activate = async (platform: Platform, actor: Actor, source: string): Promise<Settings<T>> => {
    const content = read(source);
    const digest = digestOf(source);
    return unscoped(platform.worker, async (tx) => {
      await tx.client.query(`lock table ${table} in exclusive mode`);
      const now = await rowInForce(tx);
      if (now?.digest === digest) return { version: now.version, content };
      await tx.client.query(`update ${table} set active = false where active`);
      const { rows } = await tx.client.query<{ version: number }>(
        `insert into ${table} (version, source, digest, active, made_by, made_at)
         select coalesce(max(version), 0) + 1, $1, $2, true, $3, $4 from ${table} returning version`,
        [source, digest, actor.staffId, platform.now()],
      );
      const version = rows[0]?.version ?? 1;
      await audit(tx, actor, { kind, subject: String(version), body: { digest, from: now?.version ?? null } });
      return { version, content };
    });
  };

  return { inForce, activate };
}
