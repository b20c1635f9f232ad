import type { BusinessDate } from '../../kernel/business-date.ts';
import { digestOf } from '../../kernel/digest.ts';
import { refuse } from '../../kernel/refusal.ts';
import type { Duck } from '../../platform/duck.ts';
import { type Folders, fileOfDay } from './archive.ts';
import type { ClosedDay, DayTotals } from './contract.ts';
import { CARRIED, type DayInput } from './inputs.ts';
import { applyChange, type DayFile, diffContent, type Figures, figuresOf, writeChanges } from './state.ts';

/** The figures before any day. */
const NOTHING: Pick<ClosedDay, 'digest' | 'customers' | 'positions' | 'totals'> = {
  digest: digestOf('nothing'),
  customers: 0,
  positions: 0,
  totals: { stateSum: '0', categories: {}, control: null },
};

const HASH_SPACE = 1n << 64n;

/** Works out a day on which no position changes: carried forward, or a file equal to the one before. Costs nothing. */
export function quietDay(
  day: BusinessDate,
  input: DayInput | undefined,
  before: ClosedDay | undefined,
  control: DayTotals['control'] = null,
): DayFile {
  const was = before ?? NOTHING;
  const inputDigest = input?.digest ?? CARRIED;
  return {
    day,
    importId: input?.importId ?? null,
    inputDigest,
    chain: digestOf([was.digest, inputDigest]),
    digest: was.digest,
    customers: was.customers,
    positions: was.positions,
    changedCustomers: 0,
    changedPositions: 0,
    totals: { ...was.totals, control },
    changes: null,
  };
}

/** Works out a day from its file: `change` and `state` in the engine are the day's afterwards. */
export async function workDay(
  duck: Duck,
  folders: Folders,
  day: BusinessDate,
  input: DayInput,
  before: ClosedDay | undefined,
): Promise<DayFile> {
  const control = await diffContent(duck, folders, input);
  await applyChange(duck, 'state', 'change');
  return recordWork(duck, folders, { day, input, before, control });
}

export interface WorkedDay {
  readonly day: BusinessDate;
  readonly input: DayInput;
  readonly before: ClosedDay | undefined;
  readonly control: NonNullable<DayTotals['control']>;
}

/** The record of a day whose `change` has been applied to `state`, and its file of changes: the same whenever and however often made. */
export async function recordWork(duck: Duck, folders: Folders, work: WorkedDay): Promise<DayFile> {
  const { day, input, before, control } = work;
  const was = before ?? NOTHING;
  const figures = await figuresOf(duck, was.positions === 0);
  const totals = moveTotals(was.totals, figures, control);
  if (!input.delta) reconcile(day, totals, control);
  const { positions, customers } = { positions: was.positions + figures.positions, customers: was.customers + figures.customers };
  const record: ClosedDay = {
    day,
    importId: input.importId,
    inputDigest: input.digest,
    chain: digestOf([was.digest, input.digest]),
    digest: digestOf({ positions, customers, stateSum: totals.stateSum, categories: totals.categories }),
    customers,
    positions,
    changedCustomers: figures.changedCustomers,
    changedPositions: figures.changedPositions,
    totals,
  };
  if (record.changedPositions === 0) return { ...record, changes: null };
  const changes = fileOfDay(folders.changes, day, record.chain);
  await writeChanges(duck, changes);
  return { ...record, changes };
}

function moveTotals(was: DayTotals, figures: Figures, control: DayTotals['control']): DayTotals {
  const categories = new Map(Object.entries(was.categories).map(([category, fen]) => [category, BigInt(fen)]));
  for (const [category, fen] of figures.categories) categories.set(category, (categories.get(category) ?? 0n) + fen);
  const stateSum = (((BigInt(was.stateSum) + figures.stateSum) % HASH_SPACE) + HASH_SPACE) % HASH_SPACE;
  const texts = [...categories].filter(([, fen]) => fen !== 0n).map(([category, fen]) => [category, fen.toString()]);
  return { stateSum: stateSum.toString(), categories: Object.fromEntries(texts), control };
}

/** After a full file the balances by category must add up to the file's own sum, less what is held back. */
function reconcile(day: BusinessDate, totals: DayTotals, control: NonNullable<DayTotals['control']>): void {
  const kept = Object.values(totals.categories).reduce((sum, fen) => sum + BigInt(fen), 0n);
  const sent = BigInt(control.balanceFen) - BigInt(control.heldFen);
  if (kept === sent) return;
  refuse(
    'closing-unreconciled',
    `${day} 日终后的余额合计 ${kept} 分与文件合计 ${sent} 分不符，当日未日终。`,
    `Balances after closing ${day} add up to ${kept} fen, the file to ${sent} fen. The day is not closed.`,
    { day },
  );
}
