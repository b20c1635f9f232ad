import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadConfig } from '../../src/platform/config.ts';
import { ensureDatabase } from '../../src/platform/embedded/index.ts';
import { bytesOfZip } from '../support/bytes-of-zip.ts';
import { temporaryFolder } from '../support/folder.ts';
import { guanhu, type Running, runProgram } from '../support/process.ts';
import { castOf } from '../support/strangers.ts';
import type { Ask } from '../support/visit.ts';
import { SESSION_ASKS, visitsOf } from '../support/walk.ts';

/**
 * One customer of a whole bank is a canary. The bank is fed, closed, allocated, verified, backed up and asked by every route, soundly and
 * with the canary in every place where something can be wrong; then everything that was said is searched.
 */
const CANARY = {
  id: 'C00000001',
  idNumber: '990001198702037775',
  mobile: '10099887766',
  address: '金丝雀弄堂777号',
  name: '欧阳金丝翎',
};
/** Never in the open, wherever it is. The name is in lists of those who look after the customer, but in no error and no log. */
const SECRET = [CANARY.idNumber, CANARY.mobile, CANARY.address];
const ALL = [...SECRET, CANARY.name];

const root = temporaryFolder('canary');
const home = join(root, 'home');
const files = join(root, 'files');
const env = { GUANHU_HOME: home, GUANHU_LOG: 'debug', GUANHU_PORT: '0' };
let owner: pg.Client;
let leave: () => Promise<void>;
let service: Running;
let url: string;
/** Everything that jobs said. */
const said: string[] = [];

async function job(...args: string[]): Promise<string> {
  const { stdout, stderr } = await guanhu(args, env);
  // Whoever sends a file is shown its bad cells, to mend them.
  said.push(`${args[0]}: ${args[0] === 'feed' ? '' : stdout}${stderr}`);
  return stdout;
}

function writeCanary(): void {
  const file = join(files, 'customers.csv');
  const lines = readFileSync(file, 'utf8').split('\n');
  const columns = lines[0]?.split(',') ?? [];
  const row = lines[1]?.split(',') ?? [];
  const put = (column: string, value: string) => row.splice(columns.indexOf(column), 1, value);
  put('name', CANARY.name);
  put('id_number', CANARY.idNumber);
  put('mobile', CANARY.mobile);
  put('address', CANARY.address);
  expect(row[0]).toBe(CANARY.id);
  writeFileSync(file, [lines[0], row.join(','), ...lines.slice(2)].join('\n'));
}

beforeAll(async () => {
  mkdirSync(home, { mode: 0o711 });
  writeFileSync(join(home, 'demo.json'), '{"ready":true}\n');
  await job('demo', 'write', files, '--customers', '1000', '--seed', 'small', '--from', '2026-06-22', '--to', '2026-06-26');
  writeCanary();
  await job('db', 'start');
  await job('feed', files);
  // Rows that are wrong in every way: what does not fit is the canary itself.
  const bad = join(root, 'bad');
  mkdirSync(bad);
  const header = 'id,name,id_number,mobile,birth_date,opened_on,address,risk_level,longitude\n';
  const { id, name, idNumber, mobile, address } = CANARY;
  const row = `${name},${idNumber},${mobile},${name},${mobile},${address}`;
  writeFileSync(
    join(bad, 'customers.csv'),
    `${header}${id},${row},${name},${address}\n${id},${row},C3,121.4\n${mobile} ${name},${row},C9,x\n`,
  );
  await job('feed', bad);
  await job('close', '--to', '2026-06-26');
  await job('allocate', '--scheme', 'full-coverage', '--date', '2026-06-26', '--apply');
  await job('why', CANARY.id, '--json');
  await job('verify');
  await job('backup', join(root, 'backup'));
  const database = await ensureDatabase(loadConfig({ GUANHU_HOME: home }, '/'), 'command', () => undefined);
  leave = database.stop;
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  service = runProgram('scripts/start.mjs', [], env);
  url = (await service.saw(/http:\/\/127\.0\.0\.1:\d+/))[0];
}, 180_000);
afterAll(async () => {
  service.child.kill('SIGKILL');
  await service.ended;
  await owner.end();
  await leave();
  await guanhu(['db', 'stop'], env);
  rmSync(root, { recursive: true, force: true });
}, 60_000);

interface Heard {
  readonly what: string;
  readonly status: number;
  readonly text: string;
}

let sent = 0;

