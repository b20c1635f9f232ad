import { whyOf } from '../src/capabilities/coverage/index.ts';
import { listCustomers } from '../src/capabilities/coverage/reads/customer-list.ts';
import { findCustomer, searchCustomers } from '../src/capabilities/coverage/reads/customers.ts';
import { allUnits } from '../src/capabilities/coverage/reads/refs.ts';
import type { Platform } from '../src/platform/context.ts';
import { openCustomer, type Scope, scoped, type Tx } from '../src/platform/db/transaction.ts';

export interface Latency {
  readonly what: string;
  readonly p50: number;
  readonly p95: number;
}

const CONNECTIONS = 20;

/** Milliseconds at the half and at 95 of 100 of `rounds` requests, 20 under way at once, each in its own scoped transaction. */
export async function latency(what: string, rounds: number, one: (n: number) => Promise<unknown>): Promise<Latency> {
  const taken: number[] = [];
  let next = 0;
  const worker = async () => {
    while (next < rounds) {
      const n = next++;
      const start = performance.now();
      await one(n);
      taken.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  taken.sort((a, b) => a - b);
  return { what, p50: taken[Math.floor(taken.length * 0.5)] ?? 0, p95: taken[Math.floor(taken.length * 0.95)] ?? 0 };
}

/** Lists, search and the why card under row security, on whatever bank the database holds. */
export async function readingSpeed(platform: Platform, rounds: number): Promise<Latency[]> {
  const { rows: staff } = await platform.worker.query<{ staff_id: string }>(
    'select staff_id from coverage.portfolio where customers > 0 order by customers desc limit 50',
  );
  const { rows: names } = await platform.worker.query<{ customer_id: string; initials: string }>(
    'select customer_id, initials from coverage.card where lead_staff is not null order by customer_id limit 500',
  );
  const units = [...(await scoped(platform.app, { staffId: 'bench' }, allUnits)).values()];
  const branches = units.filter((unit) => unit.level === 'branch');
  const outlets = units.filter((unit) => unit.level === 'outlet');
  const at = <T>(list: readonly T[], n: number): T => {
    const item = list[n % list.length];
    if (item === undefined) throw new Error('the bench has nothing to read');
    return item;
  };
  const inScope = (scope: Scope, work: (tx: Tx) => Promise<unknown>) => scoped(platform.app, scope, work);
  const unitList = (list: typeof units) => (n: number) => {
    const unit = at(list, n);
    const scope = { lo: unit.unit_no, hi: unit.last_no, staffId: 'bench' };
    return inScope(scope, (tx) =>
      listCustomers(tx, scope, { unit: { id: unit.id, level: unit.level, lo: unit.unit_no, hi: unit.last_no } }, { limit: 50 }),
    );
  };
  return [
    await latency('own portfolio', rounds, (n) => {
      const scope = { staffId: at(staff, n).staff_id };
      return inScope(scope, (tx) => listCustomers(tx, scope, {}, { limit: 50 }));
    }),
    await latency('outlet list', rounds, unitList(outlets)),
    await latency('branch list', rounds, unitList(branches)),
    await latency('search by initials in a branch', rounds, (n) => {
      const branch = at(branches, n);
      const scope = { lo: branch.unit_no, hi: branch.last_no, staffId: 'bench' };
      return inScope(scope, (tx) =>
        searchCustomers(tx, { scope, branchId: branch.id }, at(names, n * 7).initials, { limit: 20 }),
      );
    }),
    await latency('why card', rounds, (n) => {
      const scope = { lo: 1, hi: 1_000_000, staffId: 'bench' };
      const id = at(names, n).customer_id;
      return inScope(scope, async (tx) => {
        if ((await findCustomer(tx, scope, id)) === undefined) throw new Error(`${id} is not there`);
        await openCustomer(tx, id);
        await whyOf(tx, id);
      });
    }),
  ];
}
