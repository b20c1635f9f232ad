import { z } from 'zod';
import { todayOf } from '../../kernel/business-date.ts';
import { askedDay, keyOfCursor, nothing, pageOf, pageQuery, toPage } from '../../platform/http/page.ts';
import { type AnyRoute, type Ctx, defineRoute } from '../../platform/http/route.ts';
import { postsOn, unitsOn } from './as-of.ts';
import { postOnSchema, staffMemberSchema, unitOnSchema, unitSchema } from './contract.ts';
import { searchStaff, staffOf, type UnitRange, unitsIn } from './reads.ts';

const WHOLE: UnitRange = { lo: 0, hi: 2 ** 31 - 1 };

/** The units that a person may look at: the subtree in scope; who sees no customers by unit still sees the own unit's. */
function rangeOf({ person }: Ctx): UnitRange {
  return person.wholeBank ? WHOLE : { lo: person.unitNo, hi: person.lastNo };
}

/** Units and posts as they were on a day: of one's own unit as it was then, and what was below it. */
const asOf = defineRoute({
  method: 'GET',
  url: '/api/organisation/on/:day',
  name: 'organisationOn',
  summary: '某一天的机构树和人员岗位',
  permission: 'organisation.read',
  params: z.strictObject({ day: askedDay }),
  query: nothing,
  body: nothing,
  response: z.object({ units: z.array(unitOnSchema), staff: z.array(postOnSchema) }),
  refusals: {},
  handler: async ({ platform, person }, { params }) => {
    const units = await unitsOn(platform.app, params.day, person.wholeBank ? undefined : person.unitId);
    const staff = await postsOn(
      platform.app,
      params.day,
      units.map((unit) => unit.id),
    );
    return { units, staff };
  },
});

const staffKey = z.tuple([z.string()]);

export const ORGANISATION_ROUTES: readonly AnyRoute[] = [
  asOf,
  defineRoute({
    method: 'GET',
    url: '/api/organisation/units',
    name: 'listUnits',
    summary: '机构树（范围内，先序）',
    permission: 'organisation.read',
    params: nothing,
    query: nothing,
    body: nothing,
    response: z.object({ items: z.array(unitSchema) }),
    refusals: {},
    handler: async (ctx) => ({ items: await unitsIn(ctx.platform.app, rangeOf(ctx), todayOf(ctx.platform.now())) }),
  }),
  defineRoute({
    method: 'GET',
    url: '/api/organisation/staff',
    name: 'listStaff',
    summary: '机构及其下属的人员',
    permission: 'organisation.read',
    params: nothing,
    query: pageQuery.extend({ unit: z.string().max(64).optional() }),
    body: nothing,
    response: pageOf(staffMemberSchema),
    refusals: {},
    handler: async (ctx, { query }) => {
      const after = keyOfCursor(query.after, staffKey)?.[0];
      const found = await staffOf(ctx.platform.app, rangeOf(ctx), query.unit, after, query.limit + 1);
      return toPage(found, query.limit, (member) => [member.id]);
    },
  }),
  defineRoute({
    method: 'GET',
    url: '/api/organisation/staff/search',
    name: 'searchStaff',
    summary: '按姓名、拼音、拼音首字母或员工号查找在岗人员',
    permission: 'organisation.read',
    params: nothing,
    query: pageQuery.extend({ q: z.string().trim().min(1).max(40) }),
    body: nothing,
    response: pageOf(staffMemberSchema),
    refusals: {},
    handler: async (ctx, { query }) => {
      const after = keyOfCursor(query.after, staffKey)?.[0];
      const wanted = { text: query.q, today: todayOf(ctx.platform.now()) };
      const found = await searchStaff(ctx.platform.app, rangeOf(ctx), wanted, after, query.limit + 1);
      return toPage(found, query.limit, (member) => [member.id]);
    },
  }),
];
