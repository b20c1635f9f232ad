import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A temporary folder that the database's account can pass through; what is made inside keeps its own mode. */
export function temporaryFolder(purpose: string): string {
  const folder = mkdtempSync(join(tmpdir(), `guanhu-${purpose}-`));
  chmodSync(folder, 0o711);
  return folder;
}
