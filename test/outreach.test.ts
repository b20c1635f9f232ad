import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ROUTES } from '../src/app/capabilities.ts';
import { closeNight } from '../src/app/night.ts';
import { applyRun, findScheme, simulate } from '../src/capabilities/coverage/index.ts';
import { activatePolicy, fileAdapter, handOver, shippedPolicy, takeReceipts } from '../src/capabilities/outreach/index.ts';
import { COMMAND_LINE } from '../src/platform/audit/index.ts';
import { projectFile } from '../src/platform/files.ts';
import { buildServer } from '../src/platform/http/server.ts';
import { type FreshPlatform, freshPlatform } from './support/database.ts';
import { temporaryFolder } from './support/folder.ts';
import { signedIn } from './support/signed-in.ts';
import { APPLIED_ON, TWO_BRANCHES, takeFolder, writeSmallBank } from './support/small-bank.ts';

// What goes out to customers, and what the gate keeps in.
let fresh: FreshPlatform;
let owner: pg.Pool;
let server: FastifyInstance;
let now = new Date('2026-07-01T02:00:00Z');
let manager: { staff: string; customers: string[] };
let token: string;

beforeAll(async () => {
  fresh = await freshPlatform(() => now);
  const { platform } = fresh;
  owner = new pg.Pool({ connectionString: fresh.ownerUrl, max: 4 });
  const { files } = await writeSmallBank(temporaryFolder('bank'), TWO_BRANCHES);
  await takeFolder(platform, files);
  await closeNight(platform, COMMAND_LINE, APPLIED_ON);
  const scheme = await findScheme(platform, COMMAND_LINE, 'full-coverage');
  await applyRun(platform, COMMAND_LINE, { runId: await simulate(platform, COMMAND_LINE, { scheme, date: APPLIED_ON }) });
  server = await buildServer(platform, ROUTES, { demo: false, version: '0', webFolder: '/nonexistent' });
  const [most] = await rows<{ staff: string; customers: string[] }>(
    `select b.staff_id as staff, array_agg(distinct b.customer_id) as customers from coverage.by_staff b
       join customers.customer c on c.customer_id = b.customer_id and c.mobile_sealed is not null
       join organisation.staff s on s.id = b.staff_id where s.role in ('wealth-manager', 'lobby-manager', 'remote-manager') and s.left_on is null group by 1 order by count(*) desc, 1 limit 1`,
  );
  if (most === undefined) throw new Error('the small bank has no wealth manager with customers');
  manager = most;
  token = await signedIn(platform, manager.staff);
}, 120_000);
afterAll(async () => {
  await server.close();
  await owner.end();
  await fresh.close();
});

const rows = async <T>(sql: string, values: unknown[] = []) => (await owner.query(sql, values)).rows as T[];
const uuid = (n: number) => `00000000-0000-4000-9000-${String(n).padStart(12, '0')}`;
const [FIRST, SECOND] = [() => manager.customers[0] ?? '', () => manager.customers[1] ?? ''];

/** Everybody agreed to everything and nothing was sent. */
beforeEach(async () => {
  now = new Date('2026-07-01T02:00:00Z');
  await owner.query('truncate outreach.message, outreach.stop, outreach.handover, engagement.contact, personal.mark');
  await owner.query(
    `update customers.customer set consent_sms = true, consent_phone = true, consent_wecom = true, birth_date = '1980-01-01', risk_level = 'C3',
       risk_expires_on = '2027-01-01', closed_on = null, merged_into = null where customer_id = any($1)`,
    [manager.customers],
  );
  await owner.query(
    `insert into products.product (code, name, category, risk_rating) values ('R5-FUND', '进取混合', 'fund', 'R5'), ('R2-FUND', '稳健债券', 'fund', 'R2')
     on conflict (code) do nothing`,
  );
});

async function ask(method: 'GET' | 'POST', url: string, payload?: object, who = token) {
  const answer = await server.inject({ method, url, cookies: { guanhu_session: who }, ...(payload && { payload }) });
  if (answer.statusCode >= 500) throw new Error(answer.body);
  return { status: answer.statusCode, body: answer.json() };
}
const message = (n: number, more: object = {}) => ({
  ...{ messageId: uuid(n), customerIds: [FIRST()], channel: 'sms', purpose: 'marketing', words: '稳健债券今日开放申购', ...more },
});
const send = async (n: number, more: object = {}, who = token) =>
  (await ask('POST', '/api/outreach', message(n, more), who)).body.items;
