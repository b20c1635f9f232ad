import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** The account that PostgreSQL runs under: it refuses root, so root lends it an unprivileged one. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** The unprivileged account for a starter who is root; undefined = PostgreSQL runs as the starter. No account is ever created. */
export function unprivilegedAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  for (const name of ['postgres', 'nobody']) {
    const fields = lines.find((line) => line.startsWith(`${name}:`))?.split(':');
    const uid = Number(fields?.[2]);
    if (uid > 0) return { name, uid, gid: Number(fields?.[3]) };
  }
  return undefined;
}

/** Whether the account may pass through every folder down to `path` (access lists are not looked at). Node gives it no extra groups. */
export function reaches(account: Account, path: string): boolean {
  const { uid, gid, mode } = statSync(path);
  const shift = uid === account.uid ? 6 : gid === account.gid ? 3 : 0;
  if (((mode >> shift) & 0o1) === 0) return false;
  const parent = dirname(path);
  return parent === path || reaches(account, parent);
}
