import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { bytesOfZip } from '../support/bytes-of-zip.ts';
import { type DemoServer, startDemo } from '../support/demo-server.ts';
import { describeDesk } from './desk.ts';
import { DESK, hindrances, PHONE, tooSmall, type Visit, type Visiting, visiting } from './visit.ts';

let demo: DemoServer;
beforeAll(async () => {
  demo = await startDemo();
}, 600_000);
afterAll(() => demo.stop());

const visit = (...asked: Parameters<Visiting>): Promise<Visit> => visiting(demo)(...asked);

const PATHS = [
  '/workbench',
  '/workbench?tab=rules',
  '/workbench?tab=outreach',
  '/calendar',
  '/meeting',
  '/board',
  '/',
  '/customers',
  '/groups',
  '/groups/youth',
  '/plans',
  '/plans?tab=teams',
  '/ledgers',
  '/ledgers?tab=customers',
  '/ledgers?tab=sales',
  '/ledgers?tab=log',
  '/ledgers?tab=corrections',
  '/portfolios',
  '/transfers',
  '/transfers?tab=keeps',
  '/schemes',
  '/runs',
  '/exports',
  '/feeds',
  '/organisation',
  '/handovers',
  '/handovers?tab=deputies',
  '/notices',
  '/account',
  '/api-docs',
];

const runs = z.object({ items: z.array(z.object({ runId: z.string(), kind: z.string(), state: z.string() })) });
const portfolios = z.object({ items: z.array(z.object({ staffId: z.string(), customers: z.number() })) });

async function appliedRun({ context }: Visit): Promise<string> {
  const { items } = runs.parse(await (await context.request.get('/api/runs?kind=full')).json());
  return items.find((run) => run.state === 'applied')?.runId ?? '';
}

async function largestPortfolio({ context }: Visit): Promise<string> {
  const { items } = portfolios.parse(await (await context.request.get('/api/portfolios?limit=200')).json());
  return items.toSorted((a, b) => b.customers - a.customers)[0]?.staffId ?? '';
}

