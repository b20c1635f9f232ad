import { connect, type Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import pg from 'pg';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { ROUTES } from '../../src/app/capabilities.ts';
import { buildServer } from '../../src/platform/http/server.ts';
import { type FreshPlatform, freshPlatform } from '../support/database.ts';
import { signedIn } from '../support/signed-in.ts';

let fresh: FreshPlatform;
let server: FastifyInstance;
let owner: pg.Pool;
let cookie: string;
let colleague: string;
let port: number;

beforeAll(async () => {
  fresh = await freshPlatform(() => new Date());
  owner = new pg.Pool({ connectionString: fresh.ownerUrl, max: 1 });
  await owner.query(`insert into organisation.org_unit (id, name, level, parent_id, unit_no, last_no) values ('H0', '总行', 'head-office', null, 1, 9);
    insert into organisation.staff (id, name, pinyin, initials, org_unit_id, role, share_bp) values
      ('A1', '安一', 'anyi', 'ay', 'H0', 'branch-admin', 10000), ('A2', '安二', 'aner', 'ae', 'H0', 'branch-admin', 10000)`);
  // A share of two: few enough to be under way together on a busy machine, before the limit of a statement ends them.
  fresh.platform.app.options.max = 4;
  server = await buildServer(fresh.platform, ROUTES, { demo: false, version: '0', webFolder: '/nonexistent' });
  await server.listen({ host: '127.0.0.1', port: 0 });
  const address = server.server.address();
  port = address !== null && typeof address === 'object' ? address.port : 0;
  cookie = `guanhu_session=${await signedIn(fresh.platform, 'A1')}`;
  colleague = `guanhu_session=${await signedIn(fresh.platform, 'A2')}`;
});
afterAll(async () => {
  await server.close();
  await owner.end();
  await fresh.close();
});

const ask = (as: string) => fetch(`http://127.0.0.1:${port}/api/organisation/units`, { headers: { cookie: as } });

/** Sends bytes and leaves the line open. */
async function send(text: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  await new Promise<void>((done) => socket.write(text, () => done()));
  return socket;
}

it('counts whoever hangs up before the answer no longer among the requests under way', async () => {
  const { app } = fresh.platform;
  const locker = await owner.connect();
  try {
    await locker.query('begin; lock table coverage.lock_period');
    const sockets: Socket[] = [];
    // A look at the answer is a request as well: one that arrives together with it may be refused, so there is another one each time.
    await vi.waitFor(
      async () => {
        sockets.push(await send(`GET /api/lock-periods HTTP/1.1\r\nhost: localhost\r\ncookie: ${cookie}\r\n\r\n`));
        expect((await ask(cookie)).status).toBe(429);
      },
      { timeout: 4_000 },
    );
    for (const socket of sockets) socket.destroy();
  } finally {
    await locker.query('commit');
    locker.release();
  }
  await vi.waitFor(async () => expect((await ask(cookie)).status).toBe(200), { timeout: 10_000 });
  await vi.waitFor(() => expect([app.totalCount - app.idleCount, app.waitingCount]).toEqual([0, 0]), { timeout: 10_000 });
});

it('goes on serving others while many send half a request and nothing more', async () => {
  const halves = await Promise.all(
    Array.from({ length: 200 }, (_, n) =>
      send(
        n % 2 === 0
          ? 'GET /api/organisation/units HTTP/1.1\r\nhost: localhost\r\n'
          : `POST /api/lock-periods HTTP/1.1\r\nhost: localhost\r\ncookie: ${cookie}\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{"name":`,
      ),
    ),
  );
  expect((await ask(colleague)).status).toBe(200);
  const { app } = fresh.platform;
  await vi.waitFor(() => expect([app.totalCount - app.idleCount, app.waitingCount]).toEqual([0, 0]));
  for (const socket of halves) socket.destroy();
  await vi.waitFor(async () => expect(await connections()).toBeLessThan(20), { timeout: 10_000 });
});

it('lets go of whoever asks for much and reads none of it', async () => {
  const usual = server.server.timeout;
  expect(usual).toBeGreaterThan(0);
  server.server.timeout = 1_000;
  // More than the system's own buffers take.
  const asked = 'GET /api/openapi.json HTTP/1.1\r\nhost: localhost\r\n\r\n'.repeat(40);
  const sockets = await Promise.all(Array.from({ length: 6 }, () => send(asked)));
  await vi.waitFor(async () => expect(await connections()).toBeGreaterThanOrEqual(6), { timeout: 10_000 });
  const cut = Promise.all(sockets.map((socket) => new Promise((done) => socket.once('close', done))));
  // Nobody reads: the end of the line shows only once there is something to do with it.
  const closed = vi.waitFor(async () => expect(await connections()).toBeLessThan(5), { timeout: 20_000, interval: 200 });
  await closed.finally(() => {
    server.server.timeout = usual;
    for (const socket of sockets) socket.destroy();
  });
  await cut;
  expect((await ask(colleague)).status).toBe(200);
});

function connections(): Promise<number> {
  return new Promise((done, fail) => server.server.getConnections((error, n) => (error ? fail(error) : done(n))));
}
