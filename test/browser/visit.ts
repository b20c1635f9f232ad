import { AxeBuilder } from '@axe-core/playwright';
import type { BrowserContext, Page } from 'playwright-core';
import { expect, onTestFailed } from 'vitest';
import { z } from 'zod';
import type { DemoServer } from '../support/demo-server.ts';

export const DESK = { width: 1440, height: 900 };
export const PHONE = { width: 360, height: 780 };
const people = z.object({
  items: z.array(z.object({ staffId: z.string(), role: z.string(), unitLevel: z.string() })),
});

export interface Visit {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What the console called an error, less the question whether anybody is signed in. */
  readonly errors: string[];
}
export type Visiting = (
  viewport: { width: number; height: number },
  role?: string,
  level?: string,
  colorScheme?: 'light' | 'dark',
) => Promise<Visit>;

/** Opens a window on the demo, as somebody of a role, or as nobody yet. */
export function visiting(demo: DemoServer): Visiting {
  return async (viewport, role, level, colorScheme = 'light') => {
    const context = await demo.browser.newContext({
      viewport,
      locale: 'zh-CN',
      baseURL: demo.url,
      colorScheme,
      // A window that is half faded in can't be judged for contrast.
      reducedMotion: 'reduce',
    });
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
    onTestFailed(async () => {
      const seen = page.isClosed() ? 'a closed page' : await page.locator('body').innerText();
      process.stderr.write(`${page.url()} showed:\n${seen}\n${errors.join('\n')}\n`);
    });
    return { context, page, errors };
  };
}

const FRAMES =
  '.ant-select, .ant-picker, .ant-input-number, .ant-input-affix-wrapper, .ant-radio-button-wrapper, .ant-segmented-item';
const CONTROLS = `button, textarea, input:not([type=hidden], [type=checkbox]), .ant-tabs-tab, ${FRAMES}`;
/** What is measured with its frame. */
const INSIDE = `${FRAMES}, .ant-tabs-nav-operations, .ant-checkbox-wrapper`;

/** Controls that a thumb would miss: lower than 40 px. Links among words are as high as the words. */
export function tooSmall(page: Page): Promise<string[]> {
  return page.evaluate(`[...document.querySelectorAll('${CONTROLS}')].flatMap((one) => {
    const { width, height } = one.getBoundingClientRect();
    const isInside = !one.matches('${FRAMES}') && one.closest('${INSIDE}') !== null;
    if (isInside || width === 0 || height === 0 || height >= 40) return [];
    return [[one.innerText.slice(0, 20), one.className, Math.round(width), Math.round(height)].join(' ')];
  })`);
}

/** What keeps a page from being read by everybody, machines included. */
export async function hindrances(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag22aa']).analyze();
  return violations.map((violation) => `${violation.id}: ${violation.nodes[0]?.html.slice(0, 200)}`);
}
