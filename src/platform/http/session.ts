import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { todayOf } from '../../kernel/business-date.ts';
import { audit } from '../audit/index.ts';
import { isRole, ROLE_RIGHTS, ROLES } from '../auth/roles.ts';
import { closeSession, openSession, type Person, personById, personOfSession, type SignedIn } from '../auth/session.ts';
import { personOfToken } from '../auth/token.ts';
import type { Platform } from '../context.ts';
import { unscoped } from '../db/transaction.ts';
import { clearSessionCookie, isLoopback, sessionToken, setSessionCookie } from './cookies.ts';
import { sendCommon } from './problem.ts';

const BEARER = /^Bearer (\S{1,100})$/i;
/** Calendars send no headers of one's choice: there the key is in the path. */
const CALENDAR = /^\/api\/calendar\/(guanhu_[\w-]{1,90})$/;

declare module 'fastify' {
  interface FastifyRequest {
    person: SignedIn | undefined;
  }
}

/** Every request knows its person; writes must come from our own pages. */
export function addSessionHook(server: FastifyInstance, platform: Platform, demo: boolean): void {
  server.decorateRequest('person', undefined);
  server.addHook('onRequest', async (request, reply) => {
    if (request.method !== 'GET' && request.method !== 'HEAD' && fromElsewhere(request)) {
      return sendCommon(reply, request.id, 'cross-site');
    }
    if (!request.url.startsWith('/api/')) return undefined;
    const key = BEARER.exec(request.headers.authorization ?? '')?.[1] ?? CALENDAR.exec(request.url)?.[1];
    const token = sessionToken(request);
    if (key !== undefined) request.person = await personOfToken(platform.app, key, platform.now());
    else if (token !== undefined)
      request.person = await personOfSession(platform.app, token, platform.now(), demo && isLoopback(request));
    return undefined;
  });
}

function fromElsewhere(request: FastifyRequest): boolean {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  const origin = request.headers.origin;
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== request.headers.host;
}

export const personSchema = z.object({
  staffId: z.string(),
  name: z.string(),
  role: z.string(),
  roleZh: z.string(),
  roleEn: z.string(),
  unitId: z.string(),
  unitName: z.string(),
  unitLevel: z.string(),
  wholeBank: z.boolean(),
  sees: z.enum(['unit', 'portfolio', 'none']),
  permissions: z.array(z.string()),
  demo: z.boolean(),
  mustEnrol: z.boolean().describe('岗位要求动态口令而尚未启用：启用前不能做别的'),
});

export function describePerson(person: Person, demo: boolean, mustEnrol: boolean): z.input<typeof personSchema> {
  return {
    staffId: person.staffId,
    name: person.name,
    role: person.role,
    roleZh: ROLES[person.role].zh,
    roleEn: ROLES[person.role].en,
    unitId: person.unitId,
    unitName: person.unitName,
    unitLevel: person.unitLevel,
    wholeBank: person.wholeBank,
    sees: ROLE_RIGHTS[person.role].sees,
    permissions: [...person.permissions],
    demo,
    mustEnrol,
  };
}

/** Who am I, sign out, and in demo mode: who can one be. */
export function addSessionRoutes(api: FastifyInstance, platform: Platform, demo: boolean): void {
  api.get(
    '/api/session',
    { schema: { summary: '当前登录人', operationId: 'getSession', response: { 200: personSchema } } },
    async (request, reply) =>
      request.person === undefined
        ? sendCommon(reply, request.id, 'signed-out')
        : describePerson(request.person, demo, request.person.mustEnrol),
  );
  api.delete(
    '/api/session',
    { schema: { summary: '退出', operationId: 'closeSession', response: { 200: z.object({ signedOut: z.boolean() }) } } },
    async (request, reply) => {
      const token = sessionToken(request);
      if (token !== undefined) await closeSession(platform.app, token);
      clearSessionCookie(request, reply);
      return { signedOut: true };
    },
  );
  if (demo) addDemoRoutes(api, platform);
}

const demoPerson = z.object({
  staffId: z.string(),
  name: z.string(),
  role: z.string(),
  roleZh: z.string(),
  roleEn: z.string(),
  unitName: z.string(),
  unitLevel: z.string(),
});

function addDemoRoutes(api: FastifyInstance, platform: Platform): void {
  api.get(
    '/api/demo/people',
    {
      schema: {
        summary: '演示人员，每个岗位一人',
        operationId: 'listDemoPeople',
        response: { 200: z.object({ items: z.array(demoPerson) }) },
      },
    },
    async (request, reply) =>
      isLoopback(request) ? { items: await demoPeople(platform) } : sendCommon(reply, request.id, 'not-found'),
  );
  api.post(
    '/api/demo/session',
    {
      schema: {
        summary: '以演示人员登录',
        operationId: 'openDemoSession',
        body: z.strictObject({ staffId: z.string().max(64) }),
        response: { 200: personSchema },
      },
    },
    async (request, reply) => {
      const { staffId } = z.object({ staffId: z.string() }).parse(request.body);
      const person = isLoopback(request) ? await personById(platform.app, staffId, platform.now()) : undefined;
      if (person === undefined) return sendCommon(reply, request.id, 'not-found');
      const origin = { demo: true, secondFactor: false, address: request.ip, agent: request.headers['user-agent'] ?? '' };
      const token = await openSession(platform.app, person.staffId, platform.now(), origin);
      const actor = { staffId: person.staffId, role: person.role, unitNo: person.unitNo, requestId: request.id };
      await unscoped(platform.app, (tx) => audit(tx, actor, { kind: 'session.opened', subject: person.staffId }));
      setSessionCookie(request, reply, token);
      return describePerson(person, true, false);
    },
  );
}

async function demoPeople(platform: Platform): Promise<z.input<typeof demoPerson>[]> {
  // The busiest of each role and level, so that whoever is chosen has something to look at.
  const { rows } = await platform.app.query<{ id: string; name: string; role: string; unit_name: string; level: string }>(
    `select distinct on (s.role, u.level) s.id, s.name, s.role, u.name as unit_name, u.level
       from organisation.staff s join organisation.org_unit u on u.id = s.org_unit_id
       left join (select staff_id, sum(customers) as customers from coverage.portfolio group by staff_id) p on p.staff_id = s.id
      where s.left_on is null and (s.hired_on is null or s.hired_on <= $1::date)
      order by s.role, u.level, p.customers desc nulls last, s.id`,
    [todayOf(platform.now())],
  );
  return rows.flatMap((row) =>
    isRole(row.role)
      ? [
          {
            staffId: row.id,
            name: row.name,
            role: row.role,
            roleZh: ROLES[row.role].zh,
            roleEn: ROLES[row.role].en,
            unitName: row.unit_name,
            unitLevel: row.level,
          },
        ]
      : [],
  );
}
