import type { z } from 'zod';
import { type BusinessDate, todayOf } from '../../../kernel/business-date.ts';
import type { Person } from '../../../platform/auth/session.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import { staffRefOf, staffRefs, type UnitRow } from '../../coverage/index.ts';
import { ACTION_STATES, type actionSchema } from '../contract.ts';

type Action = z.input<typeof actionSchema>;
interface Row {
  readonly action_id: string;
  readonly staff_id: string;
  readonly words: string;
  readonly due_on: string;
  readonly made_by: string;
  readonly state: string;
  readonly ended_words: string | null;
}
const COLUMNS = ['action_id', 'staff_id', 'words', 'due_on', 'made_by', 'state', 'ended_words'] as const;
const MOST = 100;

/** What meetings ask of oneself and is not done yet, the earliest day first. */
export async function actionsOf(tx: Tx, person: Person, now: Date): Promise<Action[]> {
  const rows = await tx.db
    .selectFrom('meetings.action')
    .select(COLUMNS)
    .where('staff_id', '=', person.scope.staffId)
    .where('state', '=', 'open')
    .orderBy('due_on')
    .orderBy('action_id')
    .limit(MOST)
    .execute();
  return toActions(tx, person, rows, now);
}

/** What a unit's meetings asked for: all that is open, and what ended since a day. */
export async function actionsOfUnit(tx: Tx, person: Person, unit: UnitRow, since: BusinessDate, now: Date): Promise<Action[]> {
  const rows = await tx.db
    .selectFrom('meetings.action')
    .select(COLUMNS)
    .where('unit_id', '=', unit.id)
    .where((made) => made.or([made('state', '=', 'open'), made('ended_at', '>=', new Date(`${since}T00:00:00+08:00`))]))
    .orderBy('due_on')
    .orderBy('action_id')
    .limit(MOST)
    .execute();
  return toActions(tx, person, rows, now);
}

async function toActions(tx: Tx, person: Person, rows: readonly Row[], now: Date): Promise<Action[]> {
  const today = todayOf(now);
  const named = await staffRefs(
    tx,
    rows.flatMap((row) => [row.staff_id, row.made_by]),
  );
  const mayWork = person.permissions.has('contacts.record');
  const leads = person.scope.lo !== undefined;
  return rows.map((row) => ({
    ...{ actionId: row.action_id, words: row.words, dueOn: row.due_on, endedWords: row.ended_words },
    staff: staffRefOf(named, row.staff_id),
    by: staffRefOf(named, row.made_by)?.name ?? row.made_by,
    state: ACTION_STATES.find((one) => one === row.state) ?? 'dropped',
    late: row.state === 'open' && row.due_on < today,
    may: row.state !== 'open' || !mayWork ? [] : leads ? ['done', 'drop'] : row.staff_id === person.scope.staffId ? ['done'] : [],
  }));
}
