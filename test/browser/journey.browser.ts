import { AxeBuilder } from '@axe-core/playwright';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type DemoServer, startDemo } from '../support/demo-server.ts';

const DESK = { width: 1440, height: 900 };
const PHONE = { width: 360, height: 780 };
const people = z.object({ items: z.array(z.object({ staffId: z.string(), role: z.string(), unitLevel: z.string() })) });

let demo: DemoServer;
beforeAll(async () => {
  demo = await startDemo();
}, 600_000);
afterAll(() => demo.stop());

interface Visit {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What the console called an error, less the question whether anybody is signed in. */
  readonly errors: string[];
}

async function visit(viewport: { width: number; height: number }, role?: string, level?: string): Promise<Visit> {
  const context = await demo.browser.newContext({ viewport, locale: 'zh-CN', baseURL: demo.url });
  if (role !== undefined) {
    const list = people.parse(await (await context.request.get('/api/demo/people')).json());
    const person = list.items.find((item) => item.role === role && (level === undefined || item.unitLevel === level));
    const answer = await context.request.post('/api/demo/session', { data: { staffId: person?.staffId } });
    expect(answer.status()).toBe(200);
  }
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('401')) errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(String(error)));
  return { context, page, errors };
}

const PATHS = ['/', '/customers', '/portfolios', '/schemes', '/runs', '/feeds', '/organisation'];

describe('a head-office administrator', () => {
  it.each(PATHS)('finds %s in order: an answer, no errors, readable by machines too', async (path) => {
    const { context, page, errors } = await visit(DESK, 'branch-admin', 'head-office');
    await page.goto(path);
    await page.locator('h1').waitFor();
    await page.waitForLoadState('networkidle');
    expect(await page.locator('h1').innerText()).not.toBe('');
    expect(errors).toEqual([]);
    const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag22aa']).analyze();
    const found = violations.map((violation) => `${violation.id}: ${violation.nodes[0]?.html.slice(0, 200)}`);
    expect(found).toEqual([]);
    await context.close();
  });

  it.each(PATHS)('can hold %s in one hand: nothing is wider than a phone', async (path) => {
    const { context, page, errors } = await visit(PHONE, 'branch-admin', 'head-office');
    await page.goto(path);
    await page.locator('h1').waitFor();
    await page.waitForLoadState('networkidle');
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(PHONE.width);
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
      expect(await page.locator('h1').innerText()).not.toMatch(/[\u4e00-\u9fff]/);
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

  it('as a system administrator sees no customer', async () => {
    const { context } = await visit(DESK, 'system-admin');
    expect((await context.request.get('/api/customers')).status()).toBe(403);
    await context.close();
  });
});

// Last, since they change the demo bank.
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
    expect(await border.getAttribute('aria-valuetext')).toBe('21 万');
    expect(await page.getByRole('spinbutton', { name: '财富下限' }).inputValue()).toBe('210,000');
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
