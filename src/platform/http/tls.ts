import { readFileSync, statSync } from 'node:fs';
import { createServer as createPlain, type RequestListener, type Server } from 'node:http';
import { createServer as createTls } from 'node:https';
import { createSecureContext } from 'node:tls';
import { refuse } from '../../kernel/refusal.ts';

const KEEP_ALIVE_MS = 72_000;
/** A line on which nothing moves for so long, either way, is cut: nobody keeps an answer waiting by not reading it. */
const STILL_MS = 300_000;

/** Files of a certificate (with its chain) and its key, in PEM. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
}

interface Tls {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** Reads both files. Refuses what cannot be read, does not fit together, or is a key that others can read. */
export function readTls(files: TlsFiles): Tls {
  const tls = { cert: readPem(files.cert), key: readPem(files.key) };
  if (process.platform !== 'win32' && (statSync(files.key).mode & 0o077) !== 0) {
    refuse(
      'tls-key-exposed',
      `私钥文件 ${files.key} 的权限过宽：请改为 600。`,
      `The key file ${files.key} can be read by others: set its mode to 600.`,
    );
  }
  try {
    createSecureContext(tls);
    return tls;
  } catch {
    return refuse(
      'tls-invalid',
      `${files.cert} 和 ${files.key} 不是相配的证书和私钥（PEM 格式）。`,
      `${files.cert} and ${files.key} are not a certificate and its key in PEM.`,
    );
  }
}

function readPem(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    return refuse('tls-unreadable', `读不到证书文件 ${path}。`, `The certificate file ${path} cannot be read.`);
  }
}

/** The socket server under Fastify: TLS 1.2 or newer when there is a certificate. */
export function socketServer(tls: Tls | undefined, requestTimeout: number): (handler: RequestListener) => Server {
  return (handler) => {
    const server = tls === undefined ? createPlain(handler) : createTls({ ...tls, minVersion: 'TLSv1.2' }, handler);
    server.requestTimeout = requestTimeout;
    server.timeout = STILL_MS;
    // Longer than what a proxy in front keeps open, so that the proxy is the one who closes.
    server.keepAliveTimeout = KEEP_ALIVE_MS;
    return server;
  };
}
