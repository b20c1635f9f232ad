import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { feedDesk } from '../../src/app/feeds.ts';
import { rotateKey } from '../../src/app/key-rotation.ts';
import { closeReader, needImport, takeFile, writeMendWorkbook } from '../../src/capabilities/feed/index.ts';
import { COMMAND_LINE } from '../../src/platform/audit/index.ts';
import { SEALED_COLUMNS } from '../../src/platform/reseal.ts';
import { keyIdOf } from '../../src/platform/sealed-file.ts';
import { loadSecrets, seal, unseal } from '../../src/platform/secrets.ts';
import { type FreshPlatform, freshPlatform } from '../support/database.ts';

const NOW = new Date('2026-07-01T04:00:00Z');
let fresh: FreshPlatform;
let owner: pg.Pool;
beforeAll(async () => {
  fresh = await freshPlatform(() => NOW);
  owner = new pg.Pool({ connectionString: fresh.ownerUrl, max: 1 });
});
afterAll(async () => {
  await closeReader();
  await owner.end();
  await fresh.close();
});

const send = (text: string, platform = fresh.platform) =>
  takeFile(feedDesk(platform), COMMAND_LINE, {
    fileName: 'customers.csv',
    stream: Readable.from([Buffer.from(text)]),
    options: { tolerateBp: 0, holdUnknown: false, direct: true },
  });
const mobileOf = async (id: string) =>
  (await owner.query<{ sealed: Buffer }>('select mobile_sealed as sealed from customers.customer where customer_id = $1', [id]))
    .rows[0]?.sealed ?? Buffer.alloc(0);

async function keysOfFiles(): Promise<(number | undefined)[]> {
  const { archive } = fresh.platform;
  const files = ['raw', 'rejects', 'content'].flatMap((folder) =>
    readdirSync(join(archive, folder)).map((name) => join(archive, folder, name)),
  );
  return [...new Set(await Promise.all(files.map(keyIdOf)))];
}

it('[SECURITY 23] a new key takes over everything that is sealed, also when it was broken off, and files still work', async () => {
  await send('id,name,mobile\nA1,甲,10099990001\nA2,乙,10099990002\n');
  const refused = await send('id,name,mobile\nA3,丙,10099990003\nA3,丙,10099990003\n');
  // A file of an earlier version lies in the open.
  writeFileSync(join(fresh.platform.archive, 'raw', 'f'.repeat(64)), '1,甲,10099990001\n');
  expect(await keysOfFiles()).toEqual(expect.arrayContaining([1, undefined]));

  // Broken off half way: a value that cannot be opened stands in the way.
  const whole = await mobileOf('A2');
  await owner.query("update customers.customer set mobile_sealed = '\\x01ff' where customer_id = 'A2'");
  await expect(rotateKey(fresh.platform)).rejects.toThrow();
  expect(loadSecrets(fresh.platform.home)).toMatchObject({ sealKeyId: 2, resealing: true });
  await owner.query("update customers.customer set mobile_sealed = $1 where customer_id = 'A2'", [whole]);
  // The process still has only the first key in mind: the file says how far the change was.
  expect(await rotateKey(fresh.platform)).toEqual({ keyId: 2, values: 2, findings: 1, files: 5 });

  expect(await keysOfFiles()).toEqual([2]);
  for (const { table, column } of SEALED_COLUMNS) {
    const { rows } = await owner.query(`select 1 from ${table} where get_byte(${column}, 0) <> 2`);
    expect([table, column, rows.length]).toEqual([table, column, 0]);
  }
  // A process from before the change opens what came after it, and what it still seals itself can be opened.
  expect(unseal(fresh.platform.secrets, await mobileOf('A1'))).toBe('10099990001');
  const secrets = loadSecrets(fresh.platform.home);
  expect(secrets).toMatchObject({ sealKeyId: 2, resealing: false, oldSealKeys: { 1: expect.any(String) } });
  expect(unseal(secrets, seal(fresh.platform.secrets, '仍用旧钥'))).toBe('仍用旧钥');
  // The archive is still what files are compared with, and bad rows can still be mended.
  const now = { ...fresh.platform, secrets };
  expect((await send('id,name,mobile\nA1,甲,10099990009\n', now)).effect).toMatchObject({ changed: 1 });
  expect(unseal(secrets, await mobileOf('A1'))).toBe('10099990009');
  expect((await needImport(feedDesk(now), refused.importId)).problems.length).toBeGreaterThan(0);
  expect(await writeMendWorkbook(feedDesk(now), refused.importId, join(now.home, 'mend.xlsx'))).toBe(1);
  // The next change lets go of the key before the last.
  expect(await rotateKey(now)).toMatchObject({ keyId: 3 });
  expect(Object.keys(loadSecrets(now.home).oldSealKeys)).toEqual(['2']);
});

it('[SECURITY 23] no sealed column is forgotten', async () => {
  const { rows } = await owner.query<{ at: string }>(
    `select format('%s.%s', a.attrelid::regclass, a.attname) as at from pg_attribute a join pg_class c on c.oid = a.attrelid
      where c.relkind in ('r', 'p') and a.atttypid = 'bytea'::regtype and (a.attname ~ '_sealed$' or a.attname ~ '^totp_')
        and c.relname !~ '^stage_' order by 1`,
  );
  expect(rows.map(({ at }) => at)).toEqual(SEALED_COLUMNS.map(({ table, column }) => `${table}.${column}`).sort());
});
