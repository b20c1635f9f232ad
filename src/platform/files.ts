import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

function findRoot(from: string): string {
  if (existsSync(join(from, 'package.json')) && existsSync(join(from, 'migrations'))) return from;
  const parent = dirname(from);
  if (parent === from) throw new Error('the project folder is not above this file');
  return findRoot(parent);
}

const ROOT = findRoot(dirname(fileURLToPath(import.meta.url)));

/** The path of a file that ships with the product, the same from sources and from the build. */
export function projectFile(relative: string): string {
  return join(ROOT, relative);
}
