import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { expect, it } from 'vitest';
import { verifyClosing } from '../../src/capabilities/closing/index.ts';
import { verifyCoverage } from '../../src/capabilities/coverage/index.ts';
import { sealAndAnchor } from '../../src/platform/audit/seals.ts';
import { verifyAudit } from '../../src/platform/audit/verify.ts';
import { openPlatform } from '../../src/platform/context.ts';
import { freshPlatform } from '../support/database.ts';
import { temporaryFolder } from '../support/folder.ts';
import { makeSmallBank, SMALL } from '../support/small-bank.ts';

/** Programs of the server under test; scripts/debian-test.mjs names them. The embedded server has no pg_dump. */
const BIN = process.env.GUANHU_TEST_PROGRAMS;
const NOW = () => new Date('2026-07-01T04:00:00Z');

function run(program: string, ...args: string[]): void {
  const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  expect({ program, status, stderr }).toMatchObject({ status: 0 });
}

it.skipIf(BIN === undefined)(
  'is restored from pg_dump and the home folder as docs/operations.md says, and verifies [SECURITY 56]',
  async () => {
    const root = temporaryFolder('own-server');
    const fresh = await freshPlatform(NOW);
    await makeSmallBank(fresh.platform, join(root, 'files'), SMALL);
    const restoredUrl = new URL(fresh.ownerUrl);
    restoredUrl.pathname += '_restored';
    const name = restoredUrl.pathname.slice(1);
    const server = new pg.Client({ connectionString: fresh.ownerUrl });
    await server.connect();
    const home = join(root, 'home');
    try {
      await sealAndAnchor(fresh.platform);
      run(`${BIN}/pg_dump`, '-Fc', '-d', fresh.ownerUrl, '-f', join(root, 'guanhu.dump'));
      run(
        'tar',
        '-C',
        fresh.platform.home,
        '-czf',
        join(root, 'home.tar.gz'),
        '--exclude=*.draft',
        'archive',
        'secrets.json',
        'audit-key.pem',
      );
      await server.query(`create database ${name} encoding 'UTF8' locale 'C' template template0`);
      run(`${BIN}/pg_restore`, '-d', restoredUrl.toString(), '--exit-on-error', join(root, 'guanhu.dump'));
      mkdirSync(home, { mode: 0o711 });
      run('tar', '-C', home, '-xzf', join(root, 'home.tar.gz'));
      const restored = new pg.Client({ connectionString: restoredUrl.toString() });
      await restored.connect();
      await restored.query('select audit.begin_epoch()');
      await restored.end();
      const platform = await openPlatform(home, restoredUrl.toString(), NOW);
      await sealAndAnchor(platform);
      expect(await verifyAudit(platform)).toMatchObject({ problems: [] });
      const counted = 'select count(*)::int as customers, sum(assets_fen)::text as fen from coverage.standing';
      expect((await platform.worker.query(counted)).rows).toEqual((await fresh.platform.worker.query(counted)).rows);
      expect(await verifyClosing(platform)).toMatchObject({ differences: 0 });
      expect(await verifyCoverage(platform)).toMatchObject({ differences: 0 });
      await platform.close();
    } finally {
      await server.query(`drop database if exists ${name} with (force)`);
      await server.end();
      await fresh.close();
      rmSync(root, { recursive: true, force: true });
    }
  },
  120_000,
);
