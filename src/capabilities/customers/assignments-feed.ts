import { type Applying, type BadRow, type FeedTaker, type Rows, rowsOf, SHAPES } from '../feed/index.ts';

async function checkAssignments({ duck, today }: Rows): Promise<BadRow[]> {
  const left = await rowsOf(
    duck,
    `SELECT n.line, n.staff_id FROM next n JOIN (SELECT id FROM standing_staff WHERE left_on <= '${today}'::DATE) s ON s.id = n.staff_id`,
  );
  return left.map((row) => ({ line: Number(row.line), column: 'staff_id', text: String(row.staff_id), code: 'staff-left' }));
}

/** Portfolios that exist already. Checked here; whoever keeps assignments applies them and takes them back. */
export function assignmentsTaker(apply: (work: Applying) => Promise<void>, undo: (work: Applying) => Promise<void>): FeedTaker {
  return {
    shape: SHAPES.assignments,
    kind: 'event',
    references: [
      { column: 'customer_id', feed: 'customers', code: 'unknown-customer' },
      { column: 'staff_id', feed: 'staff', code: 'unknown-staff' },
    ],
    check: checkAssignments,
    apply,
    undo,
  };
}
