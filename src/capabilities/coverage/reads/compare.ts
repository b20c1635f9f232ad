import type { z } from 'zod';
import { maskName } from '../../../kernel/mask.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import { lastClosedDay } from '../../closing/index.ts';
import type { compareSchema } from '../contract.ts';
import { allocate } from '../rules/allocate.ts';
import type { AllocationResult, CustomerColumns } from '../rules/allocation-types.ts';
import { bandsAscending, type Scheme } from '../rules/scheme.ts';
import { bandsAtSql } from '../service/bands.ts';
import { loadCustomers, loadRoster, type Roster } from '../service/load.ts';
import { activeSchemeOf, schemeById } from '../service/schemes.ts';
import { staffRefOf, staffRefs } from './refs.ts';

type Comparison = Omit<z.input<typeof compareSchema>, 'a' | 'b'>;
const EXAMPLES = 50;

interface Side {
  readonly customers: CustomerColumns;
  readonly result: AllocationResult;
  readonly bandIds: readonly string[];
}

/**
 * Allocates the newest closed day by both versions, keeps nothing, and tells whose band and manager differ. Like with like: each
 * version has the bands that activating it today would give, grace that goes on included. Undefined before the first close.
 */
export async function compareSchemes(tx: Tx, aId: string, bId: string): Promise<Comparison | undefined> {
  const day = await lastClosedDay(tx);
  if (day === undefined) return undefined;
  const roster = await loadRoster(tx, day);
  const active = await activeSchemeOf(tx);
  const side = async (schemeId: string): Promise<Side> => {
    const stored = await schemeById(tx, schemeId);
    const bands = bandsAtSql(stored, active, day, day);
    const { customers } = await loadCustomers(tx, { scheme: stored.scheme, day, last: day, bands }, roster);
    return { customers, result: allocate({ scheme: stored.scheme, ...roster, customers }), bandIds: idsOf(stored.scheme) };
  };
  return diff(tx, roster, await side(aId), await side(bId));
}

function idsOf(scheme: Scheme): string[] {
  return bandsAscending(scheme).map((band) => band.band);
}

function leadOf({ result }: Side, c: number | undefined): number {
  return c === undefined ? -1 : (result.seats.lead.staff[c] ?? -1);
}

function bandOf({ customers, bandIds }: Side, c: number | undefined): string | null {
  return c === undefined ? null : (bandIds[customers.band[c] ?? -1] ?? null);
}

interface Changed {
  readonly id: string;
  readonly averageFen: number;
  readonly fromBand: string | null;
  readonly toBand: string | null;
  readonly from: number;
  readonly to: number;
}

/** Positions of every customer of either version in both; undefined where a version has nothing to do with the customer. */
function pairsOf(a: Side, b: Side): [number | undefined, number | undefined][] {
  const [inA, inB] = [a, b].map(({ customers }) => new Map(customers.ids.map((id, c) => [id, c])));
  const onlyB = b.customers.ids.flatMap((id, c): [undefined, number][] => (inA?.has(id) ? [] : [[undefined, c]]));
  return [...a.customers.ids.map((id, c): [number, number | undefined] => [c, inB?.get(id)]), ...onlyB];
}

function changeOf(a: Side, b: Side, [inA, inB]: [number | undefined, number | undefined]): Changed {
  const [{ customers }, c] = inA === undefined ? [b, inB ?? -1] : [a, inA];
  return {
    id: customers.ids[c] ?? '',
    averageFen: customers.averageFen[c] ?? 0,
    ...{ fromBand: bandOf(a, inA), toBand: bandOf(b, inB), from: leadOf(a, inA), to: leadOf(b, inB) },
  };
}

async function diff(tx: Tx, roster: Roster, a: Side, b: Side): Promise<Comparison> {
  const moves = new Map<string, { from: string | null; to: string | null; customers: number; assetsFen: number }>();
  const pairs = pairsOf(a, b);
  const changed = pairs
    .map((pair) => changeOf(a, b, pair))
    .filter(({ fromBand, toBand, from, to }) => fromBand !== toBand || from !== to)
    .sort((x, y) => y.averageFen - x.averageFen || (x.id < y.id ? -1 : 1));
  for (const { fromBand, toBand, averageFen } of changed) {
    if (fromBand === toBand) continue;
    const key = `${fromBand}>${toBand}`;
    const move = moves.get(key) ?? { from: fromBand, to: toBand, customers: 0, assetsFen: 0 };
    moves.set(key, { ...move, customers: move.customers + 1, assetsFen: move.assetsFen + averageFen });
  }
  return {
    customers: pairs.length,
    bandMoves: [...moves.values()].sort((x, y) => y.customers - x.customers),
    changeBand: changed.filter(({ fromBand, toBand }) => fromBand !== toBand).length,
    changeManager: changed.filter(({ from, to }) => from !== to).length,
    covered: { a: a.result.totals.covered, b: b.result.totals.covered },
    staffNeeded: { a: a.result.totals.staffNeeded, b: b.result.totals.staffNeeded },
    examples: await examplesOf(tx, roster, changed.slice(0, EXAMPLES)),
  };
}

async function examplesOf(tx: Tx, roster: Roster, changed: readonly Changed[]): Promise<Comparison['examples']> {
  const idOf = (place: number) => roster.staff[place]?.id ?? null;
  const staff = await staffRefs(
    tx,
    changed.flatMap((row) => [idOf(row.from), idOf(row.to)]),
  );
  const names = await tx.db
    .selectFrom('coverage.card')
    .select(['customer_id', 'name'])
    .where('customer_id', 'in', ['', ...changed.map((row) => row.id)])
    .execute();
  const nameOf = new Map(names.map((row) => [row.customer_id, row.name]));
  return changed.map((row) => ({
    customerId: row.id,
    name: maskName(nameOf.get(row.id) ?? ''),
    averageFen: row.averageFen,
    fromBand: row.fromBand,
    toBand: row.toBand,
    fromStaff: staffRefOf(staff, idOf(row.from)),
    toStaff: staffRefOf(staff, idOf(row.to)),
  }));
}
