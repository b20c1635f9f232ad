/** What matters of a unit for what becomes of it. */
export interface MergingUnit {
  readonly id: string;
  readonly level: string;
  readonly closedOn: string | null;
  readonly mergedInto: string | null;
}

export type MergeFault = 'unit-merge-undated' | 'unit-merge-level' | 'unit-merge-cycle';

/** Mergers that cannot be: without a day, of units that are no outlets, or that end in the unit itself. */
export function mergeFaults(units: readonly MergingUnit[]): { readonly id: string; readonly fault: MergeFault }[] {
  const byId = new Map(units.map((unit) => [unit.id, unit]));
  return units.flatMap(({ id, level, closedOn, mergedInto }): { readonly id: string; readonly fault: MergeFault }[] => {
    if (mergedInto === null) return [];
    if (closedOn === null) return [{ id, fault: 'unit-merge-undated' }];
    if (level !== 'outlet' || byId.get(mergedInto)?.level !== 'outlet') return [{ id, fault: 'unit-merge-level' }];
    return endOf(byId, id, () => true) === undefined ? [{ id, fault: 'unit-merge-cycle' }] : [];
  });
}

/** For each unit that has been merged by a day: the unit that stands in for it, at the end of all mergers up to then. */
export function heirsOf(units: readonly MergingUnit[], day: string): ReadonlyMap<string, string> {
  const byId = new Map(units.map((unit) => [unit.id, unit]));
  const closed = ({ closedOn }: MergingUnit) => closedOn !== null && closedOn <= day;
  return new Map(
    units.flatMap(({ id }): [string, string][] => {
      const end = endOf(byId, id, closed);
      return end === undefined || end === id ? [] : [[id, end]];
    }),
  );
}

/** Follows mergers while they count; undefined when they go in a circle. */
function endOf(
  byId: ReadonlyMap<string, MergingUnit>,
  start: string,
  counts: (unit: MergingUnit) => boolean,
): string | undefined {
  const seen = new Set<string>();
  let at = start;
  while (!seen.has(at)) {
    seen.add(at);
    const unit = byId.get(at);
    if (unit === undefined || unit.mergedInto === null || !counts(unit) || !byId.has(unit.mergedInto)) return at;
    at = unit.mergedInto;
  }
  return undefined;
}
