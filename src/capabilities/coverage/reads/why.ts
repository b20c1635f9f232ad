import { z } from 'zod';
import { addDays, type BusinessDate, businessDate, daysBetween, yearStart } from '../../../kernel/business-date.ts';
import { averageFen } from '../../../kernel/money.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import { type Measure, measureDays } from '../../closing/contract.ts';
import { customerTimeline, lastClosedDay, type Stretch } from '../../closing/index.ts';
import type { whySchema } from '../contract.ts';
import { REASONS } from '../rules/allocation-types.ts';
import type { PoolLevel } from '../rules/covering-roles.ts';
import { explain, SLOT_WORDS, type WhyFacts, type WhySeat } from '../rules/explain.ts';
import { bandsAscending, portfolioOf, type Scheme, type Seat, seatTitle, whenWords } from '../rules/scheme.ts';
import { transferWords } from '../rules/transfer.ts';
import { allUnits, staffRefs, type UnitRow } from './refs.ts';
import { activeScheme, type SchemeView, schemeViewById } from './schemes.ts';
import { handoverLines } from './why-handover.ts';

type Why = Omit<z.output<typeof whySchema>, 'name'>;

interface DecisionRow {
  readonly run_id: string;
  readonly digest: string | null;
  readonly scheme_id: string;
  readonly seat: string;
  readonly band: number;
  readonly pool_no: number;
  readonly reason: string;
  readonly before_staff: string | null;
  readonly staff_id: string | null;
  readonly runner_up: string | null;
}

/** What the newest run that decided about the customer decided, seat by seat. */
async function newestDecisions(tx: Tx, customerId: string): Promise<DecisionRow[]> {
  const rows = await tx.db
    .selectFrom('coverage.decision as d')
    .innerJoin('coverage.run as r', 'r.run_id', 'd.run_id')
    .select([
      'd.run_id',
      'r.digest',
      'r.scheme_id',
      'd.seat',
      'd.band',
      'd.pool_no',
      'd.reason',
      'd.before_staff',
      'd.staff_id',
      'd.runner_up',
    ])
    .where('d.customer_id', '=', customerId)
    .where('r.state', '=', 'applied')
    .orderBy('r.applied_at', 'desc')
    .orderBy('d.seat', 'desc')
    .execute();
  return rows.filter((row) => row.run_id === rows[0]?.run_id);
}

/**
 * Why a customer is with whom they are, in sentences with their proof, as of the newest closed day. Undefined for a customer
 * without any closed day. Under the application role the customer must have been opened to the transaction.
 */
export async function whyOf(tx: Tx, customerId: string): Promise<Why | undefined> {
  const day = await lastClosedDay(tx);
  const standing = await tx.db
    .selectFrom('coverage.standing')
    .selectAll()
    .where('customer_id', '=', customerId)
    .executeTakeFirst();
  const timeline = await customerTimeline(tx, customerId);
  if (day === undefined || standing === undefined) return undefined;
  const decisions = await newestDecisions(tx, customerId);
  const decided = decisions[0];
  const scheme = (await activeScheme(tx)) ?? (decided && (await schemeViewById(tx, decided.scheme_id)));
  const covered = standing.lead_staff !== null || standing.joint_staff !== null;
  const head = { customerId, businessDate: day, covered, runId: decided?.run_id ?? null, digest: decided?.digest ?? null };
  const since = [
    ...(await takenOverLines(tx, customerId)),
    ...(await transferLines(tx, customerId)),
    ...(await handoverLines(tx, customerId)),
  ];
  if (scheme === undefined) return { ...head, lines: since };
  const units = await allUnits(tx);
  const facts: WhyFacts = {
    average: averageFacts(timeline, scheme.scheme.measure, day),
    scheme: schemeFacts(scheme),
    band: bandFacts(scheme, standing.band, standing.below_since),
    outlet: outletFacts(timeline.at(-1), units),
    seats: await seatFacts(tx, customerId, decisions, units),
    run: decided === undefined ? undefined : { id: decided.run_id, digest: decided.digest ?? '' },
  };
  const lines = explain(facts).map((line) => ({ ...line, proof: [...line.proof] }));
  return { ...head, lines: [...lines, ...since] };
}

