import type { FastifyInstance } from 'fastify';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ROUTES } from '../../src/app/capabilities.ts';
import { GAUGES } from '../../src/app/metrics.ts';
import { buildServer } from '../../src/platform/http/server.ts';
import { type FreshPlatform, freshPlatform } from '../support/database.ts';

let fresh: FreshPlatform;
let server: FastifyInstance;

beforeAll(async () => {
  fresh = await freshPlatform(() => new Date('2026-07-03T04:00:00Z'));
  server = await buildServer(fresh.platform, ROUTES, { demo: false, version: '0', webFolder: '/nonexistent', gauges: GAUGES });
});
afterAll(async () => {
  await server.close();
  await fresh.close();
});

async function asOwner(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: fresh.ownerUrl });
  await client.connect();
  await client.query(sql);
  await client.end();
}

const get = (url: string, headers: Record<string, string> = {}, remoteAddress = '127.0.0.1') =>
  server.inject({ method: 'GET', url, headers, remoteAddress });

it('tells signed out and in one word whether it lives and is ready', async () => {
  expect((await get('/api/health')).json()).toEqual({ status: 'ok' });
  const ready = await get('/api/ready');
  expect([ready.statusCode, ready.json()]).toEqual([200, { status: 'ready' }]);
});

it('is not ready on the tables of another version', async () => {
  await asOwner("insert into public.guanhu_migration values ('9999_newer.sql', now())");
  const answer = await get('/api/ready');
  expect([answer.statusCode, answer.json()]).toEqual([503, { status: 'not-ready' }]);
  await asOwner("delete from public.guanhu_migration where file = '9999_newer.sql'");
  expect((await get('/api/ready')).statusCode).toBe(200);
});

it('is alive, but not ready, while no connection is to be had, and says so in time', async () => {
  const taken = await Promise.all(
    Array.from({ length: fresh.platform.app.options.max ?? 0 }, () => fresh.platform.app.connect()),
  );
  const began = performance.now();
  expect((await get('/api/ready')).statusCode).toBe(503);
  expect(performance.now() - began).toBeLessThan(4000);
  expect((await get('/api/health')).statusCode).toBe(200);
  for (const client of taken) client.release();
  expect((await get('/api/ready')).statusCode).toBe(200);
});

it('shows requests by route, connections, jobs and the closed day', async () => {
  await asOwner(`insert into feed.import (import_id, feed, file_name, state, sent_by, sent_at) values ('i', 'customers', 'f', 'refused', 'cli', now());
    insert into closing.day (business_date, import_id, input_digest, chain, digest, customers, positions, changed_customers, changed_positions, totals, closed_at)
    values ('2026-07-01', 'i', 'd', 'c', 'd', 0, 0, 0, 0, '{}', now())`);
  await get('/api/customers/C0001');
  const { body, statusCode } = await get('/metrics');
  expect(statusCode).toBe(200);
  for (const line of [
    'guanhu_http_request_seconds_count{method="GET",route="/api/customers/:id",status="401"} 1',
    'guanhu_database_connections{pool="app",state="waiting"} 0',
    'guanhu_jobs{job="feed",state="refused"} 1',
    `guanhu_closed_day_timestamp_seconds ${Date.UTC(2026, 6, 1) / 1000}`,
    'guanhu_closed_day_age_days 2',
    'guanhu_database_up 1',
  ])
    expect(body.split('\n')).toContain(line);
  expect(body).not.toContain('C0001');
});

it('answers a collector from elsewhere, also through a proxy on this machine, as if there were none', async () => {
  const nowhere = await get('/nowhere');
  for (const answer of [
    await get('/metrics', {}, '10.0.0.7'),
    await get('/metrics', { 'x-forwarded-for': '10.0.0.7' }),
    await get('/metrics', { forwarded: 'for=10.0.0.7' }),
  ]) {
    expect(answer.statusCode).toBe(404);
    expect({ ...answer.json(), requestId: '' }).toEqual({ ...nowhere.json(), requestId: '' });
  }
});
