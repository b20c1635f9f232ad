import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { loadConfig } from '../src/platform/config.ts';
import { stopRunning } from '../src/platform/embedded/index.ts';
import { temporaryFolder } from './support/folder.ts';
import { guanhu, type Running, runProgram } from './support/process.ts';

const root = temporaryFolder('first-account');
const GUANHU_HOME = join(root, 'home');
const env = { GUANHU_HOME, GUANHU_PORT: '0' };
let service: Running | undefined;

afterAll(async () => {
  service?.child.kill('SIGKILL');
  await service?.ended;
  await stopRunning(loadConfig(env, '/'));
  rmSync(root, { recursive: true, force: true });
});

const post = (url: string, body: object) =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

async function start(): Promise<string> {
  service = runProgram('scripts/start.mjs', [], env);
  return (await service.saw(/管户已就绪：(http:\/\/127\.0\.0\.1:\d+)/))[1] ?? '';
}

async function stop(): Promise<string> {
  service?.child.kill('SIGTERM');
  return (await service?.ended)?.stdout ?? '';
}

it('gives the first administrator of a bank’s own home a one-time link, and nobody a default password [SECURITY 1]', async () => {
  const files = join(root, 'files');
  mkdirSync(files);
  writeFileSync(join(files, 'org-units.csv'), 'id,name,level,parent_id\n0,示例银行,head-office,\n1,华东分行,branch,0\n');
  writeFileSync(join(files, 'staff.csv'), 'id,name,org_unit_id,role\nA0,陈管理,0,系统管理员\nS1,王小明,1,理财经理\n');
  expect(await guanhu(['feed', files], env)).toMatchObject({ code: 0 });

  const url = await start();
  const [, code = ''] = (await service?.saw(/127\.0\.0\.1:\d+\/setup#(\S{43})/)) ?? [];
  const session = (staffId: string, password: string) => post(`${url}/api/session`, { staffId, password });
  for (const guess of ['admin', 'A0', 'guanhu', 'password']) expect((await session('A0', guess)).status).toBe(401);
  expect((await fetch(`${url}/api/demo/people`)).status).toBe(404);
  const password = '月落乌啼霜满天 frost';
  expect((await post(`${url}/api/setup`, { code, password })).status).toBe(200);
  const entered = await session('A0', password);
  expect(await entered.json()).toMatchObject({ staffId: 'A0', demo: false, mustEnrol: true });

  const reset = await guanhu(['account', 'reset', 'S1', '--json'], { ...env, GUANHU_PORT: '8787' });
  expect(reset.code).toBe(0);
  const { link } = JSON.parse(reset.stdout);
  expect(link).toMatch(/^http:\/\/127\.0\.0\.1:8787\/setup#\S{43}$/);
  expect((await post(`${url}/api/setup`, { code: link.split('#')[1], password })).status).toBe(200);
  const nobody = await guanhu(['account', 'reset', 'S9'], env);
  expect(nobody).toMatchObject({ code: 2, stdout: '' });
  expect(nobody.stderr).toMatch(/在岗人员中没有员工号“S9”/);

  await stop();
  await start();
  expect(await stop()).not.toContain('/setup#');
}, 120_000);
