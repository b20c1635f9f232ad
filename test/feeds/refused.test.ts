import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CUSTOMERS, openSender, POSITIONS, PRODUCTS, type Sender, STAFF, sendBasics, UNITS } from './sender.ts';

let bank: Sender;
beforeAll(async () => {
  bank = await openSender();
  await sendBasics(bank);
});
afterAll(() => bank.close());

async function everything(): Promise<unknown> {
  const tables = ['organisation.org_unit', 'organisation.staff', 'products.product', 'customers.customer', 'feed.held'];
  return Promise.all(tables.map((table) => bank.rows(`select * from ${table} t order by t::text`)));
}

interface Bad {
  readonly name: string;
  readonly file: string;
  readonly text: string;
  /** code, line, column, offending text of each problem */
  readonly problems: readonly (readonly [string, number | undefined, string, string])[];
}

const POSITIONS_HEAD = 'customer_id,outlet_id,product_code,balance\n';
const BAD: readonly Bad[] = [
  {
    name: 'positions at an outlet that is not there',
    file: 'positions-2026-06-29.csv',
    text: `${POSITIONS_HEAD}C1,111,D1,1\nC2,999,D1,2\n`,
    problems: [['unknown-unit', 3, 'outlet_id', '999']],
  },
  {
    name: 'positions at a branch',
    file: 'positions-2026-06-29.csv',
    text: `客户号,网点,产品代码,余额\nC1,1,D1,1\n`,
    problems: [['not-an-outlet', 2, '网点', '1']],
  },
  {
    name: 'positions in a product that is not there',
    file: 'positions-2026-06-29.csv',
    text: `${POSITIONS_HEAD}C1,111,X1,1\n`,
    problems: [['unknown-product', 2, 'product_code', 'X1']],
  },
  {
    name: 'positions of a customer who is not there',
    file: 'positions-2026-06-29.csv',
    text: `${POSITIONS_HEAD}C9,111,D1,1\nC9,112,D1,1\n`,
    problems: [
      ['unknown-customer', 2, 'customer_id', 'C9'],
      ['unknown-customer', 3, 'customer_id', 'C9'],
    ],
  },
  {
    name: 'positions of a customer who was closed before',
    file: 'positions-2026-06-29.csv',
    text: `${POSITIONS_HEAD}C3,111,D1,1\nC3,112,D1,0\n`,
    problems: [['customer-closed', 2, 'customer_id', 'C3']],
  },
  {
    name: 'an org tree with a cycle',
    file: 'org-units.csv',
    text: 'id,name,level,parent_id\n21,甲支行,sub-branch,22\n22,乙支行,sub-branch,21\n',
    problems: [
      ['unit-cycle', 2, 'parent_id', '21'],
      ['unit-cycle', 3, 'parent_id', '22'],
    ],
  },
  {
    name: 'a unit under a parent that is not there',
    file: 'org-units.csv',
    text: 'id,name,level,parent_id\n21,甲支行,sub-branch,77\n',
    problems: [['unknown-unit', 2, 'parent_id', '77']],
  },
  {
    name: 'a second head office',
    file: 'org-units.csv',
    text: 'id,name,level,parent_id\nH2,又一总行,总行,\n',
    problems: [['unit-root-twice', 2, 'parent_id', 'H2']],
  },
  {
    name: 'levels that do not nest',
    file: 'org-units.csv',
    text: 'id,name,level,parent_id\n2,直属网点,outlet,0\n113,网点下的网点,outlet,111\n',
    problems: [
      ['unit-level', 2, 'level', '2'],
      ['unit-level', 3, 'level', '113'],
    ],
  },
  {
    name: 'a sub-branch that becomes an outlet while outlets hang under it',
    file: 'org-units.csv',
    text: 'id,name,level,parent_id\n11,浦东支行,outlet,1\n',
    problems: [
      ['unit-level', 2, 'level', '111'],
      ['unit-level', 2, 'level', '112'],
    ],
  },
  {
    name: 'staff in no unit',
    file: 'staff.csv',
    text: 'id,name,org_unit_id,role\nS9,张三,404,柜员\n',
    problems: [['unknown-unit', 2, 'org_unit_id', '404']],
  },
  {
    name: 'staff who left before they came',
    file: 'staff.csv',
    text: 'id,name,org_unit_id,role,hired_on,left_on\nS9,张三,111,柜员,2026-02-01,2026-01-31\n',
    problems: [['left-before-hired', 2, 'left_on', '2026-01-31']],
  },
  {
    name: 'a leaving date before the hiring date that is stored',
    file: 'staff.csv',
    text: 'id,name,org_unit_id,role,left_on\nS1,王小明,111,理财经理,2019-12-31\n',
    problems: [['left-before-hired', 2, 'left_on', '2019-12-31']],
  },
  {
    name: 'a customer merged into one who is not there',
    file: 'customers.csv',
    text: 'id,name,merged_into\nC2,钱二,C404\n',
    problems: [['unknown-customer', 2, 'merged_into', 'C404']],
  },
  {
    name: 'customers merged in a circle with one that stands',
    file: 'customers.csv',
    text: 'id,name,merged_into\nC1,赵一,C4\n',
    problems: [['merge-cycle', 2, 'merged_into', 'C1']],
  },
  {
    name: 'a customer closed before opened',
    file: 'customers.csv',
    text: 'id,name,opened_on,closed_on\nC5,周五,2026-02-02,2026-02-01\n',
    problems: [['closed-before-opened', 2, 'closed_on', '2026-02-01']],
  },
  {
    name: 'an assignment to somebody who has left',
    file: 'assignments.csv',
    text: 'customer_id,staff_id\nC1,S3\nC8,S1\nC1,S8\n',
    problems: [
      ['staff-left', 2, 'staff_id', 'S3'],
      ['unknown-customer', 3, 'customer_id', 'C8'],
      ['unknown-staff', 4, 'staff_id', 'S8'],
    ],
  },
];

