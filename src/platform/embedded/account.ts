import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** The account that PostgreSQL runs under: it refuses root, so root lends it an unprivileged one. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/**
 * The account that runs the server for a starter who is root: the owner of the data once there is some, else one of the
 * unprivileged accounts that systems bring. undefined = the starter runs it. No account is ever created.
 */
export function unprivilegedAccount(dataFolder: string | undefined): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const owner = dataFolder === undefined ? undefined : statSync(dataFolder, { throwIfNoEntry: false });
  if (owner !== undefined && owner.uid > 0) return { name: accountName(owner.uid), uid: owner.uid, gid: owner.gid };
  const known = accounts();
  return known.find(({ name }) => name === 'postgres') ?? known.find(({ name }) => name === 'nobody');
}

function accounts(): Account[] {
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  const all = lines
    .map((line) => line.split(':'))
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }));
  return all.filter(({ uid, gid }) => uid > 0 && gid >= 0);
}

function accountName(uid: number): string {
  return accounts().find((account) => account.uid === uid)?.name ?? String(uid);
}

/** Whether the account may pass through every folder down to `path` (access lists are not looked at). Node gives it no extra groups. */
export function reaches(account: Account, path: string): boolean {
  const { uid, gid, mode } = statSync(path);
  const shift = uid === account.uid ? 6 : gid === account.gid ? 3 : 0;
  if (((mode >> shift) & 0o1) === 0) return false;
  const parent = dirname(path);
  return parent === path || reaches(account, parent);
}
