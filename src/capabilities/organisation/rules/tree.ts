/** A unit as the tree sees it. */
export interface TreeUnit {
  readonly id: string;
  readonly level: string;
  readonly parentId: string | null;
}

export type TreeFault = 'unit-root-missing' | 'unit-root-twice' | 'unit-cycle' | 'unit-level';

/** A unit that does not fit the tree. `id` is empty when the tree as a whole is wrong. */
export interface Misfit {
  readonly id: string;
  readonly fault: TreeFault;
}

/** Levels that a level may stand under: a branch may hold outlets directly. */
const PARENTS: Readonly<Record<string, readonly string[]>> = {
  'head-office': [],
  branch: ['head-office'],
  'sub-branch': ['branch'],
  outlet: ['sub-branch', 'branch'],
};

/** Units that break the tree's rules: one head office, levels nest, no cycles. Parents that don't exist are told elsewhere. */
export function misfits(units: readonly TreeUnit[]): Misfit[] {
  const byId = new Map(units.map((unit) => [unit.id, unit]));
  const roots = units.filter((unit) => unit.parentId === null && unit.level === 'head-office').map((unit) => unit.id);
  const [root] = roots.sort();
  const found: Misfit[] = root === undefined && units.length > 0 ? [{ id: '', fault: 'unit-root-missing' }] : [];
  const cyclic = inCycles(byId);
  for (const unit of units) {
    if (unit.id === root) continue;
    const parent = unit.parentId === null ? undefined : byId.get(unit.parentId);
    if (cyclic.has(unit.id)) found.push({ id: unit.id, fault: 'unit-cycle' });
    else if (unit.parentId === null || unit.level === 'head-office') {
      if (root !== undefined) found.push({ id: unit.id, fault: 'unit-root-twice' });
    } else if (parent !== undefined && !PARENTS[unit.level]?.includes(parent.level))
      found.push({ id: unit.id, fault: 'unit-level' });
  }
  return found;
}

/** Units that are their own ancestors. */
function inCycles(byId: ReadonlyMap<string, TreeUnit>): Set<string> {
  const cyclic = new Set<string>();
  const safe = new Set<string>();
  for (const start of byId.keys()) {
    const path: string[] = [];
    const onPath = new Set<string>();
    let at: string | null | undefined = start;
    while (typeof at === 'string' && byId.has(at) && !safe.has(at) && !onPath.has(at)) {
      path.push(at);
      onPath.add(at);
      at = byId.get(at)?.parentId;
    }
    if (typeof at === 'string' && onPath.has(at)) for (const id of path.slice(path.indexOf(at))) cyclic.add(id);
    for (const id of path) safe.add(id);
  }
  return cyclic;
}

export interface NumberedUnit {
  readonly id: string;
  readonly unitNo: number;
  readonly lastNo: number;
  readonly branchId: string | null;
  readonly subBranchId: string | null;
}

/**
 * Numbers a faultless tree in pre-order, siblings by id, from 1: a unit's subtree is `unitNo … lastNo`. Throws when a unit is
 * not under the head office.
 */
export function numberTree(units: readonly TreeUnit[]): NumberedUnit[] {
  const children = new Map<string | null, TreeUnit[]>();
  for (const unit of units) children.set(unit.parentId, [...(children.get(unit.parentId) ?? []), unit]);
  for (const list of children.values()) list.sort((a, b) => (a.id < b.id ? -1 : 1));
  const numbered: NumberedUnit[] = [];
  let no = 0;
  const walk = (unit: TreeUnit, branch: string | null, sub: string | null): void => {
    const unitNo = ++no;
    const branchId = unit.level === 'branch' ? unit.id : branch;
    const subBranchId = unit.level === 'sub-branch' ? unit.id : sub;
    for (const child of children.get(unit.id) ?? []) walk(child, branchId, subBranchId);
    numbered.push({ id: unit.id, unitNo, lastNo: no, branchId, subBranchId });
  };
  for (const root of children.get(null) ?? []) walk(root, null, null);
  if (numbered.length !== units.length) throw new Error('units outside the tree');
  return numbered.sort((a, b) => a.unitNo - b.unitNo);
}
