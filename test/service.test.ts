import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { loadConfig } from '../src/platform/config.ts';
import { databaseStatus, stopRunning } from '../src/platform/embedded/index.ts';
import { temporaryFolder } from './support/folder.ts';
import { type Running, runProgram } from './support/process.ts';

const root = temporaryFolder('service');
const GUANHU_HOME = join(root, 'home');
const config = loadConfig({ GUANHU_HOME }, '/');
let service: Running;

const startService = () => runProgram('scripts/start.mjs', [], { GUANHU_HOME, GUANHU_PORT: '0' });

// A home whose demo bank is made already: what is started here is the service, not a minute of demo.
beforeAll(() => {
  mkdirSync(GUANHU_HOME, { mode: 0o711 });
  writeFileSync(join(GUANHU_HOME, 'demo.json'), '{"ready":true}\n');
});
beforeEach(() => {
  service = startService();
});
afterEach(async () => {
  service.child.kill('SIGKILL');
  await service.ended;
  await stopRunning(config);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function urlOf(running: Running): Promise<string> {
  return (await running.saw(/http:\/\/127\.0\.0\.1:\d+/))[0];
}

it.each(['SIGTERM', 'SIGINT'] as const)('answers, and stops everything cleanly on %s', async (signal) => {
  const url = await urlOf(service);
  expect(await (await fetch(`${url}/api/health`)).json()).toEqual({ status: 'ok' });
  service.child.kill(signal);
  expect(await service.ended).toMatchObject({ code: 0, signal: null });
  expect(databaseStatus(config)).toMatchObject({ running: false });
});

it('starts again after it was killed', async () => {
  await urlOf(service);
  service.child.kill('SIGKILL');
  await service.ended;
  expect(databaseStatus(config)).toMatchObject({ running: true });
  service = startService();
  expect((await fetch(`${await urlOf(service)}/api/health`)).status).toBe(200);
});

it('ends with one sentence when its database is killed, and the next start recovers', async () => {
  await urlOf(service);
  process.kill(Number(databaseStatus(config).pid), 'SIGKILL');
  const { code, stderr } = await service.ended;
  expect(code).toBe(1);
  expect(stderr).toMatch(/数据库意外停止，管户随之停止；再次启动会自动恢复。\n$/);
  service = startService();
  expect((await fetch(`${await urlOf(service)}/api/health`)).status).toBe(200);
});

it('tells a busy port before it does anything else', async () => {
  const port = new URL(await urlOf(service)).port;
  const second = await runProgram('scripts/start.mjs', [], { GUANHU_HOME: join(root, 'other'), GUANHU_PORT: port }).ended;
  expect(second).toMatchObject({ code: 2, stdout: '' });
  expect(second.stderr).toMatch(new RegExp(`端口 ${port} 已被占用.*\\nPort ${port} is in use`));
});

it('refuses a Node that is too old', async () => {
  const old = "Object.defineProperty(process,'versions',{value:{...process.versions,node:'20.18.3'}})";
  const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(old)}`;
  for (const program of ['scripts/start.mjs', 'bin/guanhu.mjs']) {
    const { code, stderr } = await runProgram(program, [], { NODE_OPTIONS }).ended;
    expect(code).toBe(2);
    expect(stderr).toMatch(/^管户需要 Node 20\.19.*20\.18\.3.*\nGuanhu needs Node 20\.19/);
  }
});
