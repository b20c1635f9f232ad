import type { Fen } from '../../src/kernel/money.ts';
import type { Transaction } from './read.ts';

/** Published balances are rounded to 10 hellers: before + movement misses the balance after by 10 or 20, never more (SOURCE.txt). */
const TOLERANCE_HELLERS = 20;

/** Whether `next` can follow when the balance is `balance`. */
function follows(balance: number, next: Transaction): boolean {
  return Math.abs(next.balanceAfter - next.amount - balance) <= TOLERANCE_HELLERS;
}

/** Puts the rest in an order in which each continues the balance before it; undefined when there is none. */
function chain(balance: number, rest: readonly Transaction[]): Transaction[] | undefined {
  if (rest.length === 0) return [];
  for (const next of rest) {
    if (!follows(balance, next)) continue;
    const tail = chain(
      next.balanceAfter,
      rest.filter((other) => other !== next),
    );
    if (tail) return [next, ...tail];
  }
  return undefined;
}

/**
 * The booking order of one account's transactions of one day. The file's order of rows is not it: the balances are. Each
 * transaction's balance before (its balance after less its amount) must be the balance after of the one before it, the first's
 * that of the evening before (zero for a new account). Throws when no order fits.
 */
export function bookingOrder(eveningBefore: Fen, transactions: readonly Transaction[]): Transaction[] {
  const inOrder = chain(
    eveningBefore,
    [...transactions].sort((a, b) => a.id - b.id),
  );
  if (!inOrder) throw new Error(`account ${transactions[0]?.account} ${transactions[0]?.date}: balances do not chain`);
  return inOrder;
}
