import { constants, setPriority } from 'node:os';
import type { Platform } from './context.ts';

/**
 * Lets people go first: a command works when the machine has time, and so do the processes of the embedded database that work for it.
 * Where the operating system allows it; the bank's own server is not ours to say.
 */
export function giveWay(platform: Platform, embedded: boolean): void {
  lower(0);
  if (embedded) platform.worker.on('acquire', (client) => void ('processID' in client && lower(Number(client.processID))));
}

function lower(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_LOW);
  } catch {
    // Then it runs as everything else does.
  }
}