describe('a head-office administrator', () => {
  it.each(PATHS)('finds %s in order: an answer, no errors, readable by machines too', async (path) => {
    const { context, page, errors } = await visit(DESK, 'branch-admin', 'head-office');
    await page.goto(path);
    await page.locator('h1').waitFor();
    await page.waitForLoadState('networkidle');
    expect(await page.locator('h1').innerText()).not.toBe('');
    expect(errors).toEqual([]);
    expect(await hindrances(page)).toEqual([]);
    await context.close();
  });

  it('reads every page in the dark as well, a run, a customer and a portfolio among them', async () => {
    const seen = await visit(DESK, 'branch-admin', 'head-office', 'dark');
    const { context, page, errors } = seen;
    const customers = z.object({ items: z.array(z.object({ customerId: z.string() })) });
    const list = customers.parse(await (await context.request.get('/api/customers?covered=yes&limit=1')).json());
    const more = [`/runs/${await appliedRun(seen)}`, `/customers/${list.items[0]?.customerId}`];
    for (const path of [...PATHS, ...more, `/portfolios/${await largestPortfolio(seen)}`, '/schemes/full-coverage@1']) {
      await page.goto(path);
      await page.locator('h1').waitFor();
      await page.waitForLoadState('networkidle');
      expect([path, await page.evaluate('document.documentElement.dataset.theme')]).toEqual([path, 'dark']);
      expect([path, await hindrances(page)]).toEqual([path, []]);
    }
    expect(errors).toEqual([]);
    await context.close();
  }, 180_000);

  it.each(PATHS)('can hold %s in one hand: nothing is wider than a phone', async (path) => {
    const { context, page, errors } = await visit(PHONE, 'branch-admin', 'head-office');
    await page.goto(path);
    await page.locator('h1').waitFor();
    await page.waitForLoadState('networkidle');
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(PHONE.width);
    expect(await tooSmall(page)).toEqual([]);
    expect(errors).toEqual([]);
    await context.close();
  });

  it('finds a customer by Ctrl K and reads why they are with whom they are', async () => {
    const { context, page, errors } = await visit(DESK, 'branch-admin', 'head-office');
    await page.goto('/');
    await page.locator('h1').waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').getByRole('textbox').fill('C0000');
    await page.getByRole('dialog').getByText('C0000').first().waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/customers\/C/);
    await page.getByText('积数').first().waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });

  it('finds a colleague by Ctrl K and comes to their portfolio', async () => {
    const seen = await visit(DESK, 'branch-admin', 'head-office');
    const { context, page, errors } = seen;
    const staffId = await largestPortfolio(seen);
    await page.goto('/');
    await page.locator('h1').waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').getByRole('textbox').fill(staffId);
    await page.getByRole('dialog').getByRole('button', { name: staffId }).first().waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/portfolios/${staffId}`);
    await page.getByRole('heading', { name: /户/ }).first().waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });

  it('goes down a long portfolio by j, and the row stays in sight', async () => {
    const seen = await visit(DESK, 'branch-admin', 'head-office');
    const { context, page, errors } = seen;
    await page.goto(`/portfolios/${await largestPortfolio(seen)}`);
    await page.locator('.ant-table-row').first().waitFor();
    const list = await page.locator('.ant-table-tbody-virtual').boundingBox();
    for (let pressed = 0; pressed < 60; pressed++) await page.keyboard.press('j');
    const row = page.locator('.row-at');
    await expect.poll(async () => (await row.boundingBox())?.y).toBeLessThan((list?.y ?? 0) + (list?.height ?? 0));
    expect((await row.boundingBox())?.y).toBeGreaterThanOrEqual(list?.y ?? Number.POSITIVE_INFINITY);
    const far = await row.getAttribute('data-row-key');
    for (let pressed = 0; pressed < 59; pressed++) await page.keyboard.press('k');
    await expect.poll(async () => (await row.boundingBox())?.y).toBeGreaterThanOrEqual(list?.y ?? 0);
    expect(await row.getAttribute('data-row-key')).not.toBe(far);
    expect(errors).toEqual([]);
    await context.close();
  });

  it('downloads a portfolio as a workbook with a watermark, after saying what for; a whole run waits for somebody else', async () => {
    const seen = await visit(DESK, 'branch-admin', 'head-office');
    const { context, page, errors } = seen;
    const askOn = async (path: string) => {
      await page.goto(path);
      await page.getByRole('button', { name: '导出 Excel' }).click();
      await page.getByLabel('用途').click();
      await page.getByTitle('管户梳理').click();
      await page.getByLabel('说明').fill('核对本季度新分配的客户');
    };
    await askOn(`/portfolios/${await largestPortfolio(seen)}`);
    const coming = page.waitForEvent('download');
    await page.getByRole('button', { name: /^申\s?请$/ }).click();
    const download = await coming;
    expect(download.suggestedFilename()).toMatch(/^管户包-.+\.xlsx$/);
    const text = bytesOfZip(await readFile(await download.path()));
    expect(text).toMatch(/<oddFooter>.*导出编号/);
    expect(new Set(text.match(/C\d{5,}/g)).size).toBeGreaterThan(10);
    await askOn(`/runs/${await appliedRun(seen)}`);
    await page.getByRole('button', { name: /^申\s?请$/ }).click();
    await page.waitForURL('**/exports');
    await page.getByText('待审批', { exact: true }).last().waitFor();
    await page.getByText('已领取').waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });

  it('lists full runs first; those of the night are a click away', async () => {
    const { context, page, errors } = await visit(DESK, 'branch-admin', 'head-office');
    await page.goto('/runs');
    const kinds = async () => new Set(await page.locator('.ant-table-row td:nth-child(2)').allInnerTexts());
    await page.locator('.ant-table-row').first().waitFor();
    await expect.poll(kinds).toEqual(new Set(['全面分户']));
    await page.getByText('每晚调整', { exact: true }).first().click();
    await page.waitForURL('**/runs?kind=nightly');
    await expect.poll(kinds).toEqual(new Set(['每晚调整']));
    expect(errors).toEqual([]);
    await context.close();
  });

  it('opens the simulated run from the overview and sees what applying would change', async () => {
    const { context, page, errors } = await visit(DESK, 'branch-admin', 'head-office');
    await page.goto('/');
    await page.getByRole('link', { name: /等待决定/ }).click();
    await page.waitForURL(/\/runs\//);
    await page.getByRole('button', { name: /应用本次分户/ }).waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });

  it('reads every page in English without a Chinese word of ours', async () => {
    const { context, page } = await visit(DESK, 'branch-admin', 'head-office');
    await page.goto('/');
    await page.locator('h1').waitFor();
    await page.getByRole('button', { name: 'EN', exact: true }).click();
    for (const path of ['/', '/customers', '/runs']) {
      await page.goto(path);
      await page.locator('h1').waitFor();
      await expect.poll(() => page.locator('h1').innerText()).not.toMatch(/[\u4e00-\u9fff]/);
    }
    await context.close();
  });
});

describe('each of the others', () => {
  it('chooses whom to be on the first page', async () => {
    const { context, page, errors } = await visit(DESK);
    await page.goto('/');
    await page
      .getByRole('button', { name: /理财客户经理/ })
      .first()
      .click();
    await page.getByRole('link', { name: '管户包' }).first().waitFor();
    expect(await page.getByRole('link', { name: '方案' }).count()).toBe(0);
    expect(errors).toEqual([]);
    await context.close();
  });

  it('as a wealth manager sees only customers of one portfolio', async () => {
    const { context } = await visit(DESK, 'wealth-manager');
    const row = z.object({
      items: z.array(
        z.object({ lead: z.object({ staffId: z.string() }).nullable(), joint: z.object({ staffId: z.string() }).nullable() }),
      ),
    });
    const me = z.object({ staffId: z.string() }).parse(await (await context.request.get('/api/session')).json());
    const list = row.parse(await (await context.request.get('/api/customers?limit=200')).json());
    expect(list.items.length).toBeGreaterThan(0);
    for (const item of list.items) expect([item.lead?.staffId, item.joint?.staffId]).toContain(me.staffId);
    await context.close();
  });

  it('stands in for whoever is away, under their own name, and is told so on every page', async () => {
    const today = new Date().toLocaleDateString('en-CA', { timeZone: 'Asia/Shanghai' });
    const who = z.object({ staffId: z.string(), name: z.string(), unitId: z.string() });
    const me = async ({ context }: Visit) => who.parse(await (await context.request.get('/api/session')).json());
    const [head, above, manager] = [
      await visit(DESK, 'outlet-head'),
      await visit(DESK, 'branch-admin', 'branch'),
      await visit(DESK, 'teller'),
    ];
    const [absent, deputy] = [await me(head), await me(manager)];
    const wish = { absent: absent.staffId, deputy: deputy.staffId, from: today, to: today, words: '参加培训' };
    const made = z.object({ deputyId: z.string() });
    const proposed = await above.context.request.post('/api/deputies', { data: wish });
    const { deputyId } = made.parse(await proposed.json());
    const bank = await visit(DESK, 'branch-admin', 'head-office');
    await bank.page.goto('/handovers?tab=deputies');
    await bank.page.getByRole('button', { name: '同意', exact: true }).click();
    await bank.page.getByRole('button', { name: '同意', exact: true }).last().click();
    await bank.page.getByText('已同意').first().waitFor();
    await manager.page.goto('/customers');
    await manager.page.getByRole('button', { name: `代 ${absent.name} 办理` }).click();
    await manager.page.getByText(`正在代 ${absent.name} 办理`).waitFor();
    await manager.page.goto('/portfolios');
    await manager.page.getByText(`正在代 ${absent.name} 办理`).waitFor();
    await manager.page.getByRole('button', { name: '切回本人' }).click();
    await manager.page.getByRole('button', { name: `代 ${absent.name} 办理` }).waitFor();
    const ended = await above.context.request.post(`/api/deputies/${deputyId}/step`, { data: { action: 'end' } });
    expect(ended.status()).toBe(200);
    expect(manager.errors).toEqual([]);
    for (const { context } of [head, above, manager, bank]) await context.close();
  });

  it('as an auditor finds who looked at a customer', async () => {
    const bank = await visit(DESK, 'branch-admin', 'head-office');
    const list = z.object({ items: z.array(z.object({ customerId: z.string() })) });
    const page = list.parse(await (await bank.context.request.get('/api/customers?covered=yes&limit=1')).json());
    const id = page.items[0]?.customerId ?? '';
    await bank.context.request.get(`/api/customers/${id}`);
    const auditor = await visit(DESK, 'auditor', 'head-office');
    await auditor.page.goto(`/audit?customerId=${id}`);
    await auditor.page.getByText('查看客户').first().waitFor();
    expect(await hindrances(auditor.page)).toEqual([]);
    expect(auditor.errors).toEqual([]);
    for (const { context } of [bank, auditor]) await context.close();
  });

  it('as a system administrator sees no customer', async () => {
    const { context } = await visit(DESK, 'system-admin');
    expect((await context.request.get('/api/customers')).status()).toBe(403);
    await context.close();
  });
});

// Last, since they change the demo bank.
// Before a run is applied: it may give a remote manager's customers to others.
describeDesk(visit);

describe('who decides', () => {
  it('drops a file with its control figures: refused when they differ, otherwise shown before it counts', async () => {
    const { context, page, errors } = await visit(DESK, 'branch-admin', 'head-office');
    await page.goto('/feeds');
    const products = 'code,name,category\nZ9,试投产品,理财\n';
    const drop = (figures: string) =>
      page.locator('input[type=file]').setInputFiles([
        { name: 'products.csv.ctl', mimeType: 'text/plain', buffer: Buffer.from(figures) },
        { name: 'products.csv', mimeType: 'text/csv', buffer: Buffer.from(products) },
      ]);
    await drop('rows=2\n');
    await page.getByText('这份文件没有入库').waitFor();
    await page
      .getByText(/控制文件.*2.*1/)
      .first()
      .waitFor();
    await page.keyboard.press('Escape');
    await drop('rows=1\n');
    await page.getByText('产品：1 行可以入库').waitFor();
    await page.getByRole('button', { name: '放弃这份文件' }).click();
    await page.getByText('已放弃，没有入库。').first().waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });

  it('moves a border, sees who would change band, and saves it under a name as a draft', async () => {
    const { context, page, errors } = await visit(DESK, 'branch-admin', 'head-office');
    await page.goto('/schemes/full-coverage@1');
    const border = page.getByRole('slider', { name: '财富下限' });
    await border.focus();
    await page.keyboard.press('ArrowUp');
    await expect.poll(() => border.getAttribute('aria-valuetext')).toBe('21 万');
    await expect.poll(() => page.getByRole('spinbutton', { name: '财富下限' }).inputValue()).toBe('210,000');
    await page
      .getByRole('status')
      .getByText(/[1-9]\d* 户换层/)
      .waitFor();
    await page.getByRole('button', { name: '另存为新版本' }).click();
    await page.getByLabel('方案名称（中文）').fill('财富从 21 万起');
    await page.getByRole('dialog').getByRole('button', { name: '另存为新版本' }).click();
    await page.getByRole('heading', { name: /财富从 21 万起第 2 版（草稿）/ }).waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });

  it('simulates a run, reads what applying writes, applies it, and finds the older simulation out of date', async () => {
    const { context, page, errors } = await visit(DESK, 'branch-admin', 'head-office');
    await page.goto('/');
    const older = await page.getByRole('link', { name: /等待决定/ }).getAttribute('href');
    await page.goto('/runs');
    await page.getByRole('button', { name: '新建试算' }).click();
    await page.getByRole('dialog').getByText('v1 · 在用').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: '开始试算' }).click();
    await page.getByRole('button', { name: '应用本次分户' }).click();
    await page
      .getByRole('dialog')
      .getByText(/将新建管户关系 [\d,]+ 条/)
      .waitFor();
    await page.getByRole('dialog').getByRole('button', { name: '应用本次分户' }).click();
    await page.getByText(/已应用，.* 起生效/).waitFor();
    await page.getByRole('button', { name: '应用本次分户' }).first().waitFor({ state: 'hidden' });
    await page.goto(older ?? '/runs');
    await page.getByText('试算之后数据已变').waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });
});
