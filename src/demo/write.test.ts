import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addDays, type BusinessDate, businessDate, weekday } from '../kernel/business-date.ts';
import { parseYuan, yuanText } from '../kernel/money.ts';
import { Refused } from '../kernel/refusal.ts';
import { isAsset, PRODUCTS } from './catalogue.ts';
import { idCheckDigit } from './identity.ts';
import { type DemoSummary, LATER, writeDemoBank } from './write.ts';

const FROM = businessDate('2026-01-01');
const TO = businessDate('2026-04-15');
const CUSTOMERS = 20_000;

const root = mkdtempSync(join(tmpdir(), 'guanhu-demo-'));
const dir = join(root, 'bank');
let summary: DemoSummary;

beforeAll(async () => {
  summary = await writeDemoBank({ dir, customers: CUSTOMERS, seed: 'test', from: FROM, to: TO });
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

type Row = Readonly<Record<string, string>>;

function rowsOf(path: string): Row[] {
  const [header = '', ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n');
  const names = header.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    if (cells.length !== names.length) expect.fail(`${path}: ${line}`);
    return Object.fromEntries(names.map((name, i) => [name, cells[i] ?? '']));
  });
}

const table = (name: string) => rowsOf(join(dir, name));
const dataFiles = (folder: string) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.csv'))
    .map((name) => join(folder, name));
const balanceOf = (row: Row) => parseYuan(row.balance ?? '') ?? Number.NaN;
const keyOf = (row: Row) => `${row.customer_id} ${row.outlet_id} ${row.product_code}`;

/** Positions files in the order of their days, the corrected ones in place of the faulty. */
function positionFiles(): { day: string; path: string }[] {
  const byDay = new Map<string, string>();
  for (const path of [...dataFiles(dir), ...dataFiles(join(dir, LATER))]) {
    const day = /positions-(\d{4}-\d\d-\d\d)/.exec(path)?.[1];
    if (day) byDay.set(day, path);
  }
  return [...byDay].sort(([a], [b]) => (a < b ? -1 : 1)).map(([day, path]) => ({ day, path }));
}

function digestOfFolder(folder: string): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    hash.update(name);
    if (/\.(csv|ctl)$/.test(name)) hash.update(readFileSync(join(folder, name)));
  }
  return hash.digest('hex');
}

/** Assets in fen by customer, from the rows of a full day. */
function assetsByCustomer(rows: readonly Row[]): Map<string, number> {
  const assets = new Map<string, number>();
  const products = new Map(PRODUCTS.map((product) => [product.code, product]));
  for (const row of rows) {
    const product = products.get(row.product_code ?? '');
    if (!product || !isAsset(product)) continue;
    assets.set(row.customer_id ?? '', (assets.get(row.customer_id ?? '') ?? 0) + balanceOf(row));
  }
  return assets;
}

