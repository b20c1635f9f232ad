import type { Words } from '../../../kernel/refusal.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import { bandTitle, viewFor } from '../../coverage/index.ts';
import { bandMove, moveWords } from '../rules/band-move.ts';
import { rulebook } from '../service/ground.ts';
import { loadFacts } from '../service/load-facts.ts';

const NEAR_PERCENT = 90;

/** What would keep or lift the band of a customer, in yuan and by when; null when it is not about to change. They must be open to the transaction. */
export async function bandWords(
  tx: Tx,
  { customer_id, band }: { readonly customer_id: string; readonly band: number },
): Promise<Words | null> {
  const book = await rulebook(tx);
  if (book === undefined) return null;
  const [known] = await loadFacts(tx, book, book.day, [customer_id]);
  const move = known && bandMove(known.facts, band, book.day, NEAR_PERCENT);
  if (move === undefined) return null;
  const title = bandTitle(await viewFor(tx, []), band + (move.kind === 'lift' ? 1 : 0));
  return title === null ? null : moveWords(move, title);
}
