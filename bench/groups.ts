import pg from 'pg';
import { refreshGroups } from '../src/capabilities/groups/index.ts';
import { membersOf } from '../src/capabilities/groups/reads/groups.ts';
import { countRule } from '../src/capabilities/groups/service/groups.ts';
import { type Person, personById } from '../src/platform/auth/session.ts';
import type { Platform } from '../src/platform/context.ts';
import { scoped } from '../src/platform/db/transaction.ts';

/** Seconds of a refresh of all groups, and milliseconds of what somebody waits for. */
export interface GroupFigures {
  readonly stays: number;
  readonly 'first refresh s': number;
  readonly 'nothing changed s': number;
  /** 1 = a night on which nobody changed costs as much as the first. */
  readonly 'nothing changed ÷ first': number;
  readonly 'count, whole bank ms': number;
  readonly 'members, whole bank ms': number;
}

async function timed<T>(work: () => Promise<T>): Promise<{ readonly ms: number; readonly result: T }> {
  const start = performance.now();
  const result = await work();
  return { ms: performance.now() - start, result };
}

const RULE = '{"all":[{"field":"age","from":30},{"not":{"field":"deposits_share","from":80}},{"field":"talks_90","below":1}]}';

/** Somebody of the bench's bank, who sees all of it. */
async function wholeBank(platform: Platform): Promise<Person> {
  const { rows } = await platform.worker.query<{ id: string; lo: number; hi: number }>(
    `select (select min(staff_id) from coverage.portfolio) as id, min(unit_no) as lo, max(last_no) as hi from organisation.org_unit`,
  );
  const [found] = rows;
  const person = found && (await personById(platform.app, found.id, platform.now()));
  if (found === undefined || person === undefined) throw new Error('the bench has nobody at work');
  return { ...person, scope: { lo: found.lo, hi: found.hi, staffId: person.staffId } };
}

/** Ages and what is held: the bench's bank has balances alone. */
async function fillIn(ownerUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query("update customers.customer set birth_date = date '1940-01-01' + abs(hashtext(customer_id)) % 25000");
    await client.query(
      "insert into products.product (code, name, category) values ('BD', 'BD', 'time-deposit'), ('BF', 'BF', 'fund')",
    );
    await client.query(`insert into closing.position (customer_id, outlet_id, product_code, balance_fen, since)
      select customer_id, coalesce(home_outlet, ''), case when hashtext(customer_id) % 3 = 0 then 'BF' else 'BD' end, assets_fen, from_date
        from closing.balance where assets_fen > 0`);
  } finally {
    await client.end();
  }
}

/** Groups of a closed bank: everybody for the first time, then a night on which nobody changed, then what the whole bank asks. */
export async function groupSpeed(platform: Platform, ownerUrl: string): Promise<GroupFigures> {
  await fillIn(ownerUrl);
  const first = await timed(() => refreshGroups(platform));
  const quiet = await timed(() => refreshGroups(platform));
  const person = await wholeBank(platform);
  const count = await timed(() => countRule({ platform, person }, RULE));
  const members = await timed(() =>
    scoped(platform.app, person.scope, (tx) => membersOf(tx, person.scope, { groupId: 'investor', shown: 'in' }, { limit: 100 })),
  );
  return {
    stays: first.result.entered,
    'first refresh s': first.ms / 1000,
    'nothing changed s': quiet.ms / 1000,
    'nothing changed ÷ first': quiet.ms / first.ms,
    'count, whole bank ms': count.ms,
    'members, whole bank ms': members.ms,
  };
}
