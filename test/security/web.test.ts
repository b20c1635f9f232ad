import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { InjectOptions } from 'fastify';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ROUTES } from '../../src/app/capabilities.ts';
import { projectFile } from '../../src/platform/files.ts';
import { buildServer } from '../../src/platform/http/server.ts';
import { openSender, type Sender, sendBasics } from '../feeds/sender.ts';
import { temporaryFolder } from '../support/folder.ts';
import { signedIn } from '../support/signed-in.ts';

const pages = temporaryFolder('pages');
let bank: Sender;
let server: Awaited<ReturnType<typeof buildServer>>;
let cookie: string;

beforeAll(async () => {
  bank = await openSender();
  await sendBasics(bank);
  await bank.send('staff.csv', 'id,name,org_unit_id,role\nA0,总行系统,0,系统管理员\nA1,分行管理,0,分行管理\n');
  mkdirSync(join(pages, 'assets'));
  writeFileSync(join(pages, 'assets', 'app.js'), 'export {}');
  // The document as it is built from, with the place for the nonce.
  writeFileSync(join(pages, 'index.html'), readFileSync(projectFile('src/web/index.html')));
  server = await buildServer(bank.desk.platform, ROUTES, { demo: false, version: '0', webFolder: pages });
  cookie = `guanhu_session=${await signedIn(bank.desk.platform, 'A1')}`;
});
afterAll(async () => {
  await server.close();
  await bank.close();
  rmSync(pages, { recursive: true, force: true });
});

const ask = (options: InjectOptions) => server.inject({ ...options, headers: { cookie, ...options.headers } });
const urlOf = (url: string) => url.replace(/:\w+/g, 'X1');
const writes = () => ROUTES.filter((route) => route.method !== 'GET');

describe('headers [SECURITY 42]', () => {
  it('stand on every answer: pages, files, API, refusals and what is not there', async () => {
    for (const url of ['/', '/customers/C1', '/assets/app.js', '/api/session', '/api/customers', '/api/nowhere', '/api/health']) {
      const { headers } = await ask({ method: 'GET', url });
      expect([url, headers]).toMatchObject([
        url,
        {
          'x-content-type-options': 'nosniff',
          'referrer-policy': 'no-referrer',
          'cross-origin-opener-policy': 'same-origin',
          'x-frame-options': 'SAMEORIGIN',
        },
      ]);
      const policy = String(headers['content-security-policy']);
      expect(policy).not.toMatch(/unsafe-|\*|https?:/);
      for (const part of [
        "default-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
      ])
        expect(policy.split(';')).toContain(part);
      expect(headers['x-powered-by']).toBeUndefined();
      expect(headers.server).toBeUndefined();
    }
  });

  it('give each page its own nonce, and the page carries it', async () => {
    const [one, two] = [await ask({ method: 'GET', url: '/' }), await ask({ method: 'GET', url: '/' })];
    const nonceOf = (answer: typeof one) =>
      /style-src 'self' 'nonce-(\w+)'/.exec(String(answer.headers['content-security-policy']))?.[1];
    expect(nonceOf(one)).toMatch(/^\w{32,}$/);
    expect(nonceOf(one)).not.toBe(nonceOf(two));
    expect(one.body).toContain(`name="csp-nonce" content="${nonceOf(one)}"`);
    expect(one.body).not.toMatch(/<script(?![^>]*(src|nonce))/);
  });

  it('insist on TLS where there is TLS, and only there', async () => {
    const behind = await ask({ method: 'GET', url: '/', headers: { 'x-forwarded-proto': 'https' } });
    expect(behind.headers['strict-transport-security']).toBe('max-age=31536000');
    expect((await ask({ method: 'GET', url: '/' })).headers['strict-transport-security']).toBeUndefined();
    const liar = await ask({ method: 'GET', url: '/', headers: { 'x-forwarded-proto': 'https' }, remoteAddress: '10.0.0.9' });
    expect(liar.headers['strict-transport-security']).toBeUndefined();
  });
});

