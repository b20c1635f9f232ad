import { type BusinessDate, businessDate, daysFromTo } from '../../src/kernel/business-date.ts';
import { readTable, readTransactions, type Transaction } from './read.ts';

const FIRST_DAY = businessDate('1993-01-01');

/**
 * An evening's balance by elimination: every balance of the day is where some transaction starts, but the last. Of the balances
 * (the evening before's and those after each transaction) the one is left out with which the others lie nearest to the balances
 * before each transaction, both in ascending order. Published balances are rounded, so that "nearest" is not "equal".
 */
function eveningBalance(before: number, transactions: readonly Transaction[]): number {
  const starts = transactions.map((transaction) => transaction.balanceAfter - transaction.amount).sort((a, b) => a - b);
  const balances = [before, ...transactions.map((transaction): number => transaction.balanceAfter)].sort((a, b) => a - b);
  let best = { balance: before, distance: Number.POSITIVE_INFINITY };
  for (const [left, balance] of balances.entries()) {
    const others = balances.filter((_, i) => i !== left);
    const distance = others.reduce((sum, other, i) => sum + Math.abs(other - (starts[i] ?? 0)), 0);
    if (distance < best.distance) best = { balance, distance };
  }
  return best.balance;
}

/**
 * Balance-days in hellers of each customer (account owner) from `from` to `to`, straight from the transactions and by another
 * way than the converter's: no chain is followed, and every day is added up singly.
 */
export function recomputeBalanceDays(data: string, from: BusinessDate, to: BusinessDate): Map<string, bigint> {
  const owner = new Map<number, string>();
  for (const [, client = '', account, type] of readTable(data, 'disp.asc').rows)
    if (type === 'OWNER') owner.set(Number(account), client);
  const days = new Map<string, Transaction[]>();
  const accounts = new Set<number>();
  for (const transaction of readTransactions(data).transactions) {
    const key = `${transaction.account} ${transaction.date}`;
    days.set(key, [...(days.get(key) ?? []), transaction]);
    accounts.add(transaction.account);
  }
  const calendar = daysFromTo(FIRST_DAY, to);
  const result = new Map<string, bigint>();
  for (const account of accounts) {
    let balance = 0;
    let sum = 0n;
    for (const date of calendar) {
      const day = days.get(`${account} ${date}`);
      if (day) balance = eveningBalance(balance, day);
      if (date >= from) sum += BigInt(balance);
    }
    const client = owner.get(account);
    if (client !== undefined) result.set(client, (result.get(client) ?? 0n) + sum);
  }
  return result;
}
