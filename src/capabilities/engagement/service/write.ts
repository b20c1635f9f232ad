import type { BusinessDate } from '../../../kernel/business-date.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import type { Change } from '../rules/reconcile.ts';
import type { Standing } from './load-facts.ts';

export interface Written {
  readonly opened: number;
  readonly renewed: number;
  readonly ended: number;
}

/** What an evaluation of one customer came to. */
export interface Outcome {
  readonly customerId: string;
  readonly standing: Standing | undefined;
  readonly wakeOn: BusinessDate | null;
  readonly changes: readonly Change[];
  readonly isCovered: boolean;
}

/** Writes what follow-ups become, lets their scope follow the standing, and notes what the rules have seen. */
export async function writeChanges(tx: Tx, day: BusinessDate, outcomes: readonly Outcome[]): Promise<Written> {
  const of = <K extends Change['kind']>(kind: K) =>
    outcomes.flatMap(({ customerId, standing, changes }) =>
      changes
        .filter((change): change is Extract<Change, { kind: K }> => change.kind === kind)
        .map((change) => ({ customerId, standing, change })),
    );
  const [opened, renewed, closed] = [of('open'), of('renew'), of('close')];
  await putFollowUps(
    tx,
    day,
    [...opened, ...renewed].map(({ customerId, standing, change: { want } }) => ({
      ...{ customer_id: customerId, rule: want.rule, cause: want.cause, seat: want.seat, staff_id: want.staffId },
      ...{ due_on: want.due, since: want.since, stake_fen: want.stakeFen, priority: want.priority, because: want.because },
      ...{ unit_no: standing?.unitNo ?? 0, lead_staff: standing?.leadStaff ?? null, joint_staff: standing?.jointStaff ?? null },
    })),
  );
  await endFollowUps(
    tx,
    day,
    closed.map(({ customerId, change: { rule, cause, ending, contactId } }) => ({
      ...{ customer_id: customerId, rule, cause, state: ending, contact_id: contactId },
    })),
  );
  await followStandings(tx, outcomes);
  await noteSeen(tx, outcomes);
  return { opened: opened.length, renewed: renewed.length, ended: closed.length };
}

/** One that was handed to somebody goes back to the seat when the seat changes hands; one that opens again is not postponed any more. */
async function putFollowUps(tx: Tx, day: BusinessDate, rows: readonly object[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.client.query(
    `insert into engagement.follow_up as f (customer_id, rule, cause, seat, staff_id, due_on, since, stake_fen, priority, because, state, made_on,
       doer, act_on, unit_no, lead_staff, joint_staff)
     select customer_id, rule, cause, seat, staff_id, due_on, since, stake_fen, priority, because, 'open', $2, staff_id, due_on, unit_no, lead_staff, joint_staff
       from jsonb_to_recordset($1::jsonb) as x (customer_id text, rule text, cause text, seat text, staff_id text, due_on date, since date,
         stake_fen bigint, priority smallint, because jsonb, unit_no integer, lead_staff text, joint_staff text)
     on conflict (customer_id, rule, cause) do update set seat = excluded.seat, staff_id = excluded.staff_id, due_on = excluded.due_on,
       since = excluded.since, stake_fen = excluded.stake_fen, priority = excluded.priority, because = excluded.because, state = 'open',
       ended_on = null, ended_by = null, ended_words = null, contact_id = null,
       doer = case when f.staff_id = excluded.staff_id and f.state = 'open' then f.doer else excluded.staff_id end,
       act_on = case when f.state = 'open' and f.act_on <> f.due_on then f.act_on else excluded.due_on end,
       postponed_words = case when f.state = 'open' then f.postponed_words end`,
    [JSON.stringify(rows), day],
  );
}

async function endFollowUps(tx: Tx, day: BusinessDate, rows: readonly object[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.client.query(
    `update engagement.follow_up f set state = x.state, ended_on = $2, contact_id = x.contact_id
       from jsonb_to_recordset($1::jsonb) as x (customer_id text, rule text, cause text, state text, contact_id text)
      where f.customer_id = x.customer_id and f.rule = x.rule and f.cause = x.cause and f.state = 'open'`,
    [JSON.stringify(rows), day],
  );
}

async function followStandings(tx: Tx, outcomes: readonly Outcome[]): Promise<void> {
  await tx.client.query(
    `update engagement.follow_up f set unit_no = s.unit_no, lead_staff = s.lead_staff, joint_staff = s.joint_staff
       from coverage.standing s where f.customer_id = any($1) and s.customer_id = f.customer_id
        and (f.unit_no, f.lead_staff, f.joint_staff) is distinct from (s.unit_no, s.lead_staff, s.joint_staff)`,
    [outcomes.map(({ customerId }) => customerId)],
  );
}

async function noteSeen(tx: Tx, outcomes: readonly Outcome[]): Promise<void> {
  const covered = outcomes.flatMap(({ customerId, standing, wakeOn, isCovered }) =>
    isCovered && standing !== undefined
      ? [
          {
            ...{ customer_id: customerId, wake_on: wakeOn, lead_staff: standing.leadStaff, joint_staff: standing.jointStaff },
            ...{ band: standing.band, below_since: standing.belowSince, balance_from: standing.balanceFrom },
            ...{ assets_fen: standing.assetsFen, birth_date: standing.birthDate, risk_expires_on: standing.riskExpiresOn },
          },
        ]
      : [],
  );
  const columns = 'wake_on, lead_staff, joint_staff, band, below_since, balance_from, assets_fen, birth_date, risk_expires_on';
  await tx.client.query(
    `insert into engagement.agenda (customer_id, ${columns}) select customer_id, ${columns}
       from jsonb_to_recordset($1::jsonb) as x (customer_id text, wake_on date, lead_staff text, joint_staff text, band smallint,
         below_since date, balance_from date, assets_fen bigint, birth_date date, risk_expires_on date)
     on conflict (customer_id) do update set ${columns
       .split(', ')
       .map((column) => `${column} = excluded.${column}`)
       .join(', ')}`,
    [JSON.stringify(covered)],
  );
  await tx.client.query('delete from engagement.agenda where customer_id = any($1)', [
    outcomes.filter(({ isCovered }) => !isCovered).map(({ customerId }) => customerId),
  ]);
}
