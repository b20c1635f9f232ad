import { z } from 'zod';
import { maskName } from '../../../kernel/mask.ts';
import type { Person } from '../../../platform/auth/session.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import { staffRefOf, staffRefs } from '../../coverage/index.ts';
import { type appointmentSchema, KINDS } from '../contract.ts';
import { steps } from '../rules/appointment.ts';
import { stateOf } from '../service/appointments.ts';

type Appointment = z.input<typeof appointmentSchema>;
interface Row {
  readonly appointment_id: string;
  readonly customer_id: string;
  readonly name: string | null;
  readonly staff_id: string;
  readonly starts_at: Date;
  readonly ends_at: Date;
  readonly kind: string;
  readonly place: string;
  readonly words: string;
  readonly state: string;
  readonly ended_words: string | null;
}
const COLUMNS =
  'a.appointment_id, a.customer_id, c.name, a.staff_id, a.starts_at, a.ends_at, a.kind, a.place, a.words, a.state, a.ended_words';
const MOST = 500;

/** Appointments of a person between two days, both inclusive, by Beijing's clock; cancelled ones are left out. */
export async function calendarOf(
  tx: Tx,
  person: Person,
  staffId: string,
  from: string,
  to: string,
  now: Date,
): Promise<Appointment[]> {
  const { rows } = await tx.client.query<Row>(
    `select ${COLUMNS} from appointments.appointment a left join coverage.card c on c.customer_id = a.customer_id
      where a.staff_id = $1 and a.starts_at >= ($2::date::timestamp at time zone 'Asia/Shanghai')
        and a.starts_at < (($3::date + 1)::timestamp at time zone 'Asia/Shanghai') and a.state <> 'cancelled'
      order by a.starts_at, a.appointment_id limit ${MOST}`,
    [staffId, from, to],
  );
  return toAppointments(tx, person, rows, now);
}

const SHOWN = 20;

/** Appointments with one customer, the latest first. The customer must be open to the transaction. */
export async function appointmentsOf(tx: Tx, person: Person, customerId: string, now: Date): Promise<Appointment[]> {
  const { rows } = await tx.client.query<Row>(
    `select ${COLUMNS} from appointments.appointment a left join coverage.card c on c.customer_id = a.customer_id
      where a.customer_id = $1 order by a.starts_at desc, a.appointment_id limit ${SHOWN}`,
    [customerId],
  );
  return toAppointments(tx, person, rows, now);
}

async function toAppointments(tx: Tx, person: Person, rows: readonly Row[], now: Date): Promise<Appointment[]> {
  const staff = await staffRefs(
    tx,
    rows.map((row) => row.staff_id),
  );
  const mayWork = person.permissions.has('contacts.record');
  const mine = (id: string) => mayWork && (id === person.scope.staffId || person.scope.lo !== undefined);
  return rows.map((row) => ({
    ...{ appointmentId: row.appointment_id, customerId: row.customer_id, place: row.place, words: row.words },
    name: row.name === null ? null : maskName(row.name),
    staff: staffRefOf(staff, row.staff_id),
    startsAt: row.starts_at.toISOString(),
    endsAt: row.ends_at.toISOString(),
    kind: z.enum(KINDS).parse(row.kind),
    state: stateOf(row.state),
    endedWords: row.ended_words,
    may: mine(row.staff_id) ? [...steps(stateOf(row.state), { from: row.starts_at, to: row.ends_at }, now)] : [],
  }));
}
