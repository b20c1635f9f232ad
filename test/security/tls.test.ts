import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type RequestOptions, request } from 'node:https';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildServer } from '../../src/platform/http/server.ts';
import { readTls } from '../../src/platform/http/tls.ts';
import { type FreshPlatform, freshPlatform } from '../support/database.ts';
import { temporaryFolder } from '../support/folder.ts';

const folder = temporaryFolder('tls');
const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
let fresh: FreshPlatform;
let server: Awaited<ReturnType<typeof buildServer>>;
let port: number;

/** A certificate of one's own for this machine. */
function makeCertificate({ cert, key }: typeof files): void {
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-days', '2'];
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', key, '-out', cert, ...subject],
    { stdio: 'pipe' },
  );
  chmodSync(key, 0o600);
}

beforeAll(async () => {
  makeCertificate(files);
  fresh = await freshPlatform(() => new Date('2026-07-01T04:00:00Z'));
  server = await buildServer(fresh.platform, [], { demo: false, version: '0', webFolder: '/nonexistent', tls: files });
  await server.listen({ host: '127.0.0.1', port: 0 });
  port = Number(new URL(server.listeningOrigin).port);
});
afterAll(async () => {
  await server.close();
  await fresh.close();
  rmSync(folder, { recursive: true });
});

interface Heard {
  readonly status: number | undefined;
  readonly hsts: string | string[] | undefined;
}

function ask(options: RequestOptions): Promise<Heard> {
  return new Promise((done, fail) => {
    const asked = request(
      { host: '127.0.0.1', port, path: '/api/ready', servername: 'localhost', ca: readFileSync(files.cert), ...options },
      (answer) => {
        answer.resume();
        done({ status: answer.statusCode, hsts: answer.headers['strict-transport-security'] });
      },
    );
    asked.on('error', fail).end();
  });
}

it('answers over TLS with the bank’s certificate and insists on it [SECURITY 42]', async () => {
  expect(await ask({})).toEqual({ status: 200, hsts: 'max-age=31536000' });
});

it('speaks nothing older than TLS 1.2, and no plain HTTP on that port', async () => {
  await expect(ask({ maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' })).rejects.toThrow();
  await expect(fetch(`http://127.0.0.1:${port}/api/ready`)).rejects.toThrow();
});

it('refuses files that are missing, open to others or do not fit, in one sentence', () => {
  const other = { cert: join(folder, 'other.pem'), key: join(folder, 'other-key.pem') };
  makeCertificate(other);
  expect(() => readTls({ ...files, cert: join(folder, 'none.pem') })).toThrow(/tls-unreadable/);
  expect(() => readTls({ cert: files.cert, key: other.key })).toThrow(/tls-invalid/);
  writeFileSync(other.cert, 'no certificate');
  expect(() => readTls(other)).toThrow(/tls-invalid/);
  chmodSync(other.key, 0o644);
  expect(() => readTls({ ...files, key: other.key })).toThrow(/tls-key-exposed/);
});