describe('writes [SECURITY 44]', () => {
  it('are refused from other sites, every one of them, signed in or not', async () => {
    expect(writes().length).toBeGreaterThan(5);
    for (const { method, url } of [...writes(), { method: 'DELETE' as const, url: '/api/session' }])
      for (const headers of [
        { origin: 'https://evil.example' },
        { origin: 'null' },
        { 'sec-fetch-site': 'cross-site' },
        { 'sec-fetch-site': 'same-site' },
      ]) {
        const answer = await ask({ method, url: urlOf(url), headers, payload: {} });
        expect([url, answer.statusCode, answer.json().code]).toEqual([url, 403, 'cross-site']);
      }
    expect((await ask({ method: 'GET', url: '/api/session' })).statusCode).toBe(200);
  });

  it('take JSON only, as a form of another site could not send it', async () => {
    for (const route of writes().filter(({ kind }) => kind === 'json'))
      for (const type of ['text/plain', 'application/x-www-form-urlencoded']) {
        const answer = await ask({
          method: route.method,
          url: urlOf(route.url),
          headers: { 'content-type': type },
          payload: '{}',
        });
        expect([route.url, type, answer.statusCode]).toEqual([
          route.url,
          type,
          expect.toSatisfy((code: number) => code >= 400 && code < 500),
        ]);
      }
  });

  it('are never done by GET', async () => {
    for (const { url } of writes().filter((route) => !ROUTES.some((other) => other.method === 'GET' && other.url === route.url)))
      expect([url, (await ask({ method: 'GET', url: urlOf(url) })).statusCode]).toEqual([
        url,
        expect.toSatisfy((code: number) => code >= 400),
      ]);
  });
});

