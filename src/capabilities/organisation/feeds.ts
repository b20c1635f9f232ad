import { todayOf } from '../../kernel/business-date.ts';
import { point } from '../../platform/crash.ts';
import type { CopyCell } from '../../platform/db/copy.ts';
import type { Tx } from '../../platform/db/transaction.ts';
import { spell } from '../../platform/pinyin.ts';
import {
  type Applying,
  type BadRow,
  batchesOf,
  type FeedTaker,
  numberCell,
  type Rows,
  rowsOf,
  SHAPES,
  textCell,
} from '../feed/index.ts';
import { keepPosts, keepUnits } from './history.ts';
import { mergeFaults } from './rules/merge.ts';
import { misfits } from './rules/tree.ts';
import { type Renumbered, saveStaff, saveUnits } from './store.ts';

/** Told in the transaction when units or their numbers may have changed: whoever keeps unit numbers on rows follows. */
export type UnitsChanged = (tx: Tx, moved: Renumbered) => Promise<void>;

async function goneIds(work: Rows): Promise<string[]> {
  const rows = await rowsOf(work.duck, 'SELECT id FROM gone');
  return rows.map((row) => String(row.id));
}

function text(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}

async function checkUnits(rows: Rows): Promise<BadRow[]> {
  const units = await rowsOf(
    rows.duck,
    'SELECT a.id, a.level, a.parent_id, a.closed_on::VARCHAR AS closed_on, a.merged_into, n.line FROM "after" a LEFT JOIN next n ON n.id = a.id',
  );
  const tree = units.map((row) => ({ id: String(row.id), level: String(row.level), parentId: text(row.parent_id) }));
  const lines = new Map(units.map((row) => [String(row.id), row.line === null ? 0 : Number(row.line)]));
  const parents = new Map(tree.map((unit) => [unit.id, unit.parentId]));
  const misfit = misfits(tree).map(({ id, fault }): BadRow => {
    // A unit that stands already can be made wrong by its new parent: then the parent's row is to blame.
    const line = lines.get(id) || lines.get(parents.get(id) ?? '') || 0;
    return { line, column: fault === 'unit-level' ? 'level' : 'parent_id', text: id, code: fault };
  });
  const merging = units.map((row) => ({
    ...{ id: String(row.id), level: String(row.level), closedOn: text(row.closed_on), mergedInto: text(row.merged_into) },
  }));
  const mismerged = mergeFaults(merging).map(({ id, fault }): BadRow => {
    const into = merging.find((unit) => unit.id === id)?.mergedInto ?? '';
    return { line: lines.get(id) || lines.get(into) || 0, column: 'merged_into', text: into, code: fault };
  });
  return [...misfit, ...mismerged, ...(await outletsInUse(rows))];
}

/** Outlets at which positions stand stay outlets. */
async function outletsInUse({ duck }: Rows): Promise<BadRow[]> {
  const found = await rowsOf(
    duck,
    `SELECT n.line, n.id FROM next n JOIN standing_org_units s ON s.id = n.id
      WHERE s.level = 'outlet' AND n.level <> 'outlet' AND n.id IN (SELECT outlet_id FROM standing_positions)`,
  );
  return found.map((row) => ({ line: Number(row.line), column: 'level', text: String(row.id), code: 'unit-in-use' }));
}

async function* unitRows(work: Applying): AsyncGenerator<CopyCell[][]> {
  for await (const rows of batchesOf(
    work.duck,
    'SELECT line, id, name, level, parent_id, district, longitude, latitude, closed_on::VARCHAR, merged_into FROM next',
  )) {
    yield rows.map(([line, id, name, level, parent, district, longitude, latitude, closed, into]) => [
      work.importId,
      numberCell(line),
      ...[id, name, level, parent, district].map(textCell),
      ...[longitude, latitude].map(numberCell),
      ...[closed, into].map(textCell),
    ]);
    point('feed.staged');
  }
}

export function orgUnitsTaker(unitsChanged: UnitsChanged): FeedTaker {
  return {
    shape: SHAPES['org-units'],
    kind: 'upsert',
    references: ['parent_id', 'merged_into'].map((column) => ({ column, feed: 'org-units', code: 'unknown-unit' })),
    looksAt: ['positions'],
    check: checkUnits,
    apply: async (work) => {
      const moved = await saveUnits(work.tx, work.importId, unitRows(work), await goneIds(work));
      await keepUnits(work.tx, todayOf(work.now));
      await unitsChanged(work.tx, moved);
    },
  };
}

async function checkStaff({ duck }: Rows): Promise<BadRow[]> {
  const found = await rowsOf(duck, 'SELECT line, left_on::VARCHAR AS left_on FROM next WHERE left_on < hired_on');
  return found.map((row) => ({
    line: Number(row.line),
    column: 'left_on',
    text: String(row.left_on),
    code: 'left-before-hired',
  }));
}

async function* staffRows(work: Applying): AsyncGenerator<CopyCell[][]> {
  const sql = 'SELECT line, id, name, org_unit_id, role, grade, share_bp, hired_on::VARCHAR, left_on::VARCHAR FROM next';
  for await (const rows of batchesOf(work.duck, sql)) {
    yield rows.map(([line, id, name, unit, role, grade, share, hired, left]) => {
      const spelling = spell(textCell(name) ?? '');
      return [
        work.importId,
        numberCell(line),
        textCell(id),
        textCell(name),
        spelling.pinyin,
        spelling.initials,
        textCell(unit),
        textCell(role),
        textCell(grade),
        numberCell(share),
        textCell(hired),
        textCell(left),
      ];
    });
    point('feed.staged');
  }
}

export function staffTaker(): FeedTaker {
  return {
    shape: SHAPES.staff,
    kind: 'upsert',
    references: [{ column: 'org_unit_id', feed: 'org-units', code: 'unknown-unit' }],
    check: checkStaff,
    apply: async (work) => {
      await saveStaff(work.tx, work.importId, staffRows(work), await goneIds(work));
      await keepPosts(work.tx, todayOf(work.now));
    },
  };
}
