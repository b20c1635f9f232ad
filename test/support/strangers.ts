import pg from 'pg';
import type { Scope } from '../../src/platform/db/transaction.ts';

/** Somebody who may look, and exactly which customers they may see. */
export interface Looker {
  readonly who: string;
  readonly staffId: string;
  readonly scope: Scope;
  readonly sees: ReadonlySet<string>;
  /** An outlet of which they may not see the people. Who may see everybody's gets one that there is not. */
  readonly foreignUnit: string;
}

/** A customer with a manager of the own outlet, and people of every kind to whom that customer is a stranger. */
export interface Cast {
  readonly customer: { readonly id: string; readonly name: string; readonly initials: string; readonly last4: string };
  readonly outletId: string;
  readonly managerId: string;
  readonly runId: string;
  /** A transfer of the customer to a colleague, which waits. */
  readonly transferId: string;
  /** A handover of the manager's portfolio, split and waiting for signatures. */
  readonly handoverId: string;
  /** A notice to the manager. */
  readonly noticeId: string;
  /** A batch of transfers of the customer's unit. */
  readonly batchId: string;
  /** An export of the manager's portfolio that the head of the outlet asked for, and that waits. */
  readonly exportId: string;
  readonly strangers: readonly Looker[];
  /** Those who do see the customer: without them the walk could pass on a server that answers nobody. */
  readonly friends: readonly Looker[];
  /** Head of the customer's outlet, who leaves. */
  readonly leaver: Looker;
}

interface Subject {
  readonly customer_id: string;
  readonly name: string;
  readonly initials: string;
  readonly mobile_last4: string;
  readonly outlet_id: string;
  readonly branch_id: string;
  readonly lead_staff: string;
}

const SUBJECT = `select s.customer_id, c.name, c.initials, c.mobile_last4, s.outlet_id, s.branch_id, s.lead_staff
  from coverage.standing s join coverage.card c using (customer_id) join organisation.staff m on m.id = s.lead_staff
 where m.org_unit_id = s.outlet_id and s.joint_staff is null order by s.assets_fen desc, s.customer_id limit 1`;

const PEOPLE = `select s.id, s.role, s.org_unit_id as unit, u.branch_id as branch, u.level, u.unit_no as lo, u.last_no as hi,
    coalesce((select sum(customers) from coverage.portfolio p where p.staff_id = s.id), 0)::int as customers
  from organisation.staff s join organisation.org_unit u on u.id = s.org_unit_id where s.left_on is null order by customers desc, s.id`;

interface PersonRow {
  readonly id: string;
  readonly role: string;
  readonly unit: string;
  readonly branch: string | null;
  readonly level: string;
  readonly lo: number;
  readonly hi: number;
  readonly customers: number;
}

const SEE_UNIT = new Set(['outlet-head', 'sub-branch-head', 'branch-admin', 'auditor']);

/** Casts the parts from a bank that is there. `ownerUrl` is the test server's own, which may look at everything. */
export async function castOf(ownerUrl: string, runId: string): Promise<Cast> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const subject = one((await client.query<Subject>(SUBJECT)).rows, 'a customer');
    const people = (await client.query<PersonRow>(PEOPLE)).rows;
    const look = (who: string, fits: (person: PersonRow) => boolean) => looker(client, who, one(people.filter(fits), who));
    const elsewhere = (person: PersonRow) => person.unit !== subject.outlet_id;
    const abroad = (person: PersonRow) => person.branch !== subject.branch_id && person.branch !== null;
    return {
      customer: { id: subject.customer_id, name: subject.name, initials: subject.initials, last4: subject.mobile_last4 },
      outletId: subject.outlet_id,
      managerId: subject.lead_staff,
      runId,
      transferId: await waitingTransfer(client, subject),
      handoverId: await openHandover(client, subject),
      exportId: await waitingExport(client, subject),
      noticeId: await noticeTo(client, subject.lead_staff),
      batchId: await waitingBatch(client, subject),
      strangers: [
        await look('head of another outlet', (p) => p.role === 'outlet-head' && elsewhere(p) && !abroad(p)),
        // The smallest bank has one branch only.
        ...(people.some(abroad)
          ? [
              await look('head of an outlet of another branch', (p) => p.role === 'outlet-head' && abroad(p)),
              await look('administration of another branch', (p) => p.role === 'branch-admin' && abroad(p)),
            ]
          : []),
        await look(
          'manager of the same outlet',
          (p) => p.unit === subject.outlet_id && p.role.endsWith('-manager') && p.id !== subject.lead_staff && p.customers > 0,
        ),
        await look('manager of another outlet', (p) => p.role.endsWith('-manager') && p.level === 'outlet' && elsewhere(p)),
        await look('teller of the same outlet', (p) => p.role === 'teller' && p.unit === subject.outlet_id),
        await look('system administrator', (p) => p.role === 'system-admin'),
      ],
      friends: [
        await look('the manager', (p) => p.id === subject.lead_staff),
        await look('administration of the branch', (p) => p.role === 'branch-admin' && p.branch === subject.branch_id),
      ],
      leaver: await look('head of the outlet', (p) => p.role === 'outlet-head' && p.unit === subject.outlet_id),
    };
  } finally {
    await client.end();
  }
}

