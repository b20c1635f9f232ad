import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { Secret, TOTP } from 'otpauth';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type DemoServer, startIn } from '../support/demo-server.ts';
import { temporaryFolder } from '../support/folder.ts';
import { guanhu } from '../support/process.ts';

const PASSWORD = '月落乌啼霜满天 frost';
const root = temporaryFolder('sign-in');
const home = join(root, 'home');
let bank: DemoServer;

beforeAll(async () => {
  const files = join(root, 'files');
  mkdirSync(files);
  writeFileSync(join(files, 'org-units.csv'), 'id,name,level,parent_id\n0,示例银行,head-office,\n1,华东分行,branch,0\n');
  writeFileSync(join(files, 'staff.csv'), 'id,name,org_unit_id,role\nA0,陈管理,0,系统管理员\nS1,王小明,1,理财经理\n');
  expect(await guanhu(['feed', files], { GUANHU_HOME: home })).toMatchObject({ code: 0 });
  bank = await startIn(home);
}, 600_000);
afterAll(async () => {
  await bank.stop();
  rmSync(root, { recursive: true, force: true });
});

async function isFit(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag22aa']).analyze();
  expect(violations.map((violation) => `${violation.id}: ${violation.nodes[0]?.html.slice(0, 200)}`)).toEqual([]);
  const wide = await page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
  expect(wide).toBeLessThanOrEqual(0);
}

async function setPassword(page: Page): Promise<void> {
  await page.getByLabel('新密码').fill(PASSWORD);
  await page.getByLabel('再输一遍').fill(PASSWORD);
  await page.getByRole('button', { name: '保存' }).click();
  await page.getByRole('link', { name: '去登录' }).click();
}

async function enter(page: Page, staffId: string): Promise<void> {
  await page.getByRole('heading', { name: '登录管户' }).waitFor();
  await page.getByLabel('员工号').fill(staffId);
  await page.getByLabel('密码', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: '登录', exact: true }).click();
}

it.each([
  ['desk', { width: 1440, height: 900 }],
  ['phone', { width: 360, height: 780 }],
])(
  'goes from the terminal’s link to a signed-in administrator who opens another account, on a %s',
  async (_where, viewport) => {
    const reset = await guanhu(['account', 'reset', 'A0', '--second-factor', '--json'], { GUANHU_HOME: home });
    const [, code] = JSON.parse(reset.stdout).link.split('#');
    const context = await bank.browser.newContext({ viewport, locale: 'zh-CN', baseURL: bank.url });
    const page = await context.newPage();
    const errors: string[] = [];
    // Whether this is a demo and whether anybody is signed in are questions, answered 404 and 401.
    page.on('console', (message) => {
      if (message.type() === 'error' && !/40[14]/.test(message.text()))
        errors.push(`${message.text()} ${message.location().url}`);
    });
    page.on('pageerror', (error) => errors.push(String(error)));

    await page.goto(`/setup#${code}`);
    await page.getByLabel('再输一遍').waitFor();
    expect(page.url()).not.toContain(code);
    await isFit(page);
    await setPassword(page);
    await page.getByLabel('员工号').waitFor();
    await isFit(page);
    await enter(page, 'A0');

    await page.getByRole('heading', { name: '先启用动态口令' }).waitFor();
    await page.getByLabel('当前密码').fill(PASSWORD);
    await page.getByRole('button', { name: '下一步' }).click();
    const secret = await page.locator('.enrol code').innerText();
    await isFit(page);
    await page.getByLabel('动态口令', { exact: true }).fill(new TOTP({ secret: Secret.fromBase32(secret) }).generate());
    await page.getByRole('button', { name: '完成启用' }).click();
    await page.getByRole('button', { name: '我已收好' }).waitFor();
    const recovery = await page.locator('.recovery code').first().innerText();
    await page.getByRole('button', { name: '我已收好' }).click();

    await page.getByRole('link', { name: '我的登录' }).click();
    await page.getByRole('heading', { name: '您在 1 台设备上登录着。' }).waitFor();
    await page.getByRole('button', { name: '生成一次性链接' }).waitFor();
    await isFit(page);
    await page.getByLabel('员工号').fill('S1');
    await page.getByRole('button', { name: '生成一次性链接' }).click();
    const link = await page.locator('.one-time-link').innerText();
    expect(link).toMatch(/\/setup#\S{43}$/);

    await page.getByRole('button', { name: '退出' }).click();
    await enter(page, 'A0');
    await page.getByLabel('动态口令').fill(recovery);
    await page.getByRole('button', { name: '登录', exact: true }).click();
    await page.getByRole('link', { name: '我的登录' }).waitFor();

    const other = await bank.browser.newContext({ viewport, locale: 'zh-CN' });
    const theirs = await other.newPage();
    await theirs.goto(link);
    await setPassword(theirs);
    await enter(theirs, 'S1');
    await theirs.getByRole('link', { name: '我的登录' }).waitFor();
    expect(errors).toEqual([]);
    await other.close();
    await context.close();
  },
  120_000,
);
