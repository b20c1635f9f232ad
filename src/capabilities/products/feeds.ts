import { point } from '../../platform/crash.ts';
import type { CopyCell } from '../../platform/db/copy.ts';
import { type Applying, batchesOf, type FeedTaker, numberCell, rowsOf, SHAPES, textCell } from '../feed/index.ts';
import { saveProducts } from './store.ts';

async function* productRows(work: Applying): AsyncGenerator<CopyCell[][]> {
  for await (const rows of batchesOf(work.duck, 'SELECT line, code, name, category, risk_rating, term_days FROM next')) {
    yield rows.map(([line, code, name, category, rating, term]) => [
      work.importId,
      numberCell(line),
      ...[code, name, category, rating].map(textCell),
      numberCell(term),
    ]);
    point('feed.staged');
  }
}

export function productsTaker(): FeedTaker {
  return {
    shape: SHAPES.products,
    kind: 'upsert',
    references: [],
    check: async () => [],
    apply: async (work) => {
      const gone = await rowsOf(work.duck, 'SELECT code FROM gone');
      await saveProducts(
        work.tx,
        work.importId,
        productRows(work),
        gone.map((row) => String(row.code)),
      );
    },
  };
}
