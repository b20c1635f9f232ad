import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/support/folder.ts';
import { runProgram } from '../../test/support/process.ts';
import { projectFile } from './files.ts';

const root = temporaryFolder('crash');
afterAll(() => rmSync(root, { recursive: true, force: true }));

const program = join(root, 'passes.mts');
writeFileSync(
  program,
  `import { point } from ${JSON.stringify(projectFile('src/platform/crash.ts'))};
for (let pass = 1; pass <= 3; pass += 1) { point('here'); console.log(pass); }
point('there');`,
);
const run = (env: Record<string, string>) => runProgram('scripts/run.mjs', [program], env).ended;

it('does nothing unless asked', async () => {
  expect(await run({})).toMatchObject({ code: 0, stdout: '1\n2\n3\n', stderr: '' });
});

it('kills its process at the wanted pass of the wanted point', async () => {
  const { signal, stderr } = await run({ GUANHU_CRASH_AT: 'here#2' });
  expect(signal).toBe('SIGKILL');
  expect(stderr).toBe('crash point here#2\n');
});

it('writes down every pass', async () => {
  const trace = join(root, 'trace');
  expect(await run({ GUANHU_CRASH_TRACE: trace, GUANHU_CRASH_AT: 'there#1' })).toMatchObject({ signal: 'SIGKILL' });
  expect(readFileSync(trace, 'utf8')).toBe('here#1\nhere#2\nhere#3\nthere#1\n');
});
