import type { FastifyInstance, FastifyRequest } from 'fastify';
import type pg from 'pg';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Platform } from '../context.ts';
import { logRequest } from '../log.ts';

/** One reading of what the product does: numbers under labels of ours, never of a person or a customer. */
export interface Reading {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A family of readings taken at each scrape. */
export interface GaugeSource {
  readonly name: `guanhu_${string}`;
  readonly help: string;
  readonly labels: readonly string[];
  readonly read: (platform: Platform) => Promise<readonly Reading[]>;
}

const SECONDS = [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;
const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'] as const;

/** Prometheus metrics at `/metrics`, for a collector on this machine only; also counts and logs every request by its route. */
export function addMetrics(server: FastifyInstance, platform: Platform, sources: readonly GaugeSource[]): void {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  countRequests(server, registry);
  showPools(registry, { app: platform.app, worker: platform.worker });
  const refresh = addSources(registry, platform, sources);
  server.get('/metrics', { schema: { hide: true }, config: { rateLimit: false } }, async (request, reply) => {
    if (!isLocal(request)) return reply.callNotFound();
    await refresh();
    return reply
      .type(registry.contentType)
      .header('cache-control', 'no-store')
      .send(await registry.metrics());
  });
}

/** A proxy on this machine also connects from loopback; what it brings comes from elsewhere. */
function isLocal(request: FastifyRequest): boolean {
  const from = request.socket.remoteAddress ?? '';
  return LOOPBACK.test(from) && FORWARDED.every((name) => request.headers[name] === undefined);
}

function countRequests(server: FastifyInstance, registry: Registry): void {
  const durations = new Histogram({
    name: 'guanhu_http_request_seconds',
    help: 'Requests by route and status, with how long they took',
    labelNames: ['method', 'route', 'status'],
    buckets: SECONDS,
    registers: [registry],
  });
  server.addHook('onResponse', async (request, reply) => {
    // The pattern of the route, never the path: a path may hold an id.
    const route = request.routeOptions.url ?? 'none';
    durations.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
    logRequest({ requestId: request.id, method: request.method, route, status: reply.statusCode, ms: reply.elapsedTime });
  });
}

function showPools(registry: Registry, pools: Readonly<Record<string, pg.Pool>>): void {
  const gauge = new Gauge({
    name: 'guanhu_database_connections',
    help: 'Connections of each pool: busy, idle, and requests that wait for one',
    labelNames: ['pool', 'state'],
    registers: [registry],
    collect() {
      for (const [pool, { totalCount, idleCount, waitingCount }] of Object.entries(pools)) {
        this.set({ pool, state: 'busy' }, totalCount - idleCount);
        this.set({ pool, state: 'idle' }, idleCount);
        this.set({ pool, state: 'waiting' }, waitingCount);
      }
    },
  });
  gauge.reset();
}

/** Gives what takes all readings anew; while the database does not answer the others are still told. */
function addSources(registry: Registry, platform: Platform, sources: readonly GaugeSource[]): () => Promise<void> {
  const up = new Gauge({ name: 'guanhu_database_up', help: '1 when the database answered this scrape', registers: [registry] });
  const gauges = sources.map((source) => {
    const { name, help, labels } = source;
    return { source, gauge: new Gauge({ name, help, labelNames: [...labels], registers: [registry] }) };
  });
  return async () => {
    try {
      await platform.app.query('select 1');
      for (const { source, gauge } of gauges) {
        const readings = await source.read(platform);
        gauge.reset();
        for (const { labels, value } of readings) gauge.set({ ...labels }, value);
      }
      up.set(1);
    } catch {
      for (const { gauge } of gauges) gauge.reset();
      up.set(0);
    }
  };
}