describe('the demo bank', () => {
  it('gives the same bytes for the same seed, others for another', async () => {
    const write = async (name: string, seed: string) => {
      const folder = join(root, name);
      await writeDemoBank({ dir: folder, customers: 2000, seed, from: FROM, to: businessDate('2026-03-10') });
      return digestOfFolder(folder);
    };
    const [one, same, other] = [await write('one', '7'), await write('same', '7'), await write('other', '8')];
    expect(same).toBe(one);
    expect(other).not.toBe(one);
  });

  it('has the golden pyramid of S4 on its first day: counts within 0.01 and asset shares within 0.5 points', () => {
    const assets = [...assetsByCustomer(table(`positions-${summary.firstDay}.csv`)).values()];
    const total = assets.reduce((sum, value) => sum + value, 0);
    const tier = (fromYuan: number, toYuan: number) => assets.filter((value) => value >= fromYuan * 100 && value < toYuan * 100);
    const percent = (part: readonly number[]) => [
      (part.length / CUSTOMERS) * 100,
      (part.reduce((sum, value) => sum + value, 0) / total) * 100,
    ];
    const [ordinaryCount = 0, ordinaryAssets = 0] = percent(tier(0, 5000));
    const [potentialCount = 0, potentialAssets = 0] = percent(tier(5000, 50_000));
    const [middleCount = 0, middleAssets = 0] = percent(tier(50_000, Number.MAX_SAFE_INTEGER));
    const [privateCount = 0, privateAssets = 0] = percent(tier(8_000_000, Number.MAX_SAFE_INTEGER));
    expect(assets).toHaveLength(CUSTOMERS);
    for (const [share, golden] of [
      [ordinaryCount, 85.23],
      [potentialCount, 10.61],
      [middleCount, 4.15],
      [privateCount, 0.01],
    ] as const) {
      expect(Math.abs(share - golden)).toBeLessThanOrEqual(0.01);
    }
    for (const [share, golden] of [
      [ordinaryAssets, 2.08],
      [potentialAssets, 11.27],
      [middleAssets, 86.65],
      [privateAssets, 10.05],
    ] as const) {
      expect(Math.abs(share - golden)).toBeLessThanOrEqual(0.5);
    }
    for (const [from, to] of [
      [6_000_000, 1e12],
      [200_000, 6_000_000],
      [50_000, 200_000],
      [10_000, 50_000],
    ] as const) {
      expect(tier(from, to).length).toBeGreaterThan(0);
    }
  });

  it('gives control totals that agree with every file', () => {
    const files = [...dataFiles(dir), ...dataFiles(join(dir, LATER))];
    expect(files).toHaveLength(summary.files);
    for (const path of files) {
      const rows = rowsOf(path);
      const said = readFileSync(`${path}.ctl`, 'utf8');
      const balance = rows.reduce((sum, row) => sum + BigInt(balanceOf(row) || 0), 0n);
      expect(said).toBe(
        path.includes('positions-') ? `rows=${rows.length}\nbalance=${yuanText(balance)}\n` : `rows=${rows.length}\n`,
      );
    }
  });

  it('names only customers, outlets and products that it sends, one row each, and no balance falls below zero', () => {
    const outlets = new Set(
      table('org-units.csv')
        .filter((row) => row.level === 'outlet')
        .map((row) => row.id),
    );
    const products = new Set(table('products.csv').map((row) => row.code));
    const customers = new Map(table('customers.csv').map((row) => [row.id, row]));
    for (const { day, path } of positionFiles()) {
      if (readdirSync(dir).includes(`customers-${day}.csv`))
        for (const row of table(`customers-${day}.csv`)) customers.set(row.id, row);
      const seen = new Set<string>();
      for (const row of rowsOf(path)) {
        const customer = customers.get(row.customer_id);
        const closed = customer?.closed_on ?? '';
        const sound = customer && (closed === '' || closed > day) && outlets.has(row.outlet_id) && products.has(row.product_code);
        if (!sound || !(balanceOf(row) >= 0) || seen.has(keyOf(row))) expect.fail(`${path}: ${JSON.stringify(row)}`);
        seen.add(keyOf(row));
      }
    }
  });

  it('leaves nothing to closed and merged customers once the changes of all days are applied', () => {
    const balances = new Map<string, number>();
    for (const { path } of positionFiles()) for (const row of rowsOf(path)) balances.set(keyOf(row), balanceOf(row));
    const left = (id: string) => [...balances].filter(([key, balance]) => key.startsWith(`${id} `) && balance > 0);
    const updates = dataFiles(dir)
      .filter((path) => /customers-\d/.test(path))
      .flatMap(rowsOf);
    const closed = updates.filter((row) => row.closed_on !== '');
    const merged = updates.filter((row) => row.merged_into !== '');
    expect(closed.length).toBeGreaterThan(5);
    expect(merged.length).toBeGreaterThan(1);
    for (const row of [...closed, ...merged]) expect(left(row.id ?? '')).toEqual([]);
    const people = new Map(table('customers.csv').map((row) => [row.id, row]));
    for (const row of merged) expect(people.get(row.merged_into)?.id_number).toBe(row.id_number);
  });

  it('has papers with a right check digit in unassigned areas, and mobiles out of service', () => {
    expect(idCheckDigit('11010519491231002')).toBe('X'); // the standard's own example (GB 11643)
    const people = table('customers.csv');
    for (const row of people) {
      const number = row.id_number ?? '';
      const born = (row.birth_date ?? '').replaceAll('-', '');
      const isMale = Number(number[16]) % 2 === 1;
      const sound =
        /^99\d{15}[\dX]$/.test(number) && number[17] === idCheckDigit(number.slice(0, 17)) && number.slice(6, 14) === born;
      if (!sound || isMale !== (row.gender === '男') || !/^100\d{8}$/.test(row.mobile ?? '')) expect.fail(JSON.stringify(row));
    }
    expect(new Set(people.map((row) => row.mobile)).size).toBeGreaterThan(people.length - 10);
    expect(people.some((row) => /[𠮷䶮·]/u.test(row.name ?? ''))).toBe(true);
  });

  it('sends nothing on weekends, one day late and one day twice', () => {
    const days = positionFiles().map(({ day }) => businessDate(day));
    const expected: BusinessDate[] = [];
    for (let day = FROM; day <= TO; day = addDays(day, 1)) if (![0, 6].includes(weekday(day))) expected.push(day);
    expect(days).toEqual(expected);
    expect(
      readdirSync(join(dir, LATER))
        .filter((name) => name.endsWith('.csv'))
        .sort(),
    ).toEqual([`positions-${summary.lateDay}.delta.csv`, `positions-${summary.restatedDay}.2.delta.csv`].sort());
    expect(readdirSync(dir)).toContain(`positions-${summary.restatedDay}.delta.csv`);
    expect(readdirSync(dir)).not.toContain(`positions-${summary.lateDay}.delta.csv`);
  });

  it('leaves some pools without staff and some with plenty', () => {
    const staff = table('staff.csv');
    const outlets = table('org-units.csv').filter((row) => row.level === 'outlet');
    const heads = (role: string) =>
      outlets.map((outlet) => staff.filter((row) => row.org_unit_id === outlet.id && row.role === role).length);
    expect(Math.min(...heads('wealth-manager'))).toBe(0);
    expect(Math.max(...heads('wealth-manager'))).toBeGreaterThanOrEqual(3);
    expect(Math.min(...heads('loan-manager'))).toBe(0);
    expect(staff.some((row) => row.share === '0.5')).toBe(true);
    expect(staff.some((row) => (row.left_on ?? '') > FROM)).toBe(true);
    expect(staff.some((row) => (row.hired_on ?? '') > FROM)).toBe(true);
  });

  it('refuses a folder with files in it, no customers, and days without business', async () => {
    const attempt = (change: object) =>
      writeDemoBank({ dir: join(root, 'none'), customers: 1000, seed: '1', from: FROM, to: TO, ...change });
    await expect(attempt({ dir })).rejects.toThrow(Refused);
    await expect(attempt({ customers: 0 })).rejects.toThrow(/demo-size/);
    await expect(attempt({ from: businessDate('2026-01-03'), to: businessDate('2026-01-04') })).rejects.toThrow(/demo-no-day/);
  });
});