const states = () =>
  rows<{ state: string; refused_for: string[] }>('select state, refused_for from outreach.message order by message_id');

describe('the gate', () => {
  it('refuses a product above the customer’s risk, whatever way it is asked, and keeps the refusal', async () => {
    const wish = { productCode: 'R5-FUND' };
    const [item] = await send(1, wish);
    expect(item).toMatchObject({ state: 'refused', refusals: [{ because: 'suitability' }] });
    expect(item.refusals[0].words.zh).toContain('R5 高于客户风险承受能力 C3');
    expect(await states()).toEqual([{ state: 'refused', refused_for: ['suitability'] }]);
    const audited = await rows<{ body: unknown }>(
      "select body from audit.entry where kind = 'outreach.refused' and subject = $1",
      [uuid(1)],
    );
    expect(audited).toEqual([
      { body: { channel: 'sms', purpose: 'marketing', productCode: 'R5-FUND', refusedFor: ['suitability'] } },
    ]);
    const asService = await ask('POST', '/api/outreach', message(2, { ...wish, purpose: 'service' }));
    expect(asService.status).toBe(400);
    expect((await send(3, { productCode: 'R2-FUND' }))[0].state).toBe('waiting');
  });

  it('says before sending what it would say, and keeps nothing of that', async () => {
    const answer = await ask(
      'POST',
      '/api/outreach/check',
      message(10, { productCode: 'R5-FUND', customerIds: [FIRST(), SECOND()] }),
    );
    expect(answer.status).toBe(200);
    expect(answer.body.items.map((item: { state: string }) => item.state)).toEqual(['refused', 'refused']);
    expect(await states()).toEqual([]);
  });

  it('counts what colleagues sent, also when both send at the same instant', async () => {
    const answers = await Promise.all([20, 21, 22, 23, 24].map((n) => send(n)));
    const passed = answers.flat().filter((item) => item.state === 'waiting');
    expect(passed).toHaveLength(2);
    expect((await states()).filter(({ refused_for }) => refused_for.includes('too-often'))).toHaveLength(3);
    now = new Date('2026-07-09T02:00:00Z');
    token = await signedIn(fresh.platform, manager.staff);
    expect((await send(25))[0].state).toBe('waiting');
  });

  it('sends the same message once, however often it is asked', async () => {
    await Promise.all([send(30), send(30), send(30)]);
    expect(await states()).toHaveLength(1);
  });

  it('leaves alone who asked for it, from that moment, and refuses what was waiting', async () => {
    expect((await send(40, { purpose: 'service' }))[0].state).toBe('waiting');
    const url = `/api/customers/${FIRST()}/do-not-contact`;
    const stopped = await ask('POST', url, { stop: true, words: '来电要求不再联系' });
    expect(stopped.body).toMatchObject({ stop: { words: '来电要求不再联系' }, may: ['send', 'lift'] });
    expect((await send(41, { purpose: 'service' }))[0].refusals[0].because).toBe('do-not-contact');
    const done = await handOver(fresh.platform, COMMAND_LINE, fileAdapter(temporaryFolder('gateway')));
    expect(done).toMatchObject({ handed: 0, refused: 1 });
    expect((await states()).map(({ state }) => state)).toEqual(['refused', 'refused']);
    await ask('POST', url, { stop: false, words: '客户来行同意恢复联系' });
    expect((await send(42, { purpose: 'service' }))[0].state).toBe('waiting');
  });

  it('holds back to sell while a complaint is open, and lets it be answered', async () => {
    const complaint = { contactId: uuid(50), channel: 'meeting', outcome: 'complaint', note: '排队太久' };
    await ask('POST', `/api/customers/${FIRST()}/contacts`, complaint);
    expect((await send(51))[0].refusals[0].because).toBe('complaint-open');
    expect((await send(52, { purpose: 'service' }))[0].state).toBe('waiting');
    await ask('POST', `/api/customers/${FIRST()}/contacts`, { contactId: uuid(53), channel: 'meeting', outcome: 'reached' });
    expect((await send(54))[0].state).toBe('waiting');
  });

  it('tells by each way whether one may at this hour', async () => {
    now = new Date('2026-07-01T14:00:00Z');
    token = await signedIn(fresh.platform, manager.staff);
    const { body } = await ask('GET', `/api/customers/${FIRST()}/outreach`);
    expect(body.ways).toHaveLength(6);
    for (const way of body.ways) expect(way.refusals.map((one: { because: string }) => one.because)).toEqual(['quiet-hours']);
  });

  it('refuses all when one customer is not one’s own, and names none', async () => {
    const [foreign] = await rows<{ id: string }>(
      'select customer_id as id from coverage.standing where customer_id <> all($1) order by 1 limit 1',
      [manager.customers],
    );
    const answer = await ask('POST', '/api/outreach', message(60, { customerIds: [FIRST(), foreign?.id] }));
    expect(answer.status).toBe(404);
    expect(JSON.stringify(answer.body)).not.toContain(foreign?.id);
    expect(await states()).toEqual([]);
  });
});