/** Who came with the portfolios that the bank sent as they were, and looks after the customer still. */
async function takenOverLines(tx: Tx, customerId: string): Promise<Why['lines']> {
  const rows = await tx.db
    .selectFrom('coverage.assignment')
    .select(['seat', 'staff_id', 'from_date', 'run_id'])
    .where('customer_id', '=', customerId)
    .where('to_date', 'is', null)
    .where('reason', '=', 'taken-over')
    .orderBy('seat', 'desc')
    .execute();
  const named = await staffRefs(
    tx,
    rows.map((row) => row.staff_id),
  );
  return rows.map((row) => {
    const name = named.get(row.staff_id)?.name ?? row.staff_id;
    const slot = SLOT_WORDS[row.seat === 'joint' ? 'joint' : 'lead'];
    return {
      kind: 'decision',
      zh: `${slot.zh}：${name}，自 ${row.from_date} 起；依据报送的既有管户关系接入，不经分户。`,
      en: `${slot.en}: ${name} since ${row.from_date}; taken over from the portfolios that were sent, not by an allocation.`,
      proof: [{ label: { zh: '导入编号', en: 'Import' }, value: row.run_id ?? '' }],
    };
  });
}

/** What transfers have changed since the run: the newest of each seat, while what it did still stands. */
async function transferLines(tx: Tx, customerId: string): Promise<Why['lines']> {
  const { rows } = await tx.client.query<TransferLine>(
    `select distinct on (t.seat) t.seat, t.from_staff, t.to_staff, t.reason, t.words, t.requested_by, t.decided_by, t.effective_from, t.transfer_id
       from coverage.transfer t left join coverage.assignment a on a.customer_id = t.customer_id and a.seat = t.seat and a.to_date is null
      where t.customer_id = $1 and t.state in ('approved', 'claimed') and (a.run_id = t.transfer_id or (t.to_staff is null and a.customer_id is null))
      order by t.seat desc, coalesce(t.carried_at, t.decided_at) desc`,
    [customerId],
  );
  const named = await staffRefs(
    tx,
    rows.flatMap((row) => [row.from_staff, row.to_staff, row.requested_by, row.decided_by]),
  );
  const name = (id: string) => named.get(id)?.name ?? id;
  return rows.map((row) => ({
    kind: 'decision',
    ...transferWords({
      from: row.from_staff === null ? undefined : name(row.from_staff),
      to: row.to_staff === null ? undefined : name(row.to_staff),
      reason: row.reason,
      by: name(row.requested_by),
      approvedBy: row.decided_by === null ? undefined : name(row.decided_by),
      on: row.effective_from,
    }),
    proof: [
      { label: { zh: '说明', en: 'Words' }, value: row.words },
      { label: { zh: '调户编号', en: 'Transfer' }, value: row.transfer_id },
    ],
  }));
}

interface TransferLine {
  readonly from_staff: string | null;
  readonly to_staff: string | null;
  readonly reason: string;
  readonly words: string;
  readonly requested_by: string;
  readonly decided_by: string | null;
  readonly effective_from: string;
  readonly transfer_id: string;
}

/** The average and the stretches that it comes from: days before the first balance count as zero. */
function averageFacts(timeline: readonly Stretch[], measure: Measure, day: BusinessDate): WhyFacts['average'] {
  const days = measureDays(day, measure);
  const from = measure === 'calendar-year' ? yearStart(day) : addDays(day, 1 - days);
  const stretches = timeline.flatMap((stretch) => {
    const begin = stretch.from > from ? stretch.from : from;
    const end = stretch.to === null ? day : addDays(stretch.to, -1);
    const length = daysBetween(begin, end) + 1;
    return length > 0 ? [{ from: begin, days: length, assetsFen: stretch.assetsFen }] : [];
  });
  const balanceDays = stretches.reduce((sum, part) => sum + BigInt(part.assetsFen) * BigInt(part.days), 0n);
  return { measure, balanceDays, days, averageFen: averageFen(balanceDays, days), from, to: day, stretches: joined(stretches) };
}

type Part = WhyFacts['average']['stretches'][number];

/** Neighbours of the same assets differ in outlet or loan only: one row of proof. */
function joined(parts: readonly Part[]): Part[] {
  const rows: Part[] = [];
  for (const part of parts) {
    const last = rows.at(-1);
    if (last?.assetsFen === part.assetsFen) rows[rows.length - 1] = { ...last, days: last.days + part.days };
    else rows.push(part);
  }
  return rows;
}

