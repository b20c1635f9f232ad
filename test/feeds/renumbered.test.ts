import { afterAll, beforeAll, expect, it } from 'vitest';
import { NUMBERED, RANGED } from '../../src/app/units-renumbered.ts';
import { openSender, type Sender, sendBasics } from './sender.ts';

let bank: Sender;
beforeAll(async () => {
  bank = await openSender();
  await sendBasics(bank);
});
afterAll(() => bank.close());

/** Kept by who follows the tree by the unit itself, or written once and sealed. */
const ELSEWHERE = new Set([
  ...['card', 'standing', 'decision', 'transfer', 'handover', 'handover_item', 'keep', 'by_staff', 'run_pool'].map(
    (table) => `coverage.${table}`,
  ),
  ...['organisation.org_unit', 'audit.entry'],
]);

it('every table that keeps the number of a unit follows when units are numbered anew', async () => {
  const tables = await bank.rows(
    `select distinct c.oid::regclass::text as name from pg_class c join pg_attribute a on a.attrelid = c.oid
      where c.relkind in ('r', 'p') and not c.relispartition and c.relpersistence = 'p' and a.attname in ('unit_no', 'lo')
        and c.relnamespace::regnamespace::text not in ('pg_catalog', 'information_schema')`,
  );
  const missing = tables.map(({ name }) => String(name)).filter((name) => !ELSEWHERE.has(name));
  expect([...missing].sort()).toEqual([...NUMBERED, ...RANGED].sort());
});

it('what was done in a unit stays with it, and comes into nobody else’s sight', async () => {
  await bank.send('contacts.csv', 'id,customer_id,staff_id,channel,at\nK1,C1,S1,电话,2026-06-29\nK2,C2,S2,电话,2026-06-29\n');
  await bank.send('sales.csv', 'id,customer_id,staff_id,product_code,amount,on\nT1,C1,S1,W1,1,2026-06-29\n');
  const held = () =>
    bank.rows(
      `select t.kind, t.id, u.id as unit from (
         select 'contact' as kind, feed_id as id, unit_no from engagement.contact
         union all select 'sale', sale_id, unit_no from ledgers.sale) t left join organisation.org_unit u on u.unit_no = t.unit_no order by 1, 2`,
    );
  const before = [
    { kind: 'contact', id: 'K1', unit: '111' },
    { kind: 'contact', id: 'K2', unit: '112' },
    { kind: 'sale', id: 'T1', unit: '111' },
  ];
  expect(await held()).toEqual(before);
  const numbers = () => bank.rows("select id, unit_no from organisation.org_unit where id in ('111', '112') order by id");
  const [first] = await numbers();
  // A new outlet stands before the others, so that all of them move on.
  await bank.send('org-units.csv', 'id,name,level,parent_id,district\n110,外滩网点,outlet,11,黄浦区\n');
  expect((await numbers())[0]?.unit_no).toBeGreaterThan(Number(first?.unit_no));
  expect(await held()).toEqual(before);
});
