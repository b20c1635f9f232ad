import { type BadRow, type FeedTaker, type Rows, reportBad, SHAPES } from '../feed/index.ts';

/** Positions stand at outlets, and customers who were closed before the day have no balance left. */
async function checkPositions({ duck, businessDate, today }: Rows): Promise<BadRow[]> {
  await reportBad(
    duck,
    `SELECT n.line, 'outlet_id', n.outlet_id, 'not-an-outlet' FROM next n
       JOIN (SELECT id FROM standing_org_units WHERE level <> 'outlet') u ON u.id = n.outlet_id`,
  );
  await reportBad(
    duck,
    `SELECT n.line, 'customer_id', n.customer_id, 'customer-closed' FROM next n
       JOIN (SELECT id FROM standing_customers WHERE closed_on < '${businessDate ?? today}'::DATE) c ON c.id = n.customer_id
      WHERE n.balance_fen <> 0`,
  );
  return [];
}

/** The balances of a business day: only checked here. The rows stay in the archive, from which the daily close takes them. */
export function positionsTaker(): FeedTaker {
  return {
    shape: SHAPES.positions,
    kind: 'day',
    references: [
      { column: 'customer_id', feed: 'customers', code: 'unknown-customer', holdable: true },
      { column: 'outlet_id', feed: 'org-units', code: 'unknown-unit' },
      { column: 'product_code', feed: 'products', code: 'unknown-product' },
    ],
    check: checkPositions,
    apply: async () => undefined,
  };
}
