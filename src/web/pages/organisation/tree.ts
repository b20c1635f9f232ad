import type { Unit } from '../../ui/unit-select.tsx';

export interface UnitNode extends Unit {
  children?: UnitNode[];
}

/** Units in pre-order as a tree; one whose parent lies outside the scope is a root. */
export function nest(units: readonly Unit[]): UnitNode[] {
  const nodes = new Map<string, UnitNode>(units.map((unit) => [unit.id, { ...unit }]));
  const roots: UnitNode[] = [];
  for (const node of nodes.values()) {
    const parent = node.parentId === null ? undefined : nodes.get(node.parentId);
    if (parent === undefined) roots.push(node);
    else parent.children = [...(parent.children ?? []), node];
  }
  return roots;
}