describe('the gateway', () => {
  it('gets one list that only its owner may read, and what it answers becomes a contact, once', async () => {
    await send(70);
    await send(71, { channel: 'phone', customerIds: [SECOND()] });
    const folder = temporaryFolder('gateway');
    const done = await handOver(fresh.platform, COMMAND_LINE, fileAdapter(folder));
    expect(done).toMatchObject({ handed: 2, refused: 0, waiting: 0 });
    const [file = ''] = readdirSync(folder);
    expect(file).toBe(`outreach-${done.id}.csv`);
    expect(statSync(join(folder, file)).mode & 0o077).toBe(0);
    const text = readFileSync(join(folder, file), 'utf8');
    expect(text.split(/\r?\n/)[0]).toContain('message_id,customer_id,channel,purpose,name,mobile,text');
    expect(text).toMatch(/1\d{10}/);
    expect(await handOver(fresh.platform, COMMAND_LINE, fileAdapter(folder))).toMatchObject({ id: null });
    const receipts = [
      'message_id,customer_id,state,at,reason',
      `${uuid(70)},${FIRST()},delivered,2026-07-01T10:05:00+08:00,`,
      `${uuid(71)},${SECOND()},failed,2026-07-01T10:06:00+08:00,空号`,
    ].join('\n');
    expect(await takeReceipts(fresh.platform, COMMAND_LINE, receipts)).toEqual({ taken: 2, before: 0 });
    expect(await takeReceipts(fresh.platform, COMMAND_LINE, receipts)).toEqual({ taken: 0, before: 2 });
    expect((await states()).map(({ state }) => state)).toEqual(['delivered', 'failed']);
    expect(await rows('select customer_id, contact_id, channel, outcome, staff_id from engagement.contact')).toEqual([
      { customer_id: FIRST(), contact_id: uuid(70), channel: 'sms', outcome: 'sent', staff_id: manager.staff },
    ]);
  });

  it('takes a file of answers whole or not at all, and says which line', async () => {
    await send(80);
    await handOver(fresh.platform, COMMAND_LINE, fileAdapter(temporaryFolder('gateway')));
    const head = 'message_id,customer_id,state,at,reason';
    const good = `${uuid(80)},${FIRST()},delivered,2026-07-01T10:05:00+08:00,`;
    const take = (...lines: string[]) => takeReceipts(fresh.platform, COMMAND_LINE, [head, ...lines].join('\n'));
    await expect(take(good, `${uuid(81)},${FIRST()},delivered,2026-07-01T10:05:00+08:00,`)).rejects.toThrow(
      /receipt-foreign: Line 3/,
    );
    await expect(take(good, `${uuid(80)},${FIRST()},maybe,2026-07-01T10:05:00+08:00,`)).rejects.toThrow(
      /receipt-unreadable: Line 3, column state/,
    );
    expect((await states()).map(({ state }) => state)).toEqual(['handed']);
  });

  it('asks the gate again before anything leaves: what has lost its consent stays, what only comes at night waits', async () => {
    await send(90);
    await send(91, { customerIds: [SECOND()] });
    await owner.query('update customers.customer set consent_sms = false where customer_id = $1', [FIRST()]);
    now = new Date('2026-07-01T14:00:00Z');
    const folder = temporaryFolder('gateway');
    expect(await handOver(fresh.platform, COMMAND_LINE, fileAdapter(folder))).toMatchObject({
      handed: 0,
      refused: 1,
      waiting: 1,
    });
    now = new Date('2026-07-02T01:00:00Z');
    expect(await handOver(fresh.platform, COMMAND_LINE, fileAdapter(folder))).toMatchObject({
      handed: 1,
      refused: 0,
      waiting: 0,
    });
  });

  it('finishes a list that was broken off, under the same name', async () => {
    await send(95);
    const names: string[] = [];
    const away = {
      deliver: async ({ id }: { id: string }) => {
        names.push(id);
        throw new Error('the disk is full');
      },
    };
    await expect(handOver(fresh.platform, COMMAND_LINE, away)).rejects.toThrow('the disk is full');
    await send(96, { customerIds: [SECOND()] });
    const folder = temporaryFolder('gateway');
    const done = await handOver(fresh.platform, COMMAND_LINE, fileAdapter(folder));
    expect(done).toMatchObject({ id: names[0], handed: 1 });
    expect(await handOver(fresh.platform, COMMAND_LINE, fileAdapter(folder))).toMatchObject({ handed: 1 });
    expect(readdirSync(folder)).toHaveLength(2);
  });

  it('loses nothing and sends nothing twice, whenever the process that hands over is killed', async () => {
    const folder = temporaryFolder('gateway');
    const program = projectFile('test/support/hand-over-child.ts');
    const place = [fresh.platform.home, fresh.ownerUrl, now.toISOString(), folder];
    for (const [n, when] of (['before', 'after', 'done'] as const).entries()) {
      await send(100 + 2 * n, { customerIds: [manager.customers[2 * n] ?? ''] });
      const args = ['--import', 'tsx', program, ...place, when];
      const killed = spawnSync(process.execPath, args, { cwd: projectFile('.'), encoding: 'utf8' });
      expect([when, killed.signal, killed.stderr]).toEqual([when, 'SIGKILL', '']);
      // What came meanwhile is of the next list.
      await send(101 + 2 * n, { customerIds: [manager.customers[2 * n + 1] ?? ''] });
      for (let left = 0; left < 2; left += 1) await handOver(fresh.platform, COMMAND_LINE, fileAdapter(folder));
    }
    expect(await handOver(fresh.platform, COMMAND_LINE, fileAdapter(folder))).toMatchObject({ id: null });
    const sent = readdirSync(folder).flatMap((name) =>
      readFileSync(join(folder, name), 'utf8')
        .trim()
        .split(/\r?\n/)
        .slice(1)
        .map((line) => line.split(',')[0]),
    );
    expect(sent.sort()).toEqual([100, 101, 102, 103, 104, 105].map(uuid));
    expect(new Set((await states()).map(({ state }) => state))).toEqual(new Set(['handed']));
  });
});

