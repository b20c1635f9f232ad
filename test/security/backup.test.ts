import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { businessDate } from '../../src/kernel/business-date.ts';
import { loadConfig } from '../../src/platform/config.ts';
import { openPlatform } from '../../src/platform/context.ts';
import { ensureDatabase } from '../../src/platform/embedded/index.ts';
import { temporaryFolder } from '../support/folder.ts';
import { guanhu } from '../support/process.ts';
import { makeSmallBank, SMALL } from '../support/small-bank.ts';

const root = temporaryFolder('backup');
const home = join(root, 'home');
const key = join(root, 'key');
const wrongKey = join(root, 'wrong-key');
const plain = join(root, 'plain.backup');
const sealed = join(root, 'sealed.backup');
const NOW = new Date('2026-07-01T04:00:00Z');

async function onHome<T>(folder: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const database = await ensureDatabase(loadConfig({ GUANHU_HOME: folder }, '/'), 'command', () => undefined);
  const client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
    await database.stop();
  }
}

const FIGURES = `select (select count(*)::int from customers.customer) as customers, (select count(*)::int from coverage.assignment) as assignments,
  (select count(*)::int from audit.entry where kind <> 'session.opened') as audited, (select sum(balance_fen)::text from closing.position) as fen,
  (select sum(cum_before)::text from closing.balance) as cumulated, (select max(business_date)::text from closing.day) as day`;
const figures = async (client: pg.Client): Promise<unknown> => (await client.query(FIGURES)).rows[0];

beforeAll(async () => {
  const digits = (digit: string) => `${digit.repeat(64)}\n`;
  writeFileSync(key, digits('a'), { mode: 0o600 });
  writeFileSync(wrongKey, digits('b'), { mode: 0o600 });
  expect(await guanhu(['db', 'start'], { GUANHU_HOME: home })).toMatchObject({ code: 0 });
  const database = await ensureDatabase(loadConfig({ GUANHU_HOME: home }, '/'), 'command', () => undefined);
  const platform = await openPlatform(home, database.ownerUrl, () => NOW);
  await makeSmallBank(platform, join(root, 'files'), SMALL);
  // As retention makes partitions while time goes on: no migration knows of them.
  await onHome(home, (client) =>
    client.query(`create table closing.balance_later partition of closing.balance for values from ('ZZ') to ('ZZZ')`),
  );
  await platform.close();
  await database.stop();
}, 180_000);
afterAll(async () => {
  await guanhu(['db', 'stop'], { GUANHU_HOME: home });
  rmSync(root, { recursive: true, force: true });
});

const jsonOf = (text: string): unknown => JSON.parse(text);
const refusal = async (file: string, ...more: string[]) => {
  const target = join(root, 'refused');
  const { code, stdout } = await guanhu(['restore', file, '--json', ...more], { GUANHU_HOME: target });
  expect(code).toBe(2);
  // Nothing is begun before the whole file has been read.
  expect(() => readFileSync(join(target, 'postgres.json'))).toThrow(/ENOENT/);
  return jsonOf(stdout);
};
const refusedAs = (code: string) => ({ refused: expect.objectContaining({ code }) });