function schemeFacts({ schemeId, scheme }: SchemeView): WhyFacts['scheme'] {
  const lowest = bandsAscending(scheme)[0];
  return {
    title: scheme.title,
    id: schemeId,
    graceMonths: scheme.grace.months,
    below: scheme.below,
    lowestFen: (lowest?.from ?? 0) * 100,
  };
}

function bandFacts({ bands }: SchemeView, number: number, belowSince: string | null): WhyFacts['band'] {
  const band = bands[number];
  if (band === undefined) return undefined;
  return {
    title: band.title,
    fromFen: band.fromFen,
    toFen: band.toFen ?? undefined,
    belowSince: belowSince === null ? undefined : businessDate(belowSince),
  };
}

function outletFacts(stretch: Stretch | undefined, units: ReadonlyMap<string, UnitRow>): WhyFacts['outlet'] {
  if (stretch === undefined || stretch.homeOutlet === null) return undefined;
  const nameOf = (id: string) => units.get(id)?.name ?? id;
  const name = (id: string) => {
    const heir = units.get(id)?.heir_id ?? null;
    return heir === null ? nameOf(id) : `${nameOf(id)} → ${nameOf(heir)}`;
  };
  const { runnerUpOutlet, runnerUpFen } = stretch;
  return {
    name: name(stretch.homeOutlet),
    assetsFen: stretch.homeFen,
    runnerUp: runnerUpOutlet === null ? undefined : { name: name(runnerUpOutlet), assetsFen: runnerUpFen },
  };
}

const poolPeople = z.array(z.object({ staffId: z.string(), after: z.number(), assetsAfterFen: z.number() }));

async function seatFacts(
  tx: Tx,
  customerId: string,
  decisions: readonly DecisionRow[],
  units: ReadonlyMap<string, UnitRow>,
): Promise<WhySeat[]> {
  const seats: WhySeat[] = [];
  for (const row of decisions) {
    const reason = REASONS.find((known) => known === row.reason);
    const scheme = await schemeViewById(tx, row.scheme_id);
    if (reason === undefined || scheme === undefined) continue;
    const pool = await tx.db
      .selectFrom('coverage.run_pool')
      .selectAll()
      .where('run_id', '=', row.run_id)
      .where('pool_no', '=', row.pool_no)
      .executeTakeFirst();
    const open = await tx.db
      .selectFrom('coverage.assignment')
      .select(['from_date', 'staff_id'])
      .where('customer_id', '=', customerId)
      .where('seat', '=', row.seat)
      .where('to_date', 'is', null)
      .executeTakeFirst();
    const people = pool === undefined ? [] : poolPeople.parse(pool.staff);
    const named = await staffRefs(tx, [row.before_staff, row.staff_id, row.runner_up, ...people.map((person) => person.staffId)]);
    const name = (id: string | null) => (id === null ? undefined : (named.get(id)?.name ?? id));
    const seat = seatOf(scheme.scheme, row, pool?.portfolio);
    seats.push({
      seat: row.seat === 'joint' ? 'joint' : 'lead',
      title: seat === undefined ? { zh: '', en: '' } : seatTitle(scheme.scheme, seat),
      when: seat && whenWords(seat),
      pool: pool && {
        level: levelOf(units.get(pool.unit_id)?.level),
        unitName: units.get(pool.unit_id)?.name ?? pool.unit_id,
        customers: pool.customers,
        covered: pool.covered,
        staffNeeded: pool.staff_needed,
      },
      limitInitial: seat?.limit?.initial,
      limitAtMost: seat?.limit?.at_most ?? seat?.limit?.initial,
      reason,
      before: name(row.before_staff),
      after: name(row.staff_id),
      since: open === undefined || open.staff_id !== row.staff_id ? undefined : businessDate(open.from_date),
      runnerUp: name(row.runner_up),
      candidates: people.map((person) => ({
        name: name(person.staffId) ?? '',
        customers: person.after,
        assetsFen: person.assetsAfterFen,
      })),
    });
  }
  return seats;
}

/** The seat of the scheme that a decision's pool belongs to. */
function seatOf(scheme: Scheme, row: DecisionRow, portfolio: string | undefined): Seat | undefined {
  const band = bandsAscending(scheme)[row.band];
  return band?.seats.find((seat) => seat.seat === row.seat && (portfolio === undefined || portfolioOf(band, seat) === portfolio));
}

function levelOf(level: string | undefined): PoolLevel {
  return level === 'branch' || level === 'sub-branch' ? level : 'outlet';
}
