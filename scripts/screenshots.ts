// `npm run screenshots`: pictures of the README, made from the demo bank as `npm start` makes it.
import { mkdir } from 'node:fs/promises';
import { z } from 'zod';
import { projectFile } from '../src/platform/files.ts';
import { startDemo } from '../test/support/demo-server.ts';

const people = z.object({ items: z.array(z.object({ staffId: z.string(), role: z.string(), unitLevel: z.string() })) });
const runs = z.object({ items: z.array(z.object({ runId: z.string(), kind: z.string(), state: z.string() })) });
const customers = z.object({ items: z.array(z.object({ customerId: z.string() })) });

const demo = await startDemo();
try {
  const context = await demo.browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN', baseURL: demo.url });
  const get = async (path: string): Promise<unknown> => (await context.request.get(path)).json();
  const list = people.parse(await get('/api/demo/people')).items;
  const become = (role: string, level: string) =>
    context.request.post('/api/demo/session', {
      data: { staffId: list.find((person) => person.role === role && person.unitLevel === level)?.staffId },
    });
  await become('branch-admin', 'head-office');
  const run = runs.parse(await get('/api/runs?limit=200')).items.find((item) => item.kind === 'full' && item.state === 'applied');
  const customer = customers.parse(await get('/api/customers?band=2&covered=yes&limit=20')).items.at(-1);
  const page = await context.newPage();
  const folder = projectFile('docs/pictures');
  await mkdir(folder, { recursive: true });
  const shoot = async (path: string, name: string) => {
    await page.goto(path);
    await page.locator('h1').waitFor();
    await page.waitForLoadState('networkidle');
    await page.screenshot({ path: `${folder}/${name}.png` });
  };
  await shoot(`/runs/${run?.runId}`, 'run');
  await shoot(`/customers/${customer?.customerId}`, 'why');
  await shoot('/', 'overview');
  await become('wealth-manager', 'outlet');
  await shoot('/workbench', 'workbench');
} finally {
  await demo.stop();
}
