import pg from 'pg';

const DISK_FULL = '53100';

/** Whether a disk has no room: ours, as Node or the engine of files says it, or the database's. */
export function isDiskFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof pg.DatabaseError) return error.code === DISK_FULL;
  return ('code' in error && error.code === 'ENOSPC') || error.message.includes('No space left on device');
}
