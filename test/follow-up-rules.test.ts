import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROUTES } from '../src/app/capabilities.ts';
import { closeNight } from '../src/app/night.ts';
import { applyRun, findScheme, simulate } from '../src/capabilities/coverage/index.ts';
import {
  activateCatalogue,
  catchUp,
  evaluateFollowUps,
  readCatalogue,
  simulateCatalogue,
} from '../src/capabilities/engagement/index.ts';
import { addDays } from '../src/kernel/business-date.ts';
import { COMMAND_LINE } from '../src/platform/audit/index.ts';
import { buildServer } from '../src/platform/http/server.ts';
import { type FreshPlatform, freshPlatform } from './support/database.ts';
import { temporaryFolder } from './support/folder.ts';
import { signedIn } from './support/signed-in.ts';
import { APPLIED_ON, TWO_BRANCHES, takeFolder, writeSmallBank } from './support/small-bank.ts';

const source = readFileSync(new URL('../follow-ups/standard.yaml', import.meta.url), 'utf8');
let fresh: FreshPlatform;
let owner: pg.Pool;
let server: FastifyInstance;

beforeAll(async () => {
  fresh = await freshPlatform(() => new Date(`${addDays(TWO_BRANCHES.to, 1)}T02:00:00Z`));
  const { platform } = fresh;
  owner = new pg.Pool({ connectionString: fresh.ownerUrl, max: 1 });
  const { files } = await writeSmallBank(temporaryFolder('bank'), TWO_BRANCHES);
  await takeFolder(platform, files);
  await closeNight(platform, COMMAND_LINE, APPLIED_ON);
  const scheme = await findScheme(platform, COMMAND_LINE, 'full-coverage');
  await applyRun(platform, COMMAND_LINE, { runId: await simulate(platform, COMMAND_LINE, { scheme, date: APPLIED_ON }) });
  await activateCatalogue(platform, COMMAND_LINE, source);
  await evaluateFollowUps(platform);
  server = await buildServer(platform, ROUTES, { demo: false, version: '0', webFolder: '/nonexistent' });
}, 120_000);
afterAll(async () => {
  await server.close();
  await owner.end();
  await fresh.close();
});

const rows = async <T>(sql: string) => (await owner.query(sql)).rows as T[];
const one = async <T>(sql: string) => (await rows<T>(sql))[0] as T;

async function ask(who: string, method: 'GET' | 'POST', url: string, payload?: object) {
  const cookies = { guanhu_session: await signedIn(fresh.platform, who) };
  const answer = await server.inject({ method, url, cookies, ...(payload && { payload }) });
  if (answer.statusCode >= 500) throw new Error(answer.body);
  return { status: answer.statusCode, body: answer.json() };
}

describe('rules changed on the page', () => {
  const keeper = () =>
    one<{ id: string }>(
      `select s.id from organisation.staff s join organisation.org_unit u on u.id = s.org_unit_id
        where s.role = 'branch-admin' and u.level = 'head-office' and s.left_on is null order by 1 limit 1`,
    );
  const other = source.replace('percent: 30, days: 30', 'percent: 20, days: 30');

  it('say what they would bring about, part by part, as the command line does', async () => {
    const { id } = await keeper();
    const whole = await simulateCatalogue(fresh.platform, readCatalogue(other));
    const total = new Map<string, { atOnce: number; inWeek: number; people: Set<string> }>();
    let [after, customers]: [string | null, number] = ['', 0];
    while (after !== null) {
      const { status, body } = await ask(id, 'POST', '/api/follow-up-rules/simulate', { source: other, after });
      expect(status).toBe(200);
      customers += body.customers;
      for (const { rule, atOnce, inWeek, people } of body.rules) {
        const tally = total.get(rule) ?? { atOnce: 0, inWeek: 0, people: new Set() };
        total.set(rule, {
          atOnce: tally.atOnce + atOnce,
          inWeek: tally.inWeek + inWeek,
          people: new Set([...tally.people, ...people]),
        });
      }
      after = body.next;
    }
    expect(customers).toBe(whole?.customers);
    const told = [...total].map(([rule, { people, ...tally }]) => ({ rule, ...tally, people: people.size }));
    expect(told).toEqual(whole?.rules);
    expect((await one<{ n: number }>('select count(*)::int as n from engagement.catalogue')).n).toBe(1);
  });

  it('are put in force by whoever keeps the bank’s schemes, with their faults told by line, and by nobody else', async () => {
    const { id } = await keeper();
    const faulty = await ask(id, 'POST', '/api/follow-up-rules', { source: source.replace('percent: 30', 'percent: 300') });
    expect([faulty.status, faulty.body.code]).toEqual([422, 'rules-faulty']);
    expect(faulty.body.zh).toContain('第 26 行');
    const { id: staff } = await one<{ id: string }>(
      "select id from organisation.staff where role = 'wealth-manager' and left_on is null order by 1 limit 1",
    );
    for (const url of ['/api/follow-up-rules', '/api/follow-up-rules/simulate'])
      expect((await ask(staff, 'POST', url, { source: other })).status).toBe(403);
    const { body: seen } = await ask(staff, 'GET', '/api/follow-up-rules');
    expect([seen.source, seen.may]).toEqual([null, []]);
    const { body } = await ask(id, 'POST', '/api/follow-up-rules', { source: other });
    expect([body.version, body.source, body.may]).toEqual([2, other, ['change']]);
    const [entry] = await rows("select actor, subject from audit.entry where kind = 'rules.activated' and subject = '2'");
    expect(entry).toEqual({ actor: id, subject: '2' });
    await catchUp(fresh.platform);
    expect(await evaluateFollowUps(fresh.platform, { full: true })).toMatchObject({ opened: 0, ended: 0 });
  });
});
