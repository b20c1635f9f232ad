import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BusinessDate, businessDate } from '../../src/kernel/business-date.ts';
import { type Fen, fen, parseYuan, yuanText } from '../../src/kernel/money.ts';
import { bookingOrder } from './chain.ts';
import { outletId, readDistricts, staffRows, unitsOf } from './organisation.ts';
import { berkaDate, birthOf, hellers, type RejectedLine, readTable, readTransactions, type Transaction } from './read.ts';

/** The transactions are complete from the first day to the last; of 1994-03-31 a part is missing (SOURCE.txt), so it is left out. */
const FIRST_DAY = businessDate('1993-01-01');
export const LAST_DAY = businessDate('1994-03-30');

export interface Conversion {
  readonly rejectedLines: readonly RejectedLine[];
  readonly customers: number;
  readonly accounts: number;
  readonly days: number;
  readonly transactions: number;
  /** Transactions after the last complete day. */
  readonly leftOut: number;
  readonly loans: number;
}

interface Account {
  readonly owner: string;
  readonly outletId: string;
  readonly openedOn: BusinessDate;
}

function writeFeed(dir: string, name: string, header: string, rows: readonly string[], balance?: bigint): void {
  writeFileSync(join(dir, name), `${[header, ...rows].join('\n')}\n`);
  writeFileSync(
    join(dir, `${name}.ctl`),
    `rows=${rows.length}\n${balance === undefined ? '' : `balance=${yuanText(balance)}\n`}`,
  );
}

/** Accounts with their owner (not the DISPONENT) and their own district (not the client's: that is an address). */
function readAccounts(data: string): Map<number, Account> {
  const owners = new Map(
    readTable(data, 'disp.asc')
      .rows.filter((row) => row[3] === 'OWNER')
      .map((row) => [row[2], row[1]]),
  );
  const accounts = new Map<number, Account>();
  for (const [id = '', district = '', , date = ''] of readTable(data, 'account.asc').rows) {
    const owner = owners.get(id);
    if (owner === undefined) throw new Error(`account ${id} has no owner`);
    accounts.set(Number(id), { owner, outletId: outletId(district), openedOn: berkaDate(date) });
  }
  return accounts;
}

function customerRows(data: string, accounts: Iterable<Account>): string[] {
  const opened = new Map<string, BusinessDate>();
  for (const { owner, openedOn } of accounts) {
    const known = opened.get(owner);
    if (openedOn <= LAST_DAY && (known === undefined || openedOn < known)) opened.set(owner, openedOn);
  }
  const districts = readDistricts(data);
  const rows: string[] = [];
  for (const [id = '', birthNumber = '', district] of readTable(data, 'client.asc').rows) {
    const openedOn = opened.get(id);
    if (openedOn === undefined) continue;
    const birth = birthOf(birthNumber);
    rows.push(`${id},客户${id},${birth.date},${birth.gender},${districts.get(Number(district))?.name ?? ''},${openedOn}`);
  }
  return rows;
}

/** Balances at the end of each day on which an account moved, by day: the balance after the last transaction in booking order. */
function endOfDayBalances(transactions: readonly Transaction[]): Map<BusinessDate, Map<number, Fen>> {
  const byDay = new Map<BusinessDate, Map<number, Transaction[]>>();
  for (const transaction of transactions) {
    const day = byDay.get(transaction.date) ?? new Map<number, Transaction[]>();
    byDay.set(transaction.date, day);
    day.set(transaction.account, [...(day.get(transaction.account) ?? []), transaction]);
  }
  const current = new Map<number, Fen>();
  const result = new Map<BusinessDate, Map<number, Fen>>();
  for (const date of [...byDay.keys()].sort()) {
    const ends = new Map<number, Fen>();
    for (const [account, list] of byDay.get(date) ?? []) {
      const last = bookingOrder(current.get(account) ?? fen(0), list).at(-1);
      if (!last) continue;
      current.set(account, last.balanceAfter);
      ends.set(account, last.balanceAfter);
    }
    result.set(date, ends);
  }
  return result;
}

/** Rows of positions by day: deposits that moved, and loans on the day when they were granted. */
function positionRows(data: string, accounts: Map<number, Account>, ends: Map<BusinessDate, Map<number, Fen>>) {
  const rows = new Map<BusinessDate, string[]>();
  const add = (date: BusinessDate, account: number, product: string, amount: Fen) => {
    const { owner, outletId } = accounts.get(account) ?? { owner: '', outletId: '' };
    const day = rows.get(date) ?? [];
    rows.set(date, day);
    day.push(`${owner},${outletId},${product},${yuanText(amount)},${account}`);
  };
  for (const [date, balances] of ends) for (const [account, balance] of balances) add(date, account, 'DEMAND', balance);
  let loans = 0;
  for (const [, account, date = '', amount = ''] of readTable(data, 'loan.asc').rows) {
    const granted = berkaDate(date);
    if (granted > LAST_DAY) continue;
    add(granted, Number(account), 'LOAN', hellers(amount));
    loans++;
  }
  return { rows, loans };
}

const balanceOf = (row: string): bigint => BigInt(parseYuan(row.split(',')[3] ?? '') ?? 0);

/**
 * Turns the Berka files (PKDD'99) into feeds: regions are branches, districts outlets, account owners customers. The first day's
 * positions are full, the later days' deltas. Lines that cannot be taken are returned with their numbers, none is mended.
 */
export async function convertBerka({ data, dir }: { data: string; dir: string }): Promise<Conversion> {
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  const units = unitsOf(readDistricts(data).values());
  const unitRows = units.map((unit) => [unit.id, unit.name, unit.level, unit.parentId].join(','));
  writeFeed(dir, 'org-units.csv', 'id,name,level,parent_id', unitRows);
  writeFeed(dir, 'staff.csv', 'id,name,org_unit_id,role,grade,hired_on', staffRows(units));
  writeFeed(dir, 'products.csv', 'code,name,category', ['DEMAND,活期存款,demand-deposit', 'LOAN,个人贷款,loan']);
  const accounts = readAccounts(data);
  const customers = customerRows(data, accounts.values());
  const columns = 'id,name,birth_date,gender,district,opened_on';
  writeFeed(dir, 'customers.csv', columns, customers);

  const { transactions, rejected } = readTransactions(data);
  const complete = transactions.filter((transaction) => transaction.date <= LAST_DAY);
  const ends = endOfDayBalances(complete);
  const { rows, loans } = positionRows(data, accounts, ends);
  for (const [date, day] of rows) {
    const name = date === FIRST_DAY ? `positions-${date}.csv` : `positions-${date}.delta.csv`;
    const header = 'customer_id,outlet_id,product_code,balance,account_id';
    writeFeed(
      dir,
      name,
      header,
      day,
      day.reduce((sum, row) => sum + balanceOf(row), 0n),
    );
  }
  return {
    rejectedLines: rejected,
    customers: customers.length,
    accounts: new Set(complete.map((transaction) => transaction.account)).size,
    days: rows.size,
    transactions: complete.length,
    leftOut: transactions.length - complete.length,
    loans,
  };
}
