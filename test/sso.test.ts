import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import Provider from 'oidc-provider';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ROUTES } from '../src/app/capabilities.ts';
import { ProviderAway, SingleSignOn } from '../src/platform/auth/sso.ts';
import { buildServer } from '../src/platform/http/server.ts';
import { type FreshPlatform, freshPlatform } from './support/database.ts';

// A real provider of identities on this machine, as a bank has one; whoever comes to its sign-in page is `who`.
const CALLBACK = 'http://localhost:8787/api/sso/callback';
const SECRET = 'of the test alone';
let who = 'S1';
let clock = Date.now();
/** Whether the provider leaves questions for tokens without an answer. */
let silent = false;
let fresh: FreshPlatform;
let owner: pg.Pool;
let server: FastifyInstance;
let issuer: string;
let identities: Server;
type Jar = Map<string, string>;
let jar: Jar;

function settings() {
  const secretFile = join(fresh.platform.home, 'oidc-secret');
  return { issuer, clientId: 'guanhu', secretFile, callback: CALLBACK, claim: 'preferred_username' };
}

async function startProvider(): Promise<void> {
  let answer: ReturnType<Provider['callback']> | undefined;
  let provider: Provider | undefined;
  identities = createServer((request, response) => {
    if (request.url?.startsWith('/login/'))
      return void provider?.interactionFinished(request, response, { login: { accountId: who } }).catch(() => response.end());
    if (silent && request.url === '/token') return undefined;
    return void answer?.(request, response);
  });
  await new Promise<void>((done) => identities.listen(0, '127.0.0.1', done));
  const address = identities.address();
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  issuer = `http://127.0.0.1:${address.port}`;
  const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });
  provider = new Provider(issuer, {
    clients: [{ client_id: 'guanhu', client_secret: SECRET, redirect_uris: [CALLBACK] }],
    jwks: { keys: [{ ...key, kty: 'RSA', use: 'sig' }] },
    cookies: { keys: ['of the test'] },
    pkce: { required: () => true },
    claims: { openid: ['sub'], profile: ['preferred_username'] },
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, interaction) => `/login/${interaction.uid}` },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: `sub-${id}`, preferred_username: id }) }),
    loadExistingGrant: async ({ oidc }) => {
      const grant = new oidc.provider.Grant({ clientId: oidc.client?.clientId ?? '', accountId: oidc.session?.accountId ?? '' });
      grant.addOIDCScope('openid profile');
      await grant.save();
      return grant;
    },
  });
  answer = provider.callback();
}

beforeAll(async () => {
  fresh = await freshPlatform(() => new Date(clock));
  owner = new pg.Pool({ connectionString: fresh.ownerUrl, max: 1 });
  await owner.query(`insert into organisation.org_unit (id, name, level, unit_no, last_no) values ('H0', '总行', 'head-office', 1, 9);
    insert into organisation.staff (id, name, pinyin, initials, org_unit_id, role, left_on) values
      ('S1', '安一', 'anyi', 'ay', 'H0', 'branch-admin', null), ('S2', '安二', 'aner', 'ae', 'H0', 'wealth-manager', '2020-01-31')`);
  await startProvider();
  writeFileSync(join(fresh.platform.home, 'oidc-secret'), `${SECRET}\n`, { mode: 0o600 });
  server = await buildServer(fresh.platform, ROUTES, { demo: false, version: '0', webFolder: '/nonexistent', sso: settings() });
});
afterAll(async () => {
  await server.close();
  identities.closeAllConnections();
  identities.close();
  await owner.end();
  await fresh.close();
});
beforeEach(() => {
  who = 'S1';
  jar = new Map();
});

