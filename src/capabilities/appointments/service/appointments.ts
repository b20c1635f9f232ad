import type { z } from 'zod';
import { refuse } from '../../../kernel/refusal.ts';
import { audit } from '../../../platform/audit/index.ts';
import { type Tx, unscoped } from '../../../platform/db/transaction.ts';
import type { Ctx } from '../../../platform/http/route.ts';
import { mayWorkWith } from '../../coverage/index.ts';
import { type appointmentInput, STATES, type stepInput } from '../contract.ts';
import { type Hour, type State, steps, unfit } from '../rules/appointment.ts';

type NewAppointment = z.output<typeof appointmentInput>;
type Step = z.output<typeof stepInput>;

const hourOf = ({ startsAt, minutes }: { readonly startsAt: string; readonly minutes: number }): Hour => {
  const from = new Date(startsAt);
  return { from, to: new Date(from.getTime() + minutes * 60_000) };
};

/** Agrees an hour with a customer of one's scope. A clash is told first; whoever knows of it may have it all the same. Sent twice it is one. */
export async function makeAppointment(ctx: Ctx, customerId: string, wish: NewAppointment): Promise<void> {
  const { platform, person, actor } = ctx;
  const hour = hourOf(wish);
  refuseUnfit(hour, platform.now());
  await unscoped(platform.worker, async (tx) => {
    await inScope(tx, ctx, customerId);
    if (!wish.clashKnown)
      await refuseClash(tx, hour, { staffId: person.scope.staffId, customerId, appointmentId: wish.appointmentId });
    const { rowCount } = await tx.client.query(
      `insert into appointments.appointment (customer_id, appointment_id, staff_id, unit_no, starts_at, ends_at, kind, place, words, state, made_by, made_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'planned', $10, $11) on conflict (customer_id, appointment_id) do nothing`,
      [
        ...[customerId, wish.appointmentId, person.scope.staffId, person.unitNo, hour.from, hour.to, wish.kind, wish.place],
        ...[wish.words, actor.staffId, platform.now()],
      ],
    );
    if (rowCount === 0) return;
    const body = { startsAt: hour.from.toISOString(), kind: wish.kind };
    await audit(tx, actor, { kind: 'appointment.made', subject: wish.appointmentId, customerId, body });
  });
}

async function inScope(tx: Tx, { person }: Ctx, customerId: string): Promise<void> {
  if (!(await mayWorkWith(tx, person, customerId)))
    refuse('not-found', '没有找到，或者不在您的范围内。', 'Not found, or not within your scope.');
}

function refuseUnfit(hour: Hour, now: Date): void {
  const why = unfit(hour, now);
  if (why === 'past') refuse('hour-past', '预约时间须晚于现在。', 'The appointment must lie ahead.');
  if (why === 'far') refuse('hour-past', '预约时间须在一年之内。', 'The appointment must lie within a year.');
}

/** What else is planned at that hour, for whoever is to keep it or for the customer. */
async function refuseClash(
  tx: Tx,
  { from, to }: Hour,
  {
    staffId,
    customerId,
    appointmentId,
  }: { readonly staffId: string; readonly customerId: string; readonly appointmentId: string },
): Promise<void> {
  const { rows } = await tx.client.query<{ staff_id: string; starts_at: Date }>(
    `select staff_id, starts_at from appointments.appointment where (staff_id = $1 or customer_id = $2) and appointment_id <> $3
        and state = 'planned' and starts_at < $5 and ends_at > $4 order by starts_at limit 1`,
    [staffId, customerId, appointmentId, from, to],
  );
  const [other] = rows;
  if (other === undefined) return;
  const at = HOUR.format(other.starts_at);
  if (other.staff_id === staffId)
    refuse('clash', `您在 ${at} 已有预约，时间重叠。`, `You have another appointment at ${at} that overlaps.`);
  refuse('clash', `客户在 ${at} 已约了其他同事，时间重叠。`, `The customer has an appointment with a colleague at ${at}.`);
}

const HOUR = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Asia/Shanghai',
  dateStyle: 'short',
  timeStyle: 'short',
});

interface Row {
  readonly staff_id: string;
  readonly starts_at: Date;
  readonly ends_at: Date;
  readonly state: string;
}

/** Moves, keeps, misses or cancels a planned appointment of one's own, or of one's unit when one is its head. */
export async function stepAppointment(ctx: Ctx, named: { customerId: string; appointmentId: string }, step: Step): Promise<void> {
  const { platform, person, actor } = ctx;
  const { customerId, appointmentId } = named;
  await unscoped(platform.worker, async (tx) => {
    await inScope(tx, ctx, customerId);
    const row = await lock(tx, named);
    const mine = row.staff_id === person.scope.staffId || person.scope.lo !== undefined;
    const may = steps(stateOf(row.state), { from: row.starts_at, to: row.ends_at }, platform.now());
    if (!mine || !may.includes(step.step))
      refuse(
        'not-possible',
        '这个预约现在不能这样处理，请刷新。',
        'This cannot be done with the appointment now; please refresh.',
      );
    const about = { subject: appointmentId, customerId };
    if (step.step === 'move') {
      const hour = hourOf(step);
      refuseUnfit(hour, platform.now());
      if (!step.clashKnown) await refuseClash(tx, hour, { staffId: row.staff_id, customerId, appointmentId });
      await set(tx, named, { starts_at: hour.from, ends_at: hour.to });
      const body = { from: row.starts_at.toISOString(), to: hour.from.toISOString() };
      await audit(tx, actor, { kind: 'appointment.moved', ...about, body });
      return;
    }
    const state = ({ keep: 'kept', miss: 'missed', cancel: 'cancelled' } as const)[step.step];
    const words = step.step === 'keep' ? null : step.words;
    await set(tx, named, { state, ended_by: actor.staffId, ended_at: platform.now(), ended_words: words });
    await audit(tx, actor, { kind: 'appointment.ended', ...about, body: { state } });
  });
}

export const stateOf = (text: string): State => STATES.find((one) => one === text) ?? 'cancelled';

async function lock(tx: Tx, { customerId, appointmentId }: { customerId: string; appointmentId: string }): Promise<Row> {
  const { rows } = await tx.client.query<Row>(
    'select staff_id, starts_at, ends_at, state from appointments.appointment where customer_id = $1 and appointment_id = $2 for update',
    [customerId, appointmentId],
  );
  return rows[0] ?? refuse('not-found', '没有找到，或者不在您的范围内。', 'Not found, or not within your scope.');
}

interface Change {
  readonly starts_at?: Date;
  readonly ends_at?: Date;
  readonly state?: State;
  readonly ended_by?: string;
  readonly ended_at?: Date;
  readonly ended_words?: string | null;
}

async function set(
  tx: Tx,
  { customerId, appointmentId }: { customerId: string; appointmentId: string },
  change: Change,
): Promise<void> {
  await tx.db
    .updateTable('appointments.appointment')
    .set(change)
    .where('customer_id', '=', customerId)
    .where('appointment_id', '=', appointmentId)
    .execute();
}
