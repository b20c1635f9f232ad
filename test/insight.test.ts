import type { FastifyInstance } from 'fastify';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROUTES } from '../src/app/capabilities.ts';
import { closeNight } from '../src/app/night.ts';
import { activateRates, shippedRates } from '../src/capabilities/insight/index.ts';
import { addDays } from '../src/kernel/business-date.ts';
import { COMMAND_LINE } from '../src/platform/audit/index.ts';
import { buildServer } from '../src/platform/http/server.ts';
import { type FreshPlatform, freshPlatform } from './support/database.ts';
import { temporaryFolder } from './support/folder.ts';
import { signedIn } from './support/signed-in.ts';
import { APPLIED_ON, TWO_BRANCHES, takeFolder, writeSmallBank } from './support/small-bank.ts';

// What a customer is worth and what similar ones hold, against counts made by hand.
let fresh: FreshPlatform;
let owner: pg.Pool;
let server: FastifyInstance;
let token: string;

beforeAll(async () => {
  fresh = await freshPlatform(() => new Date(`${addDays(TWO_BRANCHES.to, 1)}T02:00:00Z`));
  owner = new pg.Pool({ connectionString: fresh.ownerUrl, max: 1 });
  const { files } = await writeSmallBank(temporaryFolder('bank'), TWO_BRANCHES);
  await takeFolder(fresh.platform, files);
  await closeNight(fresh.platform, COMMAND_LINE, APPLIED_ON);
  server = await buildServer(fresh.platform, ROUTES, { demo: false, version: '0', webFolder: '/nonexistent' });
  const [admin] = await rows<{ id: string }>(
    `select s.id from organisation.staff s join organisation.org_unit u on u.id = s.org_unit_id
      where s.role = 'branch-admin' and s.left_on is null order by u.unit_no, s.id limit 1`,
  );
  token = await signedIn(fresh.platform, admin?.id ?? '');
}, 120_000);
afterAll(async () => {
  await server.close();
  await owner.end();
  await fresh.close();
});

const rows = async <T>(sql: string, values: unknown[] = []) => (await owner.query(sql, values)).rows as T[];

async function insight(customerId: string) {
  const answer = await server.inject({
    method: 'GET',
    url: `/api/customers/${customerId}/insight`,
    cookies: { guanhu_session: token },
  });
  expect(answer.statusCode).toBe(200);
  return answer.json();
}

interface Someone {
  readonly id: string;
  readonly tier: number;
  readonly birth: string;
  readonly held: readonly string[];
}
const everybody = () =>
  rows<Someone>(
    `select s.customer_id as id, s.tier, c.birth_date::text as birth,
            array(select distinct p.category from closing.position x join products.product p on p.code = x.product_code
                   where x.customer_id = s.customer_id and x.balance_fen > 0) as held
       from coverage.standing s join customers.customer c using (customer_id)
      where c.birth_date is not null and c.closed_on is null and c.merged_into is null order by 1`,
  );

describe('what similar customers hold', () => {
  it('equals counts made one by one', async () => {
    const people = await everybody();
    const ages = [0, 30, 40, 50, 60, 70];
    const years = (birth: string) =>
      Number(APPLIED_ON.slice(0, 4)) - Number(birth.slice(0, 4)) - (APPLIED_ON.slice(5) < birth.slice(5) ? 1 : 0);
    const groupOf = ({ tier, birth }: Someone) => `${tier}/${ages.findLast((from) => from <= years(birth))}`;
    const groups = new Map<string, Someone[]>();
    for (const one of people) groups.set(groupOf(one), [...(groups.get(groupOf(one)) ?? []), one]);
    const [biggest = []] = [...groups.values()].toSorted((x, y) => y.length - x.length);
    expect(biggest.length).toBeGreaterThan(30);
    const poor = biggest.toSorted((a, b) => a.held.length - b.held.length)[0] as Someone;
    const { peers } = await insight(poor.id);
    expect(peers.customers).toBe(biggest.length);
    const holders = (category: string) => biggest.filter(({ held }) => held.includes(category)).length;
    const expected = [...new Set(biggest.flatMap(({ held }) => held))]
      .filter((category) => !poor.held.includes(category) && holders(category) * 20 >= biggest.length)
      .map((category) => ({ category, holders: holders(category) }));
    expect(peers.missing.toSorted(byName)).toEqual(expected.toSorted(byName));
    expect(peers.missing.length).toBeGreaterThan(0);
  });
});

const byName = (a: { category: string }, b: { category: string }) => (a.category < b.category ? -1 : 1);

describe('what a customer is worth', () => {
  it('is shown once rates are in force, with a sum that adds up, and goes with the version', async () => {
    const people = await everybody();
    const rich = people.toSorted((a, b) => b.held.length - a.held.length)[0] as Someone;
    expect((await insight(rich.id)).value).toBeNull();
    await activateRates(fresh.platform, COMMAND_LINE, await shippedRates());
    const { value, mix } = await insight(rich.id);
    expect(value.version).toBe(1);
    expect(value.lines.length).toBeGreaterThan(1);
    const sum = value.lines.reduce((all: number, line: { balanceFen: number; basisPoints: number }) => {
      return all + Math.floor((line.balanceFen * line.basisPoints) / 10_000);
    }, 0);
    expect(value.yearFen).toBe(sum);
    expect(mix.map((line: { category: string }) => line.category)).toEqual(expect.arrayContaining([...rich.held]));
    await activateRates(fresh.platform, COMMAND_LINE, await shippedRates());
    const other = 'title: { zh: 试, en: try }\nrates: { fund: 1 }\n';
    expect(await activateRates(fresh.platform, COMMAND_LINE, other)).toMatchObject({ version: 2 });
    expect((await insight(rich.id)).value).toMatchObject({ version: 2, title: { zh: '试' } });
    await expect(activateRates(fresh.platform, COMMAND_LINE, 'title: x\n')).rejects.toThrow(/rates-faulty/);
  });
});