function keep(cookies: Jar, lines: readonly string[]): void {
  for (const line of lines) {
    const [pair = ''] = line.split(';');
    const [name = '', value = ''] = pair.split('=');
    if (value === '') cookies.delete(name);
    else cookies.set(name, value);
  }
}
const cookieOf = (cookies: Jar) => [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');

async function ours(url: string) {
  const answer = await server.inject({ method: 'GET', url, headers: { host: 'localhost:8787', cookie: cookieOf(jar) } });
  const set = answer.headers['set-cookie'];
  keep(jar, typeof set === 'string' ? [set] : (set ?? []));
  return { status: answer.statusCode, to: z.string().catch('').parse(answer.headers.location), set, body: answer.body };
}

/** Through the provider's pages in one browser, until it sends us back; the address with the code. */
async function throughProvider(url: string): Promise<string> {
  const cookies: Jar = new Map();
  let at = url;
  for (let step = 0; step < 8 && !at.startsWith(CALLBACK); step++) {
    const answer = await fetch(at, { redirect: 'manual', headers: { cookie: cookieOf(cookies) } });
    keep(cookies, answer.headers.getSetCookie());
    const to = answer.headers.get('location');
    if (to === null) throw new Error(`${at}: ${answer.status} ${await answer.text()}`);
    at = new URL(to, at).toString();
  }
  const { pathname, search } = new URL(at);
  return `${pathname}${search}`;
}

async function signIn(next = '/customers?limit=5'): Promise<{ status: number; to: string }> {
  return ours(await throughProvider((await ours(`/api/sso?next=${encodeURIComponent(next)}`)).to));
}
const session = async () => (await ours('/api/session')).status;

describe('single sign-on [SECURITY 3]', () => {
  it('brings a member of staff in with a second factor of the provider’s, and to the page that they wanted', async () => {
    expect(JSON.parse((await ours('/api/sign-in')).body)).toEqual({ sso: true });
    expect(await signIn()).toMatchObject({ status: 303, to: '/customers?limit=5' });
    expect(JSON.parse((await ours('/api/session')).body)).toMatchObject({ staffId: 'S1', mustEnrol: false, demo: false });
    const { rows } = await owner.query("select body from audit.entry where kind = 'session.opened' and actor = 'S1'");
    expect(rows).toEqual([{ body: { address: '127.0.0.1', by: 'sso' } }]);
  });

  it('asks with PKCE, state and nonce, and keeps what it asked in a cookie that no script reads', async () => {
    const begun = await ours('/api/sso');
    const asked = new URL(begun.to).searchParams;
    expect(asked.get('code_challenge_method')).toBe('S256');
    for (const name of ['code_challenge', 'state', 'nonce']) expect(asked.get(name)?.length).toBeGreaterThan(30);
    expect(String(begun.set)).toMatch(/^guanhu_sso=[\w-]{43}; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax$/);
  });

  it.each([
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    'javascript:alert(1)',
  ])('never goes on to %s', async (next) => {
    expect(await signIn(next)).toMatchObject({ status: 303, to: '/' });
  });

  it('refuses whoever has left and whoever was never on the staff alike', async () => {
    for (who of ['S2', 'S9']) {
      expect(await signIn()).toMatchObject({ status: 303, to: '/?sso=refused' });
      expect(await session()).toBe(401);
    }
  });

  it('takes an answer once, only in the browser that asked, only with the state that was asked, and only for ten minutes', async () => {
    const back = await throughProvider((await ours('/api/sso')).to);
    const asked = new Map(jar);
    jar = new Map();
    expect((await ours(back)).to).toBe('/?sso=refused');
    jar = new Map(asked);
    expect((await ours(back)).to).toBe('/');
    jar = new Map(asked);
    expect((await ours(back)).to).toBe('/?sso=refused');
    expect(await session()).toBe(401);

    const other = await throughProvider((await ours('/api/sso')).to);
    await ours('/api/sso');
    expect((await ours(other)).to).toBe('/?sso=refused');

    const late = await throughProvider((await ours('/api/sso')).to);
    clock += 10 * 60_000;
    expect((await ours(late)).to).toBe('/?sso=refused');
  });

  it('refuses an ID token for another nonce, and an answer that names another issuer', async () => {
    const asked = new URL((await ours('/api/sso')).to);
    asked.searchParams.set('nonce', 'of-somebody-else-of-the-right-length-indeed');
    expect((await ours(await throughProvider(asked.toString()))).to).toBe('/?sso=refused');

    const back = await throughProvider((await ours('/api/sso')).to);
    const foreign = back.replace(/iss=[^&]+/, `iss=${encodeURIComponent('https://evil.example')}`);
    expect(foreign).not.toBe(back);
    expect((await ours(foreign)).to).toBe('/?sso=refused');
    expect(await session()).toBe(401);
  });

  it('asks no provider that calls itself otherwise than is set', async () => {
    const sso = { ...settings(), issuer: issuer.replace('127.0.0.1', 'localhost') };
    const misled = await buildServer(fresh.platform, ROUTES, { demo: false, version: '0', webFolder: '/nonexistent', sso });
    expect((await misled.inject({ method: 'GET', url: '/api/sso' })).headers.location).toBe('/?sso=away');
    await misled.close();
  });

  it('refuses a code that is not the provider’s, and puts it on record', async () => {
    const refusals = async () =>
      (await owner.query("select count(*)::int as n from audit.entry where kind = 'session.refused' and body ->> 'by' = 'sso'"))
        .rows[0].n;
    const before = await refusals();
    const back = await throughProvider((await ours('/api/sso')).to);
    expect((await ours(back.replace(/code=[^&]+/, 'code=made-up'))).to).toBe('/?sso=refused');
    expect(await session()).toBe(401);
    expect(await refusals()).toBe(before + 1);
  });

  it('takes a provider who does not answer in time for one who is away', async () => {
    const patient = new SingleSignOn(settings(), () => new Date(clock), 1);
    const { url, ticket } = await patient.begin('/');
    const back = await throughProvider(url);
    silent = true;
    await expect(patient.finish(ticket, back.split('?')[1] ?? '')).rejects.toThrow(ProviderAway);
    silent = false;
  });

  it('is not there where it is not set', async () => {
    const plain = await buildServer(fresh.platform, ROUTES, { demo: false, version: '0', webFolder: '/nonexistent' });
    for (const url of ['/api/sso', '/api/sso/callback?code=x&state=y'])
      expect((await plain.inject({ method: 'GET', url })).statusCode).toBe(404);
    expect((await plain.inject({ method: 'GET', url: '/api/sign-in' })).json()).toEqual({ sso: false });
    await plain.close();
  });

  it('says that the provider does not answer, and asks it again the next time', async () => {
    const sso = {
      issuer: 'http://127.0.0.1:9',
      clientId: 'guanhu',
      secretFile: join(fresh.platform.home, 'oidc-secret'),
      callback: CALLBACK,
      claim: 'sub',
    };
    const lonely = await buildServer(fresh.platform, ROUTES, { demo: false, version: '0', webFolder: '/nonexistent', sso });
    for (let n = 0; n < 2; n++) {
      const answer = await lonely.inject({ method: 'GET', url: '/api/sso' });
      expect([answer.statusCode, answer.headers.location]).toEqual([303, '/?sso=away']);
    }
    await lonely.close();
  });

  it('says so too when the provider goes away between the two halves', async () => {
    const back = await throughProvider((await ours('/api/sso')).to);
    identities.closeAllConnections();
    await new Promise((done) => identities.close(done));
    expect((await ours(back)).to).toBe('/?sso=away');
    expect(await session()).toBe(401);
  });
});