describe('what the bank sets of the gate', () => {
  it('holds from the moment it is in force, for what waits as well, and is kept in versions', async () => {
    const put = async (source: string) => (await activatePolicy(fresh.platform, COMMAND_LINE, source)).version;
    const shipped = await shippedPolicy();
    const strict = shipped.replace('{ days: 7, most: 2 }', '{ days: 7, most: 1 }');
    expect(await send(900)).toMatchObject([{ state: 'waiting' }]);
    expect(await send(901)).toMatchObject([{ state: 'waiting' }]);
    expect([await put(strict), await put(strict)]).toEqual([1, 1]);
    const [{ refusals }] = await send(902, { customerIds: [FIRST()] });
    expect(refusals).toMatchObject([{ because: 'too-often', words: { zh: '近 7 天全行已营销触达 2 次，上限 1 次。' } }]);
    const delivered: string[] = [];
    const adapter = {
      deliver: async ({ messages }: { messages: readonly { messageId: string }[] }) =>
        void delivered.push(...messages.map((one) => one.messageId)),
    };
    expect(await handOver(fresh.platform, COMMAND_LINE, adapter)).toMatchObject({ handed: 1, refused: 1 });
    expect(delivered).toHaveLength(1);
    await expect(put(shipped.replace('adult_age: 18', 'adult_age: 12'))).rejects.toMatchObject({
      refusal: { code: 'policy-faulty' },
    });
    expect(await put(shipped)).toBe(2);
    expect(await rows('select version, active, made_by from outreach.policy order by 1')).toEqual([
      { version: 1, active: false, made_by: COMMAND_LINE.staffId },
      { version: 2, active: true, made_by: COMMAND_LINE.staffId },
    ]);
    expect(await rows("select subject from audit.entry where kind = 'policy.activated' order by subject")).toEqual([
      { subject: '1' },
      { subject: '2' },
    ]);
    expect(await send(903, { customerIds: [SECOND()] })).toMatchObject([{ state: 'waiting' }]);
  });
});
