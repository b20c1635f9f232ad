import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { ROUTES } from '../../src/app/capabilities.ts';
import { ROLES } from '../../src/platform/auth/roles.ts';
import { buildServer } from '../../src/platform/http/server.ts';
import { type FreshPlatform, freshPlatform } from '../support/database.ts';
import { signedIn } from '../support/signed-in.ts';

const NOW = new Date('2026-07-01T04:00:00Z');
const matrix = z
  .array(z.strictObject({ roles: z.array(z.enum(Object.keys(ROLES))), routes: z.array(z.string()) }))
  .parse(parse(readFileSync(join(import.meta.dirname, 'role-matrix.yaml'), 'utf8')));
const mayUse = (role: string) => new Set(matrix.flatMap(({ roles, routes }) => (roles.includes(role) ? routes : [])));

let fresh: FreshPlatform;
let server: Awaited<ReturnType<typeof buildServer>>;

beforeAll(async () => {
  fresh = await freshPlatform(() => NOW);
  const owner = new pg.Client({ connectionString: fresh.ownerUrl });
  await owner.connect();
  await owner.query(`insert into organisation.org_unit (id, name, level, parent_id, unit_no, last_no, branch_id)
    values ('HO', '总行', 'head-office', null, 1, 2, null), ('B1', '分行', 'branch', 'HO', 2, 2, 'B1')`);
  for (const role of Object.keys(ROLES))
    for (const unit of ['HO', 'B1'])
      await owner.query(
        "insert into organisation.staff (id, name, pinyin, initials, org_unit_id, role) values ($1, '甲', 'jia', 'j', $2, $3)",
        [`${unit}-${role}`, unit, role],
      );
  await owner.end();
  server = await buildServer(fresh.platform, ROUTES, { demo: true, version: '0', webFolder: '/nonexistent' });
});
afterAll(async () => {
  await server.close();
  await fresh.close();
});

/** Everybody has a share of requests of their own. */
const addressOf = (staffId: string): number => [...staffId].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 251, 1);

/** Names of the routes that do not answer somebody with 403. */
async function openTo(staffId: string): Promise<Set<string>> {
  const token = await signedIn(fresh.platform, staffId);
  const open = new Set<string>();
  for (const route of ROUTES) {
    // Whoever may, is told that there is no such thing, or that something is missing: nothing comes about.
    const url = route.url.replace(/:\w+/g, 'ZZ999');
    const answer = await server.inject({
      method: route.method,
      url,
      remoteAddress: `10.0.0.${addressOf(staffId)}`,
      cookies: { guanhu_session: token },
      ...(route.method === 'GET' ? {} : { payload: { surplus: true } }),
    });
    expect([route.name, answer.statusCode < 500 && answer.statusCode !== 429]).toEqual([route.name, true]);
    if (answer.statusCode !== 403) open.add(route.name);
  }
  return open;
}

describe('the matrix of roles and routes [SECURITY 17]', () => {
  it('has every route once', () => {
    expect(matrix.flatMap(({ routes }) => routes).sort()).toEqual(ROUTES.map(({ name }) => name).sort());
  });

  it.each(Object.keys(ROLES))('is what the server does: %s', async (role) => {
    expect([...(await openTo(`HO-${role}`))].sort()).toEqual([...mayUse(role)].sort());
  });

  it('leaves what concerns the whole bank to the head office', async () => {
    for (const role of ['branch-admin', 'system-admin']) {
      const bank = ROUTES.filter(({ permission }) => permission.startsWith('bank.')).map(({ name }) => name);
      const open = await openTo(`B1-${role}`);
      expect([role, bank.filter((name) => open.has(name))]).toEqual([role, []]);
      expect([...open].sort()).toEqual([...mayUse(role)].filter((name) => !bank.includes(name)).sort());
    }
  });

  it('shows system administrators no customer, and lets nobody who opens accounts do business', () => {
    const admin = mayUse('system-admin');
    const customers = [...mayUse('wealth-manager')].filter((name) =>
      /ustomer|ortfolio|verview|ransfer|andover|reveal/.test(name),
    );
    expect(customers.length).toBeGreaterThan(10);
    expect(customers.filter((name) => admin.has(name))).toEqual([]);
    for (const role of Object.keys(ROLES))
      expect([role, mayUse(role).has('makeAccountLink') && mayUse(role).has('getCustomer')]).toEqual([role, false]);
  });

  it('lets auditors read what the head of a unit reads, and change nothing of the bank', () => {
    const [auditor, head] = [mayUse('auditor'), mayUse('outlet-head')];
    const reads = ROUTES.filter(({ method }) => method === 'GET').map(({ name }) => name);
    // And a calendar and visits, which only those have who work with customers.
    const ofDeciders = ['calendarFeed', 'listCandidates', 'listClaims', 'listKeepOffers', 'listSuccessors', 'visitsOn'];
    expect(reads.filter((name) => head.has(name) && !auditor.has(name)).sort()).toEqual(ofDeciders);
    const session = new Set(ROUTES.filter(({ permission }) => permission === 'session.own').map(({ name }) => name));
    const writes = ROUTES.filter(({ method, name }) => method !== 'GET' && auditor.has(name) && !session.has(name));
    // Looking one up, checking a text, one's own exports; a handover is signed by its two sides, a batch
    // or a correction decided by who holds `transfers.decide` or sent it, and no auditor is any of them.
    expect(writes.map(({ name }) => name).sort()).toEqual([
      'checkScheme',
      'decideTransferBatch',
      'findCustomerByNumber',
      'requestExport',
      'signHandover',
      'stepCorrection',
      'withdrawExport',
    ]);
  });
});
