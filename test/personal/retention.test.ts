import { existsSync, rmSync } from 'node:fs';
import { Readable } from 'node:stream';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { feedDesk } from '../../src/app/feeds.ts';
import { runRetention } from '../../src/app/retention.ts';
import { rawPath, rejectsPath } from '../../src/capabilities/feed/archive.ts';
import { closeReader, takeFile, writeMendWorkbook } from '../../src/capabilities/feed/index.ts';
import { COMMAND_LINE } from '../../src/platform/audit/index.ts';
import { type FreshPlatform, freshPlatform } from '../support/database.ts';

let now = new Date('2026-07-01T04:00:00Z');
let fresh: FreshPlatform;
let owner: pg.Pool;
beforeAll(async () => {
  fresh = await freshPlatform(() => now);
  owner = new pg.Pool({ connectionString: fresh.ownerUrl, max: 1 });
});
afterAll(async () => {
  await closeReader();
  await owner.end();
  await fresh.close();
  rmSync(fresh.platform.home, { recursive: true, force: true });
});

const send = (text: string) =>
  takeFile(feedDesk(fresh.platform), COMMAND_LINE, {
    fileName: 'customers.csv',
    stream: Readable.from([Buffer.from(text)]),
    options: { tolerateBp: 0, holdUnknown: false, direct: true },
  });
const count = async (table: string) => (await owner.query<{ n: number }>(`select count(*)::int as n from ${table}`)).rows[0]?.n;
const classOf = (report: Awaited<ReturnType<typeof runRetention>>, what: string) =>
  report.classes.find((one) => one.what === what);

it('[SECURITY 26] shows what is past its time, removes it when told to, and nothing under a legal hold', async () => {
  expect((await send('id,name,closed_on,opened_on\nA1,甲,2015-01-01,2010-01-01\nA2,乙,2020-01-01,2010-01-01\n')).state).toBe(
    'accepted',
  );
  const refused = await send('id,name\nA3,丙\nA3,丙\n');
  expect(refused.state).toBe('refused');
  const files = [rejectsPath(fresh.platform, refused.importId), rawPath(fresh.platform, refused.sha256 ?? '')];
  await owner.query(
    "insert into platform.notice (notice_id, staff_id, kind, subject, at) values (gen_random_uuid(), 'E1', 'transfer-requested', 'x', '2025-01-01'), (gen_random_uuid(), 'E1', 'transfer-requested', 'x', '2026-06-30')",
  );
  // Nothing of a file goes while it may still be mended.
  expect(classOf(await runRetention(fresh.platform, true), 'untaken-file')).toEqual({ what: 'untaken-file', due: 0, removed: 0 });
  expect(await count('platform.notice')).toBe(1);
  expect(files.map(existsSync)).toEqual([true, true]);
  now = new Date('2026-10-01T04:00:00Z');
  const dry = await runRetention(fresh.platform, false);
  expect(classOf(dry, 'untaken-file')).toEqual({ what: 'untaken-file', due: 1, removed: 0 });
  // Who ceased to be a customer is named; two people erase them.
  expect([classOf(dry, 'customer')?.due, dry.customers]).toEqual([1, ['A1']]);
  expect(files.map(existsSync)).toEqual([true, true]);

  await owner.query("insert into personal.mark (customer_id, held_at) values ('A1', now())");
  const held = await runRetention(fresh.platform, true);
  expect([held.holds, classOf(held, 'untaken-file')?.removed, held.customers]).toEqual([1, 0, []]);
  expect(files.map(existsSync)).toEqual([true, true]);

  await owner.query('update personal.mark set held_at = null');
  expect(classOf(await runRetention(fresh.platform, true), 'untaken-file')?.removed).toBe(1);
  expect(files.map(existsSync)).toEqual([false, false]);
  const { rows } = await owner.query('select problems, rejected from feed.import where import_id = $1', [refused.importId]);
  expect(rows).toEqual([{ problems: [], rejected: '1' }]);
  await expect(writeMendWorkbook(feedDesk(fresh.platform), refused.importId, '/nowhere')).rejects.toThrow(/rejects-gone/);
  expect(classOf(await runRetention(fresh.platform, true), 'untaken-file')?.due).toBe(0);
  const { rows: entries } = await owner.query<{ n: number }>(
    "select sum((body::jsonb->'removed'->>'untaken-file')::int)::int as n from audit.entry where kind = 'retention.applied'",
  );
  expect(entries).toEqual([{ n: 1 }]);
});
