import type { FastifyInstance } from 'fastify';
import pg from 'pg';
import { z } from 'zod';
import { ROUTES } from '../src/app/capabilities.ts';
import { startSealing } from '../src/platform/audit/seals.ts';
import { openSession } from '../src/platform/auth/session.ts';
import type { Platform } from '../src/platform/context.ts';
import { buildServer } from '../src/platform/http/server.ts';

/** Requests a second with the audit and without, and what part of the throughput it takes. */
export interface AuditCost {
  readonly what: string;
  readonly with: number;
  readonly without: number;
  readonly 'cost %': number;
}

interface Desk {
  readonly customers: readonly string[];
  readonly ask: (url: string, body?: object) => Promise<unknown>;
}

const PEOPLE = 50;
/** With, without, with …: what else the machine does meets both. */
const ROUNDS = 5;
const AUDIT = /^insert into "audit"\."entry"/;

/** Leaves out every entry of the audit while `work` runs: the statement is not sent at all. */
async function withoutAudit<T>(work: () => Promise<T>): Promise<T> {
  const { query } = pg.Client.prototype;
  const skip = function (this: pg.Client, ...args: unknown[]): unknown {
    if (typeof args[0] === 'string' && AUDIT.test(args[0])) return Promise.resolve({ rows: [], rowCount: 1, command: 'INSERT' });
    return Reflect.apply(query, this, args);
  };
  Object.defineProperty(pg.Client.prototype, 'query', { value: skip, configurable: true, writable: true });
  try {
    return await work();
  } finally {
    Object.defineProperty(pg.Client.prototype, 'query', { value: query, configurable: true, writable: true });
  }
}

/** Throughput of 50 people who look at customers, and of 50 who change something, on the bank that the database holds; sealing runs. */
export async function auditCost(platform: Platform, requests: number): Promise<AuditCost[]> {
  const server = await buildServer(platform, ROUTES, { demo: false, version: 'bench', webFolder: '/nowhere' });
  const sealing = startSealing(platform);
  try {
    const desks = await openDesks(platform, server);
    return [await compare('looks', desks, requests, look), await compare('changes', desks, requests, change)];
  } finally {
    await sealing.stop();
    await server.close();
  }
}

async function openDesks(platform: Platform, server: FastifyInstance): Promise<Desk[]> {
  const { rows } = await platform.worker.query<{ staff_id: string; customers: string[] }>(
    `select p.staff_id, (select array_agg(customer_id) from (
        select customer_id from coverage.assignment a where a.staff_id = p.staff_id and a.to_date is null limit 200) x) as customers
       from coverage.portfolio p join organisation.staff s on s.id = p.staff_id
      where p.customers > 10 and s.left_on is null and s.role in ('wealth-manager', 'lobby-manager') order by md5(p.staff_id) limit ${PEOPLE}`,
  );
  return Promise.all(
    Array.from({ length: PEOPLE }, async (_, n) => {
      // A small bank has fewer managers: some then have several windows, each with customers of its own,
      // because a customer with an open request is refused a second one.
      const { staff_id, customers: all } = rows[n % rows.length] ?? nobody();
      const windows = Math.ceil(PEOPLE / rows.length);
      const customers = all.filter((_, at) => at % windows === Math.floor(n / rows.length));
      const origin = { demo: false, secondFactor: true, address: '127.0.0.1', agent: 'bench' };
      const token = await openSession(platform.app, staff_id, platform.now(), origin);
      const headers = { cookie: `guanhu_session=${token}`, 'sec-fetch-site': 'same-origin' };
      const ask = async (url: string, body?: object) => {
        // An address for each round of looks, or the limit per address would be what is measured.
        const remoteAddress = `127.${10 + Math.floor(Math.random() * 200)}.${Math.floor(Math.random() * 250)}.${n}`;
        const method = body === undefined ? 'GET' : 'POST';
        const answer = await server.inject({
          method,
          url,
          headers,
          remoteAddress,
          ...(body === undefined ? {} : { payload: body }),
        });
        if (answer.statusCode >= 400) throw new Error(`${url}: ${answer.statusCode} ${answer.body}`);
        return answer.json();
      };
      return { customers, ask };
    }),
  );
}

function nobody(): never {
  throw new Error('the bench has nobody to look at');
}

function customerOf(desk: Desk, n: number): string {
  const id = desk.customers[n % desk.customers.length];
  return id ?? nobody();
}

async function look(desk: Desk, n: number): Promise<number> {
  const id = customerOf(desk, n);
  await desk.ask('/api/customers?limit=50');
  await desk.ask(`/api/customers/${id}`);
  await desk.ask(`/api/customers/${id}/why`);
  return 3;
}

const found = z.object({ candidates: z.array(z.object({ staffId: z.string(), problem: z.unknown() })) });
const made = z.object({ transferId: z.string() });

/** Asks for a transfer to somebody who may have the customer, and withdraws it. */
async function change(desk: Desk, n: number): Promise<number> {
  const customerId = customerOf(desk, n);
  const { candidates } = found.parse(await desk.ask(`/api/customers/${customerId}/candidates`));
  const to = candidates.find(({ problem }) => problem === null);
  if (to === undefined) return 1;
  const body = { customerId, seat: 'lead', toStaff: to.staffId, reason: 'other', words: 'bench' };
  const { transferId } = made.parse(await desk.ask('/api/transfers', body));
  made.parse(await desk.ask(`/api/transfers/${transferId}/withdraw`, {}));
  return 3;
}

async function compare(
  what: string,
  desks: readonly Desk[],
  requests: number,
  one: (desk: Desk, n: number) => Promise<number>,
): Promise<AuditCost> {
  const round = () => throughput(desks, requests, one);
  await round();
  const speeds: { with: number[]; without: number[] } = { with: [], without: [] };
  for (let n = 0; n < ROUNDS; n++) {
    speeds.with.push(await round());
    speeds.without.push(await withoutAudit(round));
  }
  const [on, off] = [median(speeds.with), median(speeds.without)];
  return { what: `${what}, ${desks.length} at once`, with: on, without: off, 'cost %': 100 * (1 - on / off) };
}

function median(list: readonly number[]): number {
  return [...list].sort((a, b) => a - b)[list.length >> 1] ?? Number.NaN;
}

/** Requests a second, everybody asking one after the other. */
async function throughput(
  desks: readonly Desk[],
  requests: number,
  one: (desk: Desk, n: number) => Promise<number>,
): Promise<number> {
  let done = 0;
  const start = performance.now();
  await Promise.all(
    desks.map(async (desk) => {
      for (let n = 0; done < requests; n++) {
        const asked = await one(desk, n);
        done += asked;
      }
    }),
  );
  return (done * 1000) / (performance.now() - start);
}