describe('what stays behind [SECURITY 45]', () => {
  it('is nothing: no answer of the API is kept by a browser or a proxy', async () => {
    for (const { url } of ROUTES.filter((route) => route.method === 'GET'))
      expect([url, (await ask({ method: 'GET', url: urlOf(url) })).headers['cache-control']]).toEqual([url, 'no-store']);
    expect((await ask({ method: 'GET', url: '/api/session' })).headers['cache-control']).toBe('no-store');
    expect((await ask({ method: 'GET', url: '/' })).headers['cache-control']).toBe('no-store');
  });

  it('is no more than the chosen language in the browser’s storage', () => {
    const folder = projectFile('src/web');
    const users = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((file) => /localStorage|sessionStorage|indexedDB|document\.cookie|caches\./.test(readFileSync(file, 'utf8')));
    expect(users.map((file) => file.slice(folder.length + 1))).toEqual(['i18n/index.ts']);
  });

  it('is named so that no name can break out of the header', async () => {
    const sent = await bank.send('客户.csv', 'id,name\nC1,甲\nC1,乙\n');
    const { headers } = await ask({ method: 'GET', url: `/api/feeds/${sent.importId}/rejects.xlsx` });
    expect(headers['content-disposition']).toMatch(/^attachment; filename\*=UTF-8''[\w%.~!*'()-]+$/);
    expect(headers['cache-control']).toBe('no-store');
  });
});

describe('errors [SECURITY 46]', () => {
  it('tell a code, words and a request id, and nothing of the inside', async () => {
    const { platform } = bank.desk;
    await bank.rows('alter table coverage.run rename to run_gone');
    const answer = await ask({ method: 'GET', url: '/api/runs' });
    await bank.rows('alter table coverage.run_gone rename to run');
    expect(answer.statusCode).toBe(500);
    expect(Object.keys(answer.json()).sort()).toEqual(['code', 'en', 'requestId', 'status', 'title', 'type', 'zh']);
    expect(answer.body).not.toMatch(/run_gone|relation|select|coverage|postgres|\.ts|node_modules|\/work/i);
    expect(answer.body).not.toContain(platform.home);
  });
});

describe('limits [SECURITY 47]', () => {
  it('hold for bodies, pages and the time of a statement', async () => {
    const big = await ask({ method: 'POST', url: '/api/schemes/check', payload: { source: 'x'.repeat(1 << 20) } });
    expect([big.statusCode, big.json().code]).toEqual([413, 'too-large']);
    for (const url of ['/api/customers', '/api/portfolios', '/api/organisation/staff']) {
      expect([url, (await ask({ method: 'GET', url: `${url}?limit=201` })).statusCode]).toEqual([url, 400]);
      expect([url, (await ask({ method: 'GET', url: `${url}?limit=200` })).statusCode]).toEqual([url, 200]);
    }
    const { rows } = await bank.desk.platform.app.query('show statement_timeout');
    expect(rows).toEqual([{ statement_timeout: '5s' }]);
  });

  it('leave half of the connections to others, whatever one person asks for at once', async () => {
    const { app } = bank.desk.platform;
    const other = `guanhu_session=${await signedIn(bank.desk.platform, 'A0')}`;
    const locker = new pg.Client({ connectionString: bank.ownerUrl });
    await locker.connect();
    // Whoever reads runs waits here, holding a connection.
    await locker.query('begin; lock table coverage.run in access exclusive mode');
    const many = Array.from({ length: 40 }, () => ask({ method: 'GET', url: '/api/runs' }));
    // Nobody is let go before all who are too many have been refused: a late one would find a free place.
    const share = (app.options.max ?? 0) / 2;
    const codes: number[] = [];
    for (const answer of many) void answer.then(({ statusCode }) => codes.push(statusCode));
    await vi.waitFor(() => expect(codes).toEqual(Array.from({ length: 40 - share }, () => 429)), 20_000);
    expect((await server.inject({ method: 'GET', url: '/api/session', headers: { cookie: other } })).statusCode).toBe(200);
    await locker.query('commit');
    await locker.end();
    await Promise.all(many);
    expect(codes.filter((code) => code === 200).length).toBe(share);
    // Afterwards the share is free again.
    expect((await ask({ method: 'GET', url: '/api/runs' })).statusCode).toBe(200);
  });

  it('stop an address that asks without end and is nobody, but never the probes', async () => {
    const from = { remoteAddress: '10.0.0.66' };
    expect(await askUntilRefused({ url: '/api/session', ...from })).toBe(429);
    expect((await server.inject({ method: 'GET', url: '/api/ready', ...from })).statusCode).toBe(200);
  });

  it('stop a person who asks without end, and nobody else of the same outlet behind the same address', async () => {
    const from = { remoteAddress: '10.0.0.67' };
    const other = `guanhu_session=${await signedIn(bank.desk.platform, 'A0')}`;
    expect(await askUntilRefused({ url: '/api/session', headers: { cookie }, ...from })).toBe(429);
    for (const headers of [{ cookie: other }, {}])
      expect((await server.inject({ method: 'GET', url: '/api/session', headers, ...from })).statusCode).not.toBe(429);
  });

  it('never keep the pages’ own files from a full office behind one address', async () => {
    expect(await askUntilRefused({ url: '/assets/app.js', remoteAddress: '10.0.0.68' })).toBe(200);
  });
});

/** The last status of 3,100 requests, or of the first that was refused. */
async function askUntilRefused(options: InjectOptions): Promise<number> {
  let last = 200;
  for (let n = 0; n < 3100 && last !== 429; n += 1) last = (await server.inject({ method: 'GET', ...options })).statusCode;
  return last;
}

describe('the outside [SECURITY 48]', () => {
  /** Single sign-on asks the provider that the bank has configured, and nothing else. */
  // Single sign-on will ask its provider; tls.ts listens, it asks nobody.
  const ALLOWED = /^platform\/(auth\/(oidc|sso)|http\/tls\.ts$)/;

  it('is never asked: no server code opens a connection of its own to an address from data', () => {
    const folder = projectFile('src');
    const files = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.ts$/.test(entry.name) && !/\.test\.ts$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
      .filter((file) => !file.startsWith('web/') && !file.includes('/page/') && !ALLOWED.test(file));
    expect(files.length).toBeGreaterThan(100);
    const asking = files.filter((file) =>
      /\bfetch\(|from '(node:)?(https?|http2|dgram|tls|undici)'|net\.connect|createConnection/.test(
        readFileSync(join(folder, file), 'utf8'),
      ),
    );
    expect(asking).toEqual([]);
  });
});