describe('backup and restore of the embedded database [SECURITY 56]', () => {
  it('backs up while others write, and restores into a fresh home what stood at that instant', async () => {
    const before = await onHome(home, figures);
    await onHome(home, async (client) => {
      // A pair of rows is written in one transaction after the other for as long as the backup runs: half a pair may never be in it.
      const writing = { on: true, pairs: 0 };
      const writer = (async () => {
        for (; writing.on; writing.pairs += 1) {
          const row = "(gen_random_uuid(), 'w', 'system', 0, $1, 'session.opened', 's', '{}')";
          await client.query('begin');
          for (const _half of [1, 2])
            await client.query(
              `insert into audit.entry (entry_id, actor, role, unit_no, request_id, kind, subject, body) values ${row}`,
              [String(writing.pairs)],
            );
          await client.query('commit');
        }
      })();
      for (const [file, more] of [[plain, []] as const, [sealed, ['--key', key]] as const]) {
        const done = await guanhu(['backup', file, '--json', ...more], { GUANHU_HOME: home });
        expect(done).toMatchObject({ code: 0 });
      }
      writing.on = false;
      await writer;
      expect(writing.pairs).toBeGreaterThan(2);
    });
    for (const [file, more] of [[plain, []] as const, [sealed, ['--key', key]] as const]) {
      const fresh = join(root, `restored-${more.length}`);
      const restored = await guanhu(['restore', file, '--json', ...more], { GUANHU_HOME: fresh });
      expect(restored, restored.stderr).toMatchObject({ code: 0 });
      await onHome(fresh, async (client) => {
        expect(await figures(client)).toEqual(before);
        expect((await client.query('select 1 from closing.balance_later')).rowCount).toBe(0);
        const { rows } = await client.query(
          "select count(*)::int as rows, count(distinct request_id)::int as pairs from audit.entry where actor = 'w'",
        );
        expect(rows[0].rows).toBe(2 * rows[0].pairs);
      });
      const verified = await guanhu(['verify', '--json'], { GUANHU_HOME: fresh });
      expect(verified, verified.stdout + verified.stderr).toMatchObject({ code: 0 });
      expect(jsonOf(verified.stdout)).toMatchObject({ ok: true, differences: 0 });
      // Transaction ids start anew on the new server: what was sealed on the old one still holds, in an epoch of its own.
      const audited = await guanhu(['audit', 'verify', '--json'], { GUANHU_HOME: fresh });
      expect(audited, audited.stdout + audited.stderr).toMatchObject({ code: 0 });
      expect(jsonOf(audited.stdout)).toMatchObject({ ok: true, problems: [], unsealed: 0 });
      const epochs = await onHome(fresh, (client) =>
        client.query('select max(epoch) as epoch, max(total_entries)::int as sealed from audit.seal'),
      );
      expect(epochs.rows).toEqual([{ epoch: 2, sealed: expect.any(Number) }]);
      const [{ entries }] = (await onHome(fresh, (client) => client.query('select count(*)::int as entries from audit.entry')))
        .rows;
      expect(epochs.rows[0].sealed).toBe(entries);
    }
    // The restored bank goes on: its next day closes.
    const closed = await guanhu(['close', '--to', businessDate('2026-07-01')], { GUANHU_HOME: join(root, 'restored-0') });
    expect(closed, closed.stderr).toMatchObject({ code: 0 });
  }, 180_000);

  it('has no personal data in an encrypted backup, and lets only its owner read either', async () => {
    const { rows } = await onHome(home, (client) => client.query<{ name: string }>('select name from coverage.card limit 1'));
    expect(readFileSync(sealed).includes(Buffer.from(rows[0]?.name ?? ''))).toBe(false);
    expect(readFileSync(sealed).includes(Buffer.from('appPassword'))).toBe(false);
    for (const file of [plain, sealed]) expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('refuses a wrong key, no key, and a key for what is not encrypted', async () => {
    expect(await refusal(sealed, '--key', wrongKey)).toEqual(refusedAs('backup-key-wrong'));
    expect(await refusal(sealed)).toEqual(refusedAs('backup-key-missing'));
    expect(await refusal(plain, '--key', key)).toEqual(refusedAs('backup-not-encrypted'));
  }, 60_000);

  it('refuses a cut file and a changed byte, with and without encryption', async () => {
    const bad = join(root, 'bad.backup');
    for (const [file, more] of [[plain, []] as const, [sealed, ['--key', key]] as const]) {
      const whole = readFileSync(file);
      writeFileSync(bad, whole.subarray(0, whole.length - 40));
      expect(await refusal(bad, ...more)).toEqual(refusedAs('backup-cut'));
      const changed = Buffer.from(whole);
      const middle = Math.floor(whole.length / 2);
      changed.writeUInt8(changed.readUInt8(middle) ^ 1, middle);
      writeFileSync(bad, changed);
      expect(await refusal(bad, ...more)).toEqual(refusedAs('backup-changed'));
    }
    writeFileSync(bad, 'customer_id,name\n');
    expect(await refusal(bad)).toEqual(refusedAs('not-a-backup'));
  }, 120_000);

  it('writes over nothing: neither a backup nor a home', async () => {
    const again = await guanhu(['backup', plain, '--json'], { GUANHU_HOME: home });
    expect(again.code).toBe(2);
    expect(jsonOf(again.stdout)).toEqual(refusedAs('backup-exists'));
    const onto = await guanhu(['restore', plain, '--json'], { GUANHU_HOME: home });
    expect(onto.code).toBe(2);
    expect(jsonOf(onto.stdout)).toEqual(refusedAs('home-not-empty'));
  }, 60_000);
});
