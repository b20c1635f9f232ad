import { z } from 'zod';
import type { Person } from '../../../platform/auth/session.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import { RUN_STATES, type runSummary, runTotals } from '../contract.ts';
import { allUnits, type UnitRow, unitInScope } from '../reads/refs.ts';
import { countsOfPart, totalsOfPart, type UnitSpan } from '../reads/run-sums.ts';
import { type findRun, runPools } from '../reads/runs.ts';
import { schemeViewById } from '../reads/schemes.ts';

export type RunRow = NonNullable<Awaited<ReturnType<typeof findRun>>>;
type Summary = z.input<typeof runSummary>;
type Totals = z.output<typeof runTotals>;

const progress = z.object({ done: z.number(), total: z.number(), step: z.object({ zh: z.string(), en: z.string() }) });
/** The people of a pool, as a run keeps them. */
export const poolPeople = z.array(
  z.object({
    staffId: z.string(),
    before: z.number(),
    after: z.number(),
    assetsBeforeFen: z.number(),
    assetsAfterFen: z.number(),
    limitInitial: z.number().nullable(),
    limitAtMost: z.number().nullable(),
  }),
);

/** What this person may do with a run in its state: the page shows only these. */
function actionsOf(person: Person, state: string): Summary['actions'] {
  const decides = person.permissions.has('bank.runs');
  const exports: Summary['actions'] = person.permissions.has('exports.make') && state !== 'simulating' ? ['export'] : [];
  if (!decides) return exports;
  if (state === 'simulated') return ['apply', 'discard', ...exports];
  if (state === 'applying') return ['resume', ...exports];
  if (state === 'stale') return ['discard', ...exports];
  return exports;
}

async function summaryWith(tx: Tx, person: Person, row: RunRow, totals: Summary['totals']): Promise<Summary> {
  const scheme = await schemeViewById(tx, row.scheme_id);
  const step = progress.safeParse(row.progress);
  return {
    runId: row.run_id,
    kind: row.kind === 'nightly' ? 'nightly' : 'full',
    schemeId: row.scheme_id,
    schemeTitle: scheme?.title ?? { zh: row.scheme_id, en: row.scheme_id },
    businessDate: row.business_date,
    effectiveFrom: row.effective_from,
    moveBudget: row.move_budget,
    state: z.enum(RUN_STATES).parse(row.state),
    digest: row.digest,
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    appliedBy: row.applied_by,
    appliedAt: row.applied_at?.toISOString() ?? null,
    progress: step.success ? step.data : null,
    totals,
    actions: actionsOf(person, row.state),
  };
}

/** Totals of the whole bank, kept with the run; null while it is still being worked out. */
const keptTotals = (row: RunRow): z.output<typeof runTotals> | null => runTotals.safeParse(row.totals).data ?? null;

/** The unit numbers in somebody's scope; none for who sees only a portfolio. */
function spanOf({ scope }: Person): UnitSpan {
  return { lo: scope.lo ?? 1, hi: scope.lo === undefined ? 0 : (scope.hi ?? scope.lo) };
}

/** Runs as lists show them: counted over what this person sees. */
export async function summariesOf(tx: Tx, person: Person, rows: readonly RunRow[]): Promise<Summary[]> {
  const known = rows.filter((row) => keptTotals(row) !== null).map((row) => row.run_id);
  const parts = person.wholeBank || known.length === 0 ? undefined : await countsOfPart(tx, known, spanOf(person));
  const items: Summary[] = [];
  for (const row of rows)
    items.push(await summaryWith(tx, person, row, parts === undefined ? keptTotals(row) : (parts.get(row.run_id) ?? null)));
  return items;
}

/** One run with its totals in full, over what this person sees or over one unit of it. */
export async function detailOf(tx: Tx, person: Person, row: RunRow, unit: UnitRow | undefined) {
  const totals = await totalsFor(tx, person, row, unit);
  return { ...(await summaryWith(tx, person, row, totals)), totals };
}

async function totalsFor(tx: Tx, person: Person, row: RunRow, unit: UnitRow | undefined): Promise<Totals | null> {
  const kept = keptTotals(row);
  if (kept === null || (person.wholeBank && (unit === undefined || unit.level === 'head-office'))) return kept;
  const pools = (await runPools(tx, person.scope, row.run_id, { unit })).map(({ staff, ...pool }) => ({
    ...pool,
    limits: poolPeople.parse(staff).map((member) => member.limitAtMost ?? member.limitInitial),
  }));
  const span = unit === undefined ? spanOf(person) : { lo: unit.unit_no, hi: unit.last_no };
  return totalsOfPart(tx, row.run_id, span, await schemeViewById(tx, row.scheme_id), pools);
}

/** The unit that a query asks for, when it is one's to see. */
export async function unitFilter(tx: Tx, person: Person, id: string | undefined): Promise<UnitRow | undefined | 'missing'> {
  if (id === undefined) return undefined;
  return unitInScope(await allUnits(tx), person.scope, id) ?? 'missing';
}