/** Asks for the release of the customer, as their manager: written by the test's own hand, like everything here. */
async function waitingTransfer(client: pg.Client, { customer_id: customerId, lead_staff: lead }: Subject): Promise<string> {
  await client.query(
    `insert into coverage.transfer (customer_id, transfer_id, seat, from_staff, state, band, reason, words, requested_by, requested_at, unit_no, lead_staff)
     select customer_id, 'TR-WALK', 'lead', lead_staff, 'requested', band, 'other', 'walk', $2, now(), unit_no, lead_staff
       from coverage.standing where customer_id = $1`,
    [customerId, lead],
  );
  return 'TR-WALK';
}

/** Hands the manager's portfolio over to nobody yet: the customer's line names them. */
async function openHandover(client: pg.Client, { customer_id: customerId, lead_staff: lead }: Subject): Promise<string> {
  await client.query(
    `insert into coverage.handover (handover_id, staff_id, kind, on_date, words, state, unit_id, unit_no, started_by, started_at, split_by)
     select 'HO-WALK', s.id, 'leaving', '2026-06-30', 'walk', 'split', u.id, u.unit_no, 'walk', now(), 'walk'
       from organisation.staff s join organisation.org_unit u on u.id = s.org_unit_id where s.id = $1`,
    [lead],
  );
  await client.query(
    `insert into coverage.handover_item (customer_id, handover_id, seat, band, assets_fen, from_portfolio, often, unit_no, lead_staff)
     select customer_id, 'HO-WALK', 'lead', band, assets_fen, 'x', false, unit_no, lead_staff from coverage.standing where customer_id = $1`,
    [customerId],
  );
  return 'HO-WALK';
}

async function waitingBatch(client: pg.Client, { customer_id: customerId, lead_staff: lead }: Subject): Promise<string> {
  await client.query(
    `insert into coverage.transfer_batch (batch_id, file_name, state, items, lo, hi, requested_by, requested_at)
     select 'BA-WALK', 'walk', 'requested', 1, unit_no, unit_no, $2, now() from coverage.standing where customer_id = $1`,
    [customerId, lead],
  );
  return 'BA-WALK';
}

async function noticeTo(client: pg.Client, staffId: string): Promise<string> {
  const id = '00000000-0000-4000-8000-00000000a001';
  await client.query(
    "insert into platform.notice (notice_id, staff_id, kind, subject, at) values ($1, $2, 'transfer-approved', 'x', now())",
    [id, staffId],
  );
  return id;
}

async function waitingExport(client: pg.Client, { lead_staff: lead, outlet_id: outletId }: Subject): Promise<string> {
  await client.query(
    `insert into disclosure.export (export_id, kind, subject, purpose, words, rows_counted, needs_approval, state, requested_by, requested_at, lo, hi)
     select 'EX-WALK', 'portfolio', $1, 'review', 'walk', 1001, true, 'requested', s.id, now(), u.unit_no, u.last_no
       from organisation.staff s join organisation.org_unit u on u.id = s.org_unit_id
      where s.org_unit_id = $2 and s.role = 'outlet-head' and s.left_on is null`,
    [lead, outletId],
  );
  return 'EX-WALK';
}

function one<T>(found: readonly T[], what: string): T {
  const first = found[0];
  if (first === undefined) throw new Error(`the bank has no ${what}`);
  return first;
}

/** What somebody sees, by the rule itself rather than by the product's code: one's unit and below, or one's own seats. */
async function looker(client: pg.Client, who: string, person: PersonRow): Promise<Looker> {
  const { rows } = await client.query<{ id: string }>(
    `select customer_id as id from coverage.standing
      where ($1 and unit_no between $2 and $3) or lead_staff = $4 or joint_staff = $4`,
    [SEE_UNIT.has(person.role), person.lo, person.hi, person.id],
  );
  const scope = SEE_UNIT.has(person.role) ? { lo: person.lo, hi: person.hi, staffId: person.id } : { staffId: person.id };
  const outlets = await client.query<{ id: string }>(
    "select id from organisation.org_unit where level = 'outlet' and $3 <> 'head-office' and not unit_no between $1 and $2 order by id limit 1",
    [person.lo, person.hi, person.level],
  );
  const foreignUnit = outlets.rows[0]?.id ?? 'none';
  return { who, staffId: person.id, scope, sees: new Set(rows.map((row) => row.id)), foreignUnit };
}
