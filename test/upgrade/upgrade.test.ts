import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { projectFile } from '../../src/platform/files.ts';
import { temporaryFolder } from '../support/folder.ts';
import { guanhu } from '../support/process.ts';

// Each file is a backup of the generated small bank, made by the version whose newest migration it is named after. A release adds
// its own with `guanhu backup`, so that every migration from then on is tried on data that is really of an earlier version.
const FOLDER = projectFile('test/upgrade');
const root = temporaryFolder('upgrade');
const key = join(root, 'key');
writeFileSync(key, `${'a'.repeat(64)}\n`, { mode: 0o600 });
afterAll(() => rmSync(root, { recursive: true, force: true }));

const report = z.object({ ok: z.boolean(), unsealed: z.number(), entries: z.number() });

describe('data of an earlier version', () => {
  it.each(
    readdirSync(FOLDER).filter((name) => name.endsWith('.backup')),
  )('migrates and passes both verifies: %s', async (name) => {
    const env = { GUANHU_HOME: join(root, name) };
    const restored = await guanhu(['restore', join(FOLDER, name), '--key', key, '--json'], env);
    expect(restored, restored.stderr).toMatchObject({ code: 0 });
    const verified = await guanhu(['verify', '--json'], env);
    expect(verified, verified.stdout + verified.stderr).toMatchObject({ code: 0 });
    expect(JSON.parse(verified.stdout)).toMatchObject({ ok: true, coverage: { runs: expect.any(Number) } });
    const audited = await guanhu(['audit', 'verify', '--json'], env);
    expect(audited, audited.stdout + audited.stderr).toMatchObject({ code: 0 });
    // What was written before there were seals is under the first one.
    const { ok, unsealed, entries } = report.parse(JSON.parse(audited.stdout));
    const lines = join(root, `${name}.jsonl`);
    expect(await guanhu(['audit', 'export', '2026-11', lines], env)).toMatchObject({ code: 0 });
    expect({ ok, unsealed }).toEqual({ ok: true, unsealed: 0 });
    expect(entries).toBeGreaterThanOrEqual(readFileSync(lines, 'utf8').trimEnd().split('\n').length);
  }, 120_000);
});
