import { statfsSync } from 'node:fs';
import { usableMemory } from '../memory.ts';

const MB = 2 ** 20;

/** Parallel queries need shared memory; containers often give /dev/shm only 64 MB, files in the data folder then do. */
function sharedMemoryType(): string {
  if (process.platform === 'win32') return 'windows';
  if (process.platform !== 'linux') return 'posix';
  try {
    const { bsize, blocks } = statfsSync('/dev/shm');
    return bsize * blocks >= 512 * MB ? 'posix' : 'mmap';
  } catch {
    return 'mmap';
  }
}

/** The server's settings for this machine, written anew at each start. Durability stays at PostgreSQL's defaults: everything is on. */
export function serverSettings(): string {
  const memory = usableMemory() / MB;
  const buffers = Math.round(Math.min(4096, Math.max(256, memory / 4)));
  const lines: readonly (readonly [string, string])[] = [
    ['shared_buffers', `${buffers}MB`],
    ['effective_cache_size', `${Math.round(Math.max(512, memory / 2))}MB`],
    ['work_mem', '32MB'],
    ['maintenance_work_mem', '256MB'],
    ['max_wal_size', '4GB'],
    ['checkpoint_timeout', '15min'],
    ['random_page_cost', '1.1'],
    ['jit', 'off'],
    ['max_connections', '100'],
    ['dynamic_shared_memory_type', sharedMemoryType()],
    ['listen_addresses', '127.0.0.1'],
    ['unix_socket_directories', ''],
    ['password_encryption', 'scram-sha-256'],
    ['timezone', 'UTC'],
    ['log_timezone', 'UTC'],
    ['log_checkpoints', 'off'],
  ];
  const text = lines.map(([name, value]) => `${name} = '${value}'`).join('\n');
  return `# Written by Guanhu at each start; put your own settings at the end of postgresql.conf.\n${text}\n`;
}
