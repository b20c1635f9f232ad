import { totalmem } from 'node:os';

/** Bytes of memory that this process may count on: the container's limit where there is one. */
export function usableMemory(): number {
  const limit = process.constrainedMemory?.() ?? 0;
  return limit > 0 && limit < totalmem() ? limit : totalmem();
}