describe('a file that disagrees with what stands is refused whole, and says where, why and what to do', () => {
  test.each(BAD.map((bad) => [bad.name, bad] as const))('%s', async (_name, bad) => {
    const before = await everything();
    const record = await bank.send(bad.file, bad.text);
    expect(record.state).toBe('refused');
    expect(record.problems.map((problem) => [problem.code, problem.line, problem.column, problem.text])).toEqual(bad.problems);
    for (const { reason, remedy, file } of record.problems) {
      expect(file).toBe(bad.file);
      expect(`${reason.zh}${remedy.zh}`).toMatch(/[\u4e00-\u9fff]/);
      expect(reason.en && remedy.en).toBeTruthy();
    }
    expect(await everything()).toEqual(before);
  });

  test('a wrong control total', async () => {
    const record = await bank.send('positions-2026-06-29.csv', POSITIONS, { control: 'rows=3\nbalance=51020.49\n' });
    expect(record).toMatchObject({ state: 'refused', problems: [{ code: 'control-balance' }] });
  });

  test('[SECURITY 19] a file with PINs is refused and not kept, not even as sent', async () => {
    const record = await bank.send('customers.csv', 'id,name,交易密码\nC1,赵一,864213\n');
    expect(record).toMatchObject({ state: 'refused', problems: [{ code: 'header-secret', column: '交易密码' }] });
    const { archive, home } = bank.desk.platform;
    expect(existsSync(join(archive, 'raw', record.sha256 ?? ''))).toBe(false);
    const left = readdirSync(home, { recursive: true, encoding: 'utf8' }).filter((name) => statSync(join(home, name)).isFile());
    expect(left.filter((name) => readFileSync(join(home, name)).includes('864213'))).toEqual([]);
  });

  test('a name that is none of a feed’s', async () => {
    await expect(bank.send('惊喜.csv', POSITIONS)).rejects.toMatchObject({ refusal: { code: 'feed-name' } });
  });

  test('a bank without a head office', async () => {
    const other = await openSender();
    try {
      const record = await other.send('org-units.csv', 'id,name,level,parent_id\n1,分行,branch,2\n2,支行,sub-branch,1\n');
      expect(record.state).toBe('refused');
      expect(record.problems.map((problem) => problem.code)).toContain('unit-root-missing');
    } finally {
      await other.close();
    }
  });
});

describe('two files for one day', () => {
  test('the first stands; a different one needs a higher revision', async () => {
    expect(await bank.send('positions-2026-06-28.csv', POSITIONS)).toMatchObject({ state: 'accepted', revision: 1 });
    expect(await bank.send('positions-2026-06-28.csv', POSITIONS)).toMatchObject({ state: 'unchanged' });
    const other = `${POSITIONS}C2,111,D1,7\n`;
    const refused = await bank.send('positions-2026-06-28.csv', other);
    expect(refused).toMatchObject({ state: 'refused', problems: [{ code: 'day-taken' }] });
    expect(refused.problems[0]?.remedy.zh).toContain('positions-2026-06-28.2.csv');
    expect(await bank.send('positions-2026-06-28.2.csv', other)).toMatchObject({ state: 'accepted', revision: 2 });
  });
});

describe('tolerance', () => {
  const many = `id,name,org_unit_id,role\n${Array.from({ length: 99 }, (_, n) => `T${n},张三,111,柜员`).join('\n')}\nT99,李四,404,柜员\n`;
  test('one bad row of a hundred is too many at 0.5 %, and passes at 1 %', async () => {
    expect(await bank.send('staff.csv', many, { tolerateBp: 50 })).toMatchObject({ state: 'refused', rejected: 1 });
    const passed = await bank.send('staff.csv', many, { tolerateBp: 100 });
    expect(passed).toMatchObject({ state: 'accepted', rows: 99, rejected: 1, effect: { added: 99 } });
    expect(passed.problems).toMatchObject([{ code: 'unknown-unit', line: 101 }]);
    expect(await bank.rows("select count(*)::int as n from organisation.staff where id like 'T%'")).toEqual([{ n: 99 }]);
  });
  test('what hangs under a rejected unit is rejected with it', async () => {
    const units = `${UNITS}13,丙支行,sub-branch,404,\n131,丁网点,outlet,13,\n`;
    const passed = await bank.send('org-units.csv', units, { tolerateBp: 5000 });
    expect(passed).toMatchObject({ state: 'accepted', rejected: 2, effect: { added: 0, changed: 0, same: 6 } });
  });
});

test('files that change nothing are accepted and say so', async () => {
  for (const [name, text] of Object.entries({
    'staff.csv': STAFF,
    'products.csv': `${PRODUCTS}\n`,
    'customers.csv': `${CUSTOMERS}C5,周五,,,,,\n`,
  })) {
    expect((await bank.send(name, text)).state).toMatch(/accepted|unchanged/);
  }
  expect(await bank.send('customers.csv', CUSTOMERS)).toMatchObject({
    state: 'accepted',
    effect: { added: 0, changed: 0, same: 4 },
  });
});