async function send(what: string, path: string, init: RequestInit): Promise<Heard> {
  const headers = new Headers(init.headers);
  // As a proxy on this machine would tell of many users: one address alone may not ask that often.
  sent += 1;
  if (path !== '/metrics') headers.set('x-forwarded-for', `10.0.1.${Math.floor(sent / 500)}`);
  const answer = await fetch(`${url}${path}`, { redirect: 'manual', ...init, headers });
  const bytes = Buffer.from(await answer.arrayBuffer());
  const zipped = (answer.headers.get('content-type') ?? '').includes('spreadsheetml');
  const told = JSON.stringify([...answer.headers]);
  return { what, status: answer.status, text: `${told}${zipped ? bytesOfZip(bytes) : bytes.toString('utf8')}` };
}

async function signIn(staffId: string): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${url}/api/demo/session`, { method: 'POST', headers, body: JSON.stringify({ staffId }) });
  expect(answer.status).toBe(200);
  return answer.headers.get('set-cookie')?.split(';')[0] ?? '';
}

/** One ask as it is, and with the canary in its path, its query, its body and its headers. */
function withCanary({ method, url: path, payload }: Ask, cookie: string): (readonly [string, RequestInit])[] {
  const headers = { cookie, ...(method === 'GET' ? {} : { 'content-type': 'application/json' }) };
  const body = method === 'GET' ? {} : { body: JSON.stringify(payload ?? {}) };
  const sound = [path, { method, headers, ...body }] as const;
  if (path.endsWith('/session')) return [sound];
  const marks = ALL.map((mark) => encodeURIComponent(mark));
  const query = `${marks.map((mark) => `${mark}=${mark}`).join('&')}&limit=${marks[3]}`;
  const inQuery = [`${path}${path.includes('?') ? '&' : '?'}${query}`, { method, headers, ...body }] as const;
  const inPath = [path.replace(/[^/?]+(?=\?|$|\/[^/]*$)/, marks[3] ?? ''), { method, headers, ...body }] as const;
  if (method === 'GET') return [sound, inQuery, inPath];
  const wrong = JSON.stringify({
    ...payload,
    name: CANARY.name,
    [CANARY.mobile]: CANARY.idNumber,
    schemeId: CANARY.address,
    source: `${CANARY.name}: [`,
  });
  const bodies = [wrong, wrong.slice(0, -3), `"${CANARY.name}"`, `[${CANARY.mobile}]`];
  return [sound, inPath, ...bodies.map((text) => [path, { method, headers, body: text }] as const)];
}

function upload(cookie: string, fileName: string, text: string): Promise<Heard> {
  const form = new FormData();
  form.append('file', new Blob([text]), fileName);
  return send(`upload ${fileName}`, '/api/feeds', { method: 'POST', headers: { cookie }, body: form });
}

async function walk(asks: readonly Ask[], cookies: readonly string[]): Promise<Heard[]> {
  const heard: Heard[] = [];
  for (const cookie of cookies)
    for (const one of asks)
      for (const [path, init] of withCanary(one, cookie)) heard.push(await send(`${one.method} ${one.url}`, path, init));
  for (const mark of ALL) {
    heard.push(await send('unknown path', `/api/${encodeURIComponent(mark)}`, {}));
    heard.push(
      await send('search', `/api/customers/search?q=${encodeURIComponent(mark)}`, { headers: { cookie: cookies[0] ?? '' } }),
    );
    const headers = { cookie: `guanhu_session=${encodeURIComponent(mark)}`, 'user-agent': encodeURIComponent(mark) };
    heard.push(await send('cookie', '/api/customers', { headers }));
  }
  return heard;
}

const found = (heard: readonly Heard[], marks: readonly string[]) =>
  heard.flatMap(({ what, status, text }) =>
    marks
      .filter((mark) => text.includes(mark) || text.includes(encodeURIComponent(mark)))
      .map((mark) => ({ what, status, mark, near: text.slice(Math.max(0, text.indexOf(mark) - 80), text.indexOf(mark) + 40) })),
  );

/** Whoever sends the bank's files sees their bad cells, in the answer and in the workbook to mend. */
const isOfFiles = (what: string) => /\/api\/feeds(\?|$|\/[^/]+(\/rejects\.xlsx)?$)|^upload/.test(what);

it('keeps a marked customer out of every error, log, metric, job and audit entry [SECURITY 21, 23, 46, 55]', async () => {
  const runId =
    (await owner.query<{ id: string }>("select run_id as id from coverage.run where kind = 'full' limit 1")).rows[0]?.id ?? '';
  const importId =
    (await owner.query<{ id: string }>("select import_id as id from feed.import where state = 'refused' limit 1")).rows[0]?.id ??
    '';
  const database = await ensureDatabase(loadConfig({ GUANHU_HOME: home }, '/'), 'command', () => undefined);
  const cast = await castOf(database.ownerUrl, runId);
  await database.stop();
  const customer = { ...cast.customer, id: CANARY.id, name: CANARY.name, last4: CANARY.mobile.slice(-4) };
  const visits = Object.values(visitsOf({ ...cast, customer }, importId, cast.outletId));
  const asks = [...SESSION_ASKS, ...visits.flatMap((visit) => [...visit.asks, ...visit.pairs.map((pair) => pair.foreign)])];
  const admin = (
    await owner.query<{ id: string }>("select id from organisation.staff where role = 'branch-admin' order by id limit 1")
  ).rows[0]?.id;
  const cookies = [await signIn(admin ?? ''), await signIn(cast.managerId)];

  const heard = await walk(asks, cookies);
  for (const name of ['customers.csv', `${CANARY.name}${CANARY.mobile}.csv`])
    heard.push(
      await upload(
        cookies[0] ?? '',
        name,
        `id,name,mobile\n${CANARY.name},"${CANARY.mobile}\n${CANARY.idNumber},${CANARY.address}`,
      ),
    );
  expect(heard.filter(({ status, text }) => status === 200 && text.includes(CANARY.name)).length).toBeGreaterThan(0);
  expect(
    found(
      // Revealing one field is a recorded act of its own.
      heard.filter(({ what }) => !isOfFiles(what) && !what.endsWith('/reveal')),
      SECRET,
    ),
  ).toEqual([]);
  expect(
    found(
      heard.filter(({ what, status }) => status >= 400 && !what.startsWith('upload')),
      ALL,
    ),
  ).toEqual([]);
  expect(heard.filter(({ status }) => status >= 500)).toEqual([]);

  // Everything that the database keeps, as text: sealed, hashed or masked; the audit not even the name.
  const tables = (
    await owner.query<{ name: string }>(`select c.oid::regclass::text as name from pg_class c where relkind = 'r'
     and relnamespace::regnamespace::text not in ('pg_catalog', 'information_schema')`)
  ).rows;
  for (const { name } of tables) {
    const { rows } = await owner.query<{ text: string }>(`select t::text as text from ${name} t`);
    const kept = rows.map(({ text }) => ({ what: name, status: 0, text }));
    expect(found(kept, name.startsWith('audit.') ? ALL : SECRET)).toEqual([]);
  }

  // And every file of the home folder, the database's own among them: nowhere in the open.
  // While a file is being checked it lies in the open among the scratch; afterwards it is gone.
  await expect.poll(() => readdirSync(join(home, 'work')), { timeout: 30_000 }).toEqual([]);
  const ofHome = readdirSync(home, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(ofHome.filter(({ parentPath }) => parentPath.endsWith(join('archive', 'raw'))).length).toBeGreaterThan(3);
  expect(
    ofHome.flatMap(({ parentPath, name }) => {
      const bytes = readFileSync(join(parentPath, name));
      return SECRET.flatMap((mark) => (bytes.includes(mark) ? [{ name, mark }] : []));
    }),
  ).toEqual([]);

  // The same walk on a database that fails, with messages that quote what they were given.
  await owner.query('alter table coverage.card alter column initials drop default, alter column initials type integer using 0');
  await owner.query('alter table coverage.run rename to run_gone; alter table feed.import rename column file_name to gone');
  await owner
    .query('alter table platform.idempotency rename to idempotency_gone; alter table coverage.scheme rename column title to gone')
    .catch(() => undefined);
  const faults = await walk(asks, cookies);
  expect(faults.filter(({ status }) => status === 500).length).toBeGreaterThan(10);
  expect(
    found(
      faults.filter(({ status }) => status >= 400),
      ALL,
    ),
  ).toEqual([]);

  expect([...heard, ...faults].filter(({ text }) => text.includes('"too-many"'))).toEqual([]);
  const metrics = await send('metrics', '/metrics', {});
  expect(metrics.text).toContain('guanhu_http_request_seconds_count');
  expect(found([metrics], [...ALL, CANARY.id])).toEqual([]);

  service.child.kill('SIGTERM');
  const { stdout, stderr } = await service.ended;
  expect(stderr.split('\n').filter((line) => line.includes('"request failed"')).length).toBeGreaterThan(10);
  expect(stderr).toContain('"msg":"request"');
  expect(
    found(
      [
        { what: 'service', status: 0, text: stdout + stderr },
        ...said.map((text) => ({ what: text.slice(0, 40), status: 0, text })),
      ],
      ALL,
    ),
  ).toEqual([]);
}, 180_000);
