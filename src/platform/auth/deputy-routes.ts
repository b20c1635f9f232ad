import { z } from 'zod';
import { isBusinessDate, todayOf } from '../../kernel/business-date.ts';
import { keyOfCursor, nothing, pageOf, pageQuery, toPage } from '../http/page.ts';
import { type AnyRoute, type Ctx, defineRoute } from '../http/route.ts';
import { actFor, type DeputyRow, mayDo, proposeDeputy, stepDeputy } from './deputies.ts';
import { DEPUTY_ACTIONS } from './deputy-rules.ts';

const done = z.object({ done: z.literal(true) });
const DONE = { done: true } as const;
const day = z.iso.date().refine((text) => isBusinessDate(text));
const staffId = z.string().regex(/^[A-Za-z0-9_-]{1,32}$/);
const who = z.object({ staffId: z.string(), name: z.string() });
const STATES = z.enum(['proposed', 'approved', 'refused', 'ended', 'over']);
const deputyship = z.object({
  deputyId: z.string(),
  absent: who,
  deputy: who,
  from: z.string(),
  to: z.string(),
  words: z.string(),
  state: STATES,
  proposedBy: who,
  decidedBy: who.nullable(),
  may: z.array(z.enum(DEPUTY_ACTIONS)),
});
const key = z.tuple([z.iso.date(), z.uuid()]);

const REFUSALS = {
  'not-found': 404,
  'not-while-acting': 409,
  'deputy-not-yours': 409,
  'deputy-overlaps': 409,
  'deputy-chain': 409,
  'deputy-same': 422,
  'deputy-role': 422,
  'deputy-unit': 422,
  'deputy-days': 422,
  'second-factor-needed': 409,
} as const;

interface ListRow extends DeputyRow {
  readonly absent_name: string;
  readonly deputy_name: string;
  readonly proposer_name: string;
  readonly decider_name: string | null;
}

/** Those of one's units for heads, and one's own; the latest first. */
async function listDeputies({ platform, person }: Ctx, page: { after?: string | undefined; limit: number }) {
  const heads = person.permissions.has('transfers.decide');
  const { lo = 0, hi = lo } = heads ? person.scope : { lo: 0, hi: -1 };
  const [from, id] = keyOfCursor(page.after, key) ?? [null, null];
  const today = todayOf(platform.now());
  const { rows } = await platform.app.query<ListRow>(
    `select d.*, a.name as absent_name, b.name as deputy_name, p.name as proposer_name, c.name as decider_name
       from platform.deputy d join organisation.staff a on a.id = d.absent join organisation.staff b on b.id = d.deputy
       join organisation.staff p on p.id = d.proposed_by left join organisation.staff c on c.id = d.decided_by
      where (d.unit_no between $1 and $2 or d.absent = $3 or d.deputy = $3) and ($4::date is null or (d.from_date, d.deputy_id) < ($4::date, $5::uuid))
      order by d.from_date desc, d.deputy_id desc limit $6`,
    [lo, hi, person.staffId, from, id, page.limit + 1],
  );
  const cut = toPage(rows, page.limit, (row) => [row.from_date, row.deputy_id]);
  return {
    next: cut.next,
    items: cut.items.map((row) => ({
      deputyId: row.deputy_id,
      absent: { staffId: row.absent, name: row.absent_name },
      deputy: { staffId: row.deputy, name: row.deputy_name },
      ...{ from: row.from_date, to: row.to_date, words: row.words },
      state: stateOf(row, today),
      proposedBy: { staffId: row.proposed_by, name: row.proposer_name },
      decidedBy: row.decided_by === null ? null : { staffId: row.decided_by, name: row.decider_name ?? '' },
      may: mayDo(row, person, today),
    })),
  };
}

function stateOf({ state, to_date: to }: DeputyRow, today: string) {
  return STATES.parse(state === 'approved' && to < today ? 'over' : state);
}

/** Whom one may stand in for today. */
async function chances({ platform, person }: Ctx) {
  const { rows } = await platform.app.query<{ staff_id: string; name: string; role: string; unit_name: string; until: string }>(
    `select s.id as staff_id, s.name, s.role, u.name as unit_name, d.to_date::text as until
       from platform.deputy d join organisation.staff s on s.id = d.absent join organisation.org_unit u on u.id = s.org_unit_id
      where d.deputy = $1 and d.state = 'approved' and $2::date between d.from_date and d.to_date and (s.left_on is null or s.left_on > $2::date)
      order by d.to_date, s.id`,
    [person.staffId, todayOf(platform.now())],
  );
  return {
    now: person.actsFor ?? null,
    may: rows.map((row) => ({
      staffId: row.staff_id,
      name: row.name,
      role: row.role,
      unitName: row.unit_name,
      until: row.until,
    })),
  };
}

export const DEPUTY_ROUTES: readonly AnyRoute[] = [
  defineRoute({
    method: 'GET',
    url: '/api/deputies',
    name: 'listDeputies',
    summary: '代理：本人的，负责人另见本机构的，新的在前',
    permission: 'session.own',
    params: nothing,
    query: pageQuery,
    body: nothing,
    response: pageOf(deputyship),
    refusals: {},
    handler: (ctx, { query }) => listDeputies(ctx, query),
  }),
  defineRoute({
    method: 'POST',
    url: '/api/deputies',
    name: 'proposeDeputy',
    summary: '提出代理：某人离岗期间由谁代办，另一位负责人审批后生效',
    permission: 'transfers.decide',
    params: nothing,
    query: nothing,
    body: z.strictObject({ absent: staffId, deputy: staffId, from: day, to: day, words: z.string().trim().min(1).max(200) }),
    response: z.object({ deputyId: z.string() }),
    refusals: REFUSALS,
    handler: async (ctx, { body }) => ({ deputyId: await proposeDeputy(ctx.platform, ctx, body) }),
  }),
  defineRoute({
    method: 'POST',
    url: '/api/deputies/:id/step',
    name: 'stepDeputy',
    summary: '同意、不同意或提前终止代理',
    permission: 'session.own',
    params: z.strictObject({ id: z.string().max(64) }),
    query: nothing,
    body: z.strictObject({ action: z.enum(DEPUTY_ACTIONS) }),
    response: done,
    refusals: REFUSALS,
    handler: async (ctx, { params, body }) => {
      await stepDeputy(ctx.platform, ctx, { deputyId: params.id, action: body.action });
      return DONE;
    },
  }),
  defineRoute({
    method: 'GET',
    url: '/api/account/acting',
    name: 'getActing',
    summary: '正在代谁办理，今天可以代谁办理',
    permission: 'session.own',
    params: nothing,
    query: nothing,
    body: nothing,
    response: z.object({
      now: who.extend({ until: z.string() }).nullable(),
      may: z.array(who.extend({ role: z.string(), unitName: z.string(), until: z.string() })),
    }),
    refusals: {},
    handler: chances,
  }),
  defineRoute({
    method: 'POST',
    url: '/api/account/acting',
    name: 'setActing',
    summary: '开始代某人办理；null 切回本人',
    permission: 'session.own',
    params: nothing,
    query: nothing,
    body: z.strictObject({ absent: staffId.nullable() }),
    response: done,
    refusals: REFUSALS,
    handler: async (ctx, { body }) => {
      await actFor(ctx.platform, ctx, body.absent);
      return DONE;
    },
  }),
];
