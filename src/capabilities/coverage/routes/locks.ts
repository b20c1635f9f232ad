import { z } from 'zod';
import { businessDate, todayOf } from '../../../kernel/business-date.ts';
import { scoped } from '../../../platform/db/transaction.ts';
import { askedDay, nothing } from '../../../platform/http/page.ts';
import { type Ctx, defineRoute } from '../../../platform/http/route.ts';
import { LIFT_STEPS, mayLift } from '../rules/lock-lift.ts';
import { lockOn, lockPeriods, setLock, stepLift } from '../service/portfolio-lock.ts';
import { lockPeriodsSchema } from '../transfer-contract.ts';

const date = askedDay;
const words = z.string().trim().min(1).max(500);

function periodsFor({ platform, person }: Ctx): Promise<z.input<typeof lockPeriodsSchema>> {
  const maySet = person.permissions.has('bank.locks');
  return scoped(platform.app, person.scope, async (tx) => ({
    now: (await lockOn(tx, todayOf(platform.now()))) ?? null,
    maySet,
    periods: (await lockPeriods(tx)).map((period) => ({ ...period, may: maySet ? mayLift(period, person.identities) : [] })),
  }));
}

const list = defineRoute({
  method: 'GET',
  url: '/api/lock-periods',
  name: 'listLockPeriods',
  summary: '锁包期：其间管户关系只能通过调户变更',
  permission: 'transfers.read',
  params: nothing,
  query: nothing,
  body: nothing,
  response: lockPeriodsSchema,
  refusals: {},
  handler: periodsFor,
});

const set = defineRoute({
  method: 'POST',
  url: '/api/lock-periods',
  name: 'setLockPeriod',
  summary: '设定锁包期，起止日都算在内',
  permission: 'bank.locks',
  params: nothing,
  query: nothing,
  body: z.strictObject({ name: z.string().trim().min(1).max(80), from: date, to: date }),
  response: lockPeriodsSchema,
  refusals: { 'lock-backwards': 422 },
  handler: async (ctx, { body: { name, from, to } }) => {
    await setLock(ctx.platform, ctx.actor, { name, from: businessDate(from), to: businessDate(to) });
    return periodsFor(ctx);
  },
});

const lift = defineRoute({
  method: 'POST',
  url: '/api/lock-periods/:id/lift',
  name: 'liftLockPeriod',
  summary: '提前解除锁包：一人申请，另一人确认；也可以不解除',
  permission: 'bank.locks',
  params: z.strictObject({ id: z.string().max(64) }),
  query: nothing,
  body: z.discriminatedUnion('step', [
    z.strictObject({ step: z.literal(LIFT_STEPS[0]), words }),
    z.strictObject({ step: z.enum([LIFT_STEPS[1], LIFT_STEPS[2]]) }),
  ]),
  response: lockPeriodsSchema,
  refusals: { 'lock-unknown': 404, 'lift-asked': 409, 'lift-not-asked': 409, 'lift-two-people': 409 },
  handler: async (ctx, { params, body }) => {
    await stepLift(ctx.platform, ctx.actor, { lockId: params.id, ...body });
    return periodsFor(ctx);
  },
});

export const lockRoutes = [list, set, lift];
