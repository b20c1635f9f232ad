import { rmSync } from 'node:fs';
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { ROUTES } from '../../src/app/capabilities.ts';
import { verifyCoverage } from '../../src/capabilities/coverage/index.ts';
import { verifyAudit } from '../../src/platform/audit/verify.ts';
import { buildServer } from '../../src/platform/http/server.ts';
import { type FreshPlatform, freshPlatform } from '../support/database.ts';
import { temporaryFolder } from '../support/folder.ts';
import { signedIn } from '../support/signed-in.ts';
import { makeSmallBank, SMALL } from '../support/small-bank.ts';

// Requests drawn from the API's own description, half of their parts hostile. GUANHU_FULL=1 asks a hundred thousand.
const REQUESTS = process.env.GUANHU_FULL === '1' ? 100_000 : 2_000;
const SEED = 20_260_701;
const dir = temporaryFolder('fuzz');
let fresh: FreshPlatform;
let owner: pg.Pool;
let server: Awaited<ReturnType<typeof buildServer>>;
const cookies: string[] = [''];
let known: string[];

beforeAll(async () => {
  fresh = await freshPlatform(() => new Date('2026-07-01T04:00:00Z'));
  const runId = await makeSmallBank(fresh.platform, dir, SMALL);
  owner = new pg.Pool({ connectionString: fresh.ownerUrl, max: 1 });
  server = await buildServer(fresh.platform, ROUTES, { demo: true, version: '0', webFolder: '/nonexistent' });
  await server.ready();
  const { rows } = await owner.query<{ id: string }>(
    `select distinct on (role) id from organisation.staff where left_on is null
        and role in ('branch-admin', 'outlet-head', 'wealth-manager', 'auditor', 'system-admin') order by role, id`,
  );
  for (const { id } of rows) cookies.push(await signedIn(fresh.platform, id));
  const ids = await owner.query<{ id: string }>(
    `(select customer_id as id from coverage.card limit 3) union all (select id from organisation.org_unit limit 3)
     union all (select staff_id from coverage.portfolio limit 3)`,
  );
  known = [...ids.rows.map(({ id }) => id), runId, 'full-coverage@1', '2026-06-30'];
}, 120_000);
afterAll(async () => {
  await server.close();
  await owner.end();
  await fresh.close();
  rmSync(dir, { recursive: true, force: true });
});

const HOSTILE = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\u202e\ufeff',
  '𠮷',
  '\ud800',
  "'; drop table coverage.card; --",
  '../../../etc/passwd',
  '%00',
  '%',
  '_%\\',
  '{"$gt":""}',
  '__proto__',
  'constructor',
  '1e400',
  'NaN',
  '-1',
  '9007199254740993',
  '2026-02-30',
  '9999-12-31',
  '0000-00-00',
  '１２３',
  '<script>',
  '[]',
  'null',
  'x'.repeat(300),
  Buffer.from('["x","y"]').toString('base64url'),
  Buffer.from('[1e308,"\\u0000"]').toString('base64url'),
];

const schemaOf: z.ZodType<Schema> = z.lazy(() =>
  z.looseObject({
    type: z.union([z.string(), z.array(z.string())]).optional(),
    enum: z.array(z.unknown()).optional(),
    properties: z.record(z.string(), schemaOf).optional(),
    items: schemaOf.optional(),
    anyOf: z.array(schemaOf).optional(),
    oneOf: z.array(schemaOf).optional(),
    format: z.string().optional(),
  }),
);
interface Schema {
  type?: string | string[] | undefined;
  enum?: unknown[] | undefined;
  properties?: Record<string, Schema> | undefined;
  items?: Schema | undefined;
  anyOf?: Schema[] | undefined;
  oneOf?: Schema[] | undefined;
  format?: string | undefined;
}
const operation = z.looseObject({
  operationId: z.string(),
  parameters: z.array(z.looseObject({ name: z.string(), in: z.string(), schema: schemaOf })).default([]),
  requestBody: z.looseObject({ content: z.record(z.string(), z.looseObject({ schema: schemaOf })) }).optional(),
});
type Operation = z.infer<typeof operation>;

const text = (): fc.Arbitrary<string> =>
  fc.oneof(fc.constantFrom(...known), fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary', maxLength: 20 }));
const anything = (): fc.Arbitrary<unknown> =>
  fc.oneof(
    text(),
    fc.integer(),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.array(text(), { maxLength: 3 }),
    fc.dictionary(text(), text(), { maxKeys: 2 }),
  );

/** A value as the schema says, or, one time in four, something else. */
function drawn(schema: Schema): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 3, arbitrary: fitting(schema) }, { weight: 1, arbitrary: anything() });
}

