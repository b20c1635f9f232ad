import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/support/folder.ts';
import { guanhu } from '../../../test/support/process.ts';
import { COMMANDS } from './commands.ts';

const root = temporaryFolder('cli');
const GUANHU_HOME = join(root, 'home');
// Builds when needed, so that the tests see only what the commands say.
beforeAll(async () => void (await guanhu(['config'], {})), 120_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));

it('lists every setting with where it comes from, in the language asked for', async () => {
  const zh = await guanhu(['config'], { GUANHU_HOME });
  expect(zh).toMatchObject({ code: 0, stderr: '' });
  expect(zh.stdout).toMatch(/GUANHU_PORT=8787\s+默认\s+网页和接口的端口/);
  const en = await guanhu(['config', '--json'], { GUANHU_HOME, GUANHU_LANG: 'en' });
  const home = { name: 'GUANHU_HOME', value: GUANHU_HOME, source: 'environment' };
  expect(JSON.parse(en.stdout)).toMatchObject({ settings: expect.arrayContaining([expect.objectContaining(home)]) });
});

it('ends with 2 and words in both languages when it refuses', async () => {
  const people = await guanhu(['config'], { GUANHU_PORT: 'x' });
  expect(people).toMatchObject({ code: 2, stdout: '' });
  expect(people.stderr).toMatch(/环境变量 GUANHU_PORT.*\n.*Environment variable GUANHU_PORT/);
  const machines = await guanhu(['config', '--json'], { GUANHU_PORT: 'x' });
  expect(machines.code).toBe(2);
  expect(JSON.parse(machines.stdout)).toMatchObject({ refused: { code: 'config-invalid', details: { name: 'GUANHU_PORT' } } });
});

it('refuses an unknown command and an unknown option', async () => {
  const command = await guanhu(['nope'], {});
  expect(command).toMatchObject({ code: 2, stdout: '' });
  expect(command.stderr).toMatch(/^命令行有误：.*nope.*\nWrong command line/);
  const option = await guanhu(['config', '--nope', '--json'], {});
  expect(option.code).toBe(2);
  expect(JSON.parse(option.stdout)).toMatchObject({ refused: { code: 'usage' } });
});

it('shows each command in the help, and an example in the help of each', async () => {
  const { stdout } = await guanhu(['--help'], {});
  for (const { name } of COMMANDS) {
    expect(stdout).toMatch(new RegExp(`^ +${name}\\b`, 'm'));
    expect((await guanhu([name, '--help'], {})).stdout).toMatch(
      new RegExp(`示例:\\n +(\\S+ )*guanhu ${name}|<\\(guanhu ${name}`),
    );
  }
}, 90_000);

it('completes every command', async () => {
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { code, stdout } = await guanhu(['completion', shell], {});
    expect(code).toBe(0);
    for (const { name } of COMMANDS) expect(stdout).toContain(name);
  }
  expect((await guanhu(['completion', 'ksh'], {})).code).toBe(2);
});

it('starts, shows and stops the embedded database between commands, of which one is refused', async () => {
  const status = async () => JSON.parse((await guanhu(['db', 'status', '--json'], { GUANHU_HOME })).stdout);
  expect(await status()).toMatchObject({ running: false });
  expect(await guanhu(['db', 'start'], { GUANHU_HOME })).toMatchObject({ code: 0 });
  expect(await status()).toMatchObject({ embedded: true, running: true, kept: true });
  const future = await guanhu(['close', '--to', '2199-12-31', '--json'], { GUANHU_HOME });
  expect(future.code).toBe(2);
  expect(JSON.parse(future.stdout)).toMatchObject({ refused: { code: 'closing-future' } });
  const stopped = await guanhu(['db', 'stop', '--json'], { GUANHU_HOME });
  expect(JSON.parse(stopped.stdout)).toEqual({ stopped: true });
  expect(await status()).toMatchObject({ running: false });
});