function fitting(schema: Schema): fc.Arbitrary<unknown> {
  const { enum: choices, anyOf, oneOf, properties, items } = schema;
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (choices !== undefined && choices.length > 0) return fc.constantFrom(...choices);
  const some = anyOf ?? oneOf;
  if (some !== undefined && some.length > 0) return fc.oneof(...some.map(drawn));
  if (type === 'object' || properties !== undefined)
    return fc.record(Object.fromEntries(Object.entries(properties ?? {}).map(([key, inner]) => [key, drawn(inner)])), {
      requiredKeys: [],
    });
  if (type === 'array') return fc.array(drawn(items ?? {}), { maxLength: 4 });
  if (type === 'integer' || type === 'number') return fc.oneof(fc.integer(), fc.constantFrom(0, 1, 50, 2 ** 53, -1));
  if (type === 'boolean') return fc.boolean();
  if (schema.format === 'date') return fc.constantFrom('2026-06-30', '2026-06-26', '1999-01-01', '9999-12-31');
  return text();
}

/** Signing out and passwords end what the others need, files have tests of their own. */
const LEFT_OUT =
  /^(signIn|signOut|openSession|closeSession|openDemoSession|changePassword|endSession|endOtherSessions|sendFeed|endSessionsOf|makeToken|beginSecondFactor|setPassword)/;

function operationsOf(): { method: 'GET' | 'POST' | 'PUT' | 'DELETE'; path: string; of: Operation }[] {
  const paths = z.record(z.string(), z.record(z.string(), z.unknown())).parse(server.swagger().paths);
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([name, found]) => {
      const method = z.enum(['GET', 'POST', 'PUT', 'DELETE']).parse(name.toUpperCase());
      const of = operation.parse(found);
      return LEFT_OUT.test(of.operationId) ? [] : [{ method, path, of }];
    }),
  );
}

function requestOf({ method, path, of }: ReturnType<typeof operationsOf>[number]) {
  const place = (where: string) => of.parameters.filter((one) => one.in === where);
  const record = (where: string, requiredKeys?: []) =>
    fc.record(
      Object.fromEntries(place(where).map(({ name, schema }) => [name, drawn(schema).map((value) => asText(value))])),
      requiredKeys === undefined ? {} : { requiredKeys },
    );
  const body = Object.values(of.requestBody?.content ?? {})[0]?.schema;
  return fc.record({
    operationId: fc.constant(of.operationId),
    method: fc.constant(method),
    url: fc.tuple(record('path'), record('query', [])).map(([params, query]) => {
      const filled = path.replace(
        /\{(\w+)\}/g,
        (_, name: string) => encodeURIComponent(wellFormed(String(params[name] ?? ''))) || '%20',
      );
      const search = new URLSearchParams(
        Object.fromEntries(Object.entries(query).map(([key, value]) => [key, wellFormed(String(value))])),
      );
      return search.size === 0 ? filled : `${filled}?${search}`;
    }),
    payload:
      body === undefined || method === 'GET'
        ? fc.constant(undefined)
        : fc.oneof({ weight: 9, arbitrary: drawn(body) }, { weight: 1, arbitrary: anything() }),
    who: fc.nat(cookies.length - 1),
  });
}

const asText = (value: unknown) => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
/** A URL cannot carry half of a surrogate pair. */
const wellFormed = (value: string) => Buffer.from(value, 'utf8').toString('utf8');

it(
  'answers what is random and hostile without a fault, a leak or anything half done',
  async () => {
    const operations = operationsOf();
    expect(operations.length).toBeGreaterThan(60);
    const requests = fc.sample(fc.oneof(...operations.map(requestOf)), { seed: SEED, numRuns: REQUESTS });
    const faults: unknown[] = [];
    const statuses = new Map<number, number>();
    for (const [n, { operationId, method, url, payload, who }] of requests.entries()) {
      const answer = await server.inject({
        method,
        url,
        remoteAddress: `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`,
        ...(cookies[who] === '' ? {} : { cookies: { guanhu_session: cookies[who] ?? '' } }),
        ...(payload === undefined ? {} : { headers: { 'content-type': 'application/json' }, payload: JSON.stringify(payload) }),
      });
      statuses.set(answer.statusCode, (statuses.get(answer.statusCode) ?? 0) + 1);
      const leaks = answer.statusCode >= 400 && /node_modules|\.ts:|select |violates|relation "/i.test(answer.body);
      if (answer.statusCode >= 500 || leaks) faults.push({ operationId, url, payload, body: answer.body.slice(0, 200) });
    }
    expect(faults.slice(0, 5)).toEqual([]);
    // It was not all refused at the door.
    expect(statuses.get(200) ?? 0).toBeGreaterThan(REQUESTS / 20);
    expect((await verifyCoverage(fresh.platform)).differences).toBe(0);
    expect((await verifyAudit(fresh.platform)).problems).toEqual([]);
  },
  process.env.GUANHU_FULL === '1' ? 3_600_000 : 120_000,
);
