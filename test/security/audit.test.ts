import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { type AuditEntry, audit, COMMAND_LINE } from '../../src/platform/audit/index.ts';
import { exportMonth, retireMonth } from '../../src/platform/audit/months.ts';
import { sealAndAnchor, sealNext } from '../../src/platform/audit/seals.ts';
import { verifyAudit } from '../../src/platform/audit/verify.ts';
import type { Platform } from '../../src/platform/context.ts';
import { unscoped } from '../../src/platform/db/transaction.ts';
import { type FreshPlatform, freshPlatform } from '../support/database.ts';

const entry = (subject: string): AuditEntry => ({ kind: 'run.applied', subject });
const write = (platform: Platform, subject: string) => unscoped(platform.worker, (tx) => audit(tx, COMMAND_LINE, entry(subject)));

interface Bank extends FreshPlatform {
  readonly owner: pg.Client;
}

/** A bank with nine entries under three seals, the last of them anchored; the owner's connection may put the triggers aside. */
async function withBank<T>(work: (bank: Bank) => Promise<T>, now = new Date('2026-07-01T00:00:00Z')): Promise<T> {
  const fresh = await freshPlatform(() => now);
  const owner = new pg.Client({ connectionString: fresh.ownerUrl });
  await owner.connect();
  try {
    for (const seal of ['a', 'b', 'c']) {
      for (const n of [1, 2, 3]) await write(fresh.platform, `${seal}${n}`);
      expect(await sealNext(fresh.platform.worker)).toBeGreaterThanOrEqual(3);
    }
    await sealAndAnchor(fresh.platform);
    return await work({ ...fresh, owner });
  } finally {
    await owner.end();
    await fresh.close();
  }
}

/** What `audit verify` says after somebody with all power has touched the tables. */
const after = (tampering: string) =>
  withBank(async ({ owner, platform }) => {
    await owner.query(`set session_replication_role = 'replica'; ${tampering}`);
    const { problems } = await verifyAudit(platform);
    return problems.map(({ problem, sealNo, entryId }) => [problem, sealNo, entryId === null ? null : 'named']);
  });

describe('the audit is append-only [SECURITY 31]', () => {
  it('for the owner too', () =>
    withBank(async ({ owner }) => {
      const month = (await owner.query('select tableoid::regclass::text as name from audit.entry limit 1')).rows[0]?.name;
      for (const statement of [
        "update audit.entry set actor = 'x'",
        'delete from audit.entry',
        'truncate audit.entry',
        `delete from ${month}`,
        `truncate ${month}`,
        'truncate audit.entry_other',
        'update audit.seal set entries = 0',
        'delete from audit.seal',
        'truncate audit.seal',
      ])
        await expect([statement, await owner.query(statement).catch((error: Error) => error.message)]).toEqual([
          statement,
          'the audit is append-only',
        ]);
    }));

  it('and its time, transaction and epoch are not the application’s to say', () =>
    withBank(async ({ platform }) => {
      for (const column of ['at', 'xid', 'epoch'])
        await expect(
          platform.app.query(
            `insert into audit.entry (entry_id, actor, role, unit_no, request_id, kind, subject, body, ${column})
             select gen_random_uuid(), 'x', 'x', 0, 'x', 'x', 'x', '{}', null`,
          ),
        ).rejects.toThrow(/permission denied/);
    }));
});

describe('what was touched is named [SECURITY 33]', () => {
  it('nothing, when nobody has', () =>
    withBank(async ({ platform }) => {
      const report = await verifyAudit(platform);
      expect(report).toMatchObject({ anchors: 1, unsealed: 0, problems: [] });
      expect(report.entries).toBeGreaterThanOrEqual(9);
    }));

  it.each([
    ['a changed entry', "update audit.entry set subject = 'x' where subject = 'b2'", [['entry-changed', 2, 'named']]],
    ['a changed body', `update audit.entry set body = '{"n":1}' where subject = 'b2'`, [['entry-changed', 2, 'named']]],
    ['a missing entry', "delete from audit.entry where subject = 'b2'", [['entry-missing', 2, 'named']]],
    [
      'an entry put in afterwards',
      `insert into audit.entry select gen_random_uuid(), epoch, xid, at, actor, on_behalf_of, role, unit_no, request_id, origin, kind, 'x',
         customer_id, purpose, body from audit.entry where subject = 'b2'`,
      [['entry-inserted', 2, 'named']],
    ],
    [
      'an entry moved to another place',
      "update audit.entry set xid = (select xid from audit.entry where subject = 'a1') where subject = 'c1'",
      [['entry-moved', 1, 'named']],
    ],
    ['a removed seal', 'delete from audit.seal where seal_no = 2', [['seal-missing', 2, null]]],
    [
      'a changed seal',
      "update audit.seal set leaves = overlay(leaves placing '\\x00'::bytea from 20) where seal_no = 2",
      [
        ['seal-changed', 2, null],
        ['entry-changed', 2, 'named'],
      ],
    ],
    [
      'a cut tail',
      "delete from audit.entry where subject like 'c%'; delete from audit.seal where seal_no = 3",
      [['tail-cut', 3, null]],
    ],
    [
      'an entry of no epoch',
      "insert into audit.entry select gen_random_uuid(), 9, xid, at, actor, on_behalf_of, role, unit_no, request_id, origin, kind, subject, customer_id, purpose, body from audit.entry where subject = 'b2'",
      [['entry-outside', null, 'named']],
    ],
  ])('%s', async (_what, tampering, found) => {
    expect(await after(tampering)).toEqual(found);
  });

  it('a backdated entry, once it is sealed', () =>
    withBank(async ({ owner, platform }) => {
      await owner.query(`insert into audit.entry (entry_id, at, actor, role, unit_no, request_id, kind, subject, body)
        values (gen_random_uuid(), clock_timestamp() - interval '1 day', 'x', 'x', 0, 'x', 'run.applied', 'x', '{}')`);
      await sealNext(platform.worker);
      const { problems } = await verifyAudit(platform);
      expect(problems.map(({ problem, sealNo }) => [problem, sealNo])).toEqual([['entry-backdated', 4]]);
    }));

  it('a whole chain that was written anew, by the anchor outside', () =>
    withBank(async ({ owner, platform }) => {
      await owner.query(`set session_replication_role = 'replica';
        delete from audit.seal where seal_no = 3; update audit.entry set subject = 'x' where subject = 'c2'; select audit.seal_next()`);
      const { problems } = await verifyAudit(platform);
      expect(problems.map(({ problem, sealNo }) => [problem, sealNo])).toEqual([['anchor-differs', 3]]);
    }));

  it('a forged anchor, and a missing one', async () => {
    await withBank(async ({ platform }) => {
      const [line = ''] = readFileSync(platform.anchors, 'utf8').split('\n');
      writeFileSync(platform.anchors, `${line.replace('"sealNo":3', '"sealNo":2')}\n`);
      expect((await verifyAudit(platform)).problems).toMatchObject([{ problem: 'anchor-forged', sealNo: 2 }]);
    });
    await withBank(
      async ({ platform }) => {
        writeFileSync(platform.anchors, '');
        expect((await verifyAudit(platform)).problems).toMatchObject([{ problem: 'anchor-missing', sealNo: 1 }]);
      },
      new Date(Date.now() + 3_600_000),
    );
  });
});

describe('seals [SECURITY 32, 34]', () => {
  it('hold every entry exactly once, also those of 50 writers, of long transactions and of connections that were killed', () =>
    withBank(async ({ owner, platform, ownerUrl }) => {
      const pool = new pg.Pool({ connectionString: ownerUrl, max: 50 });
      pool.on('error', () => undefined);
      pool.on('connect', (client) => void client.on('error', () => undefined));
      let writing = true;
      const sealing = (async () => {
        while (writing) await sealNext(platform.worker);
      })();
      const writer = async (n: number) => {
        for (let turn = 0; turn < 20; turn++) {
          const client = await pool.connect();
          const killed = n % 10 === 0 && turn === 10;
          try {
            await client.query('begin');
            await client.query(`insert into audit.entry (entry_id, actor, role, unit_no, request_id, kind, subject, body)
              values (gen_random_uuid(), 'w', 'x', ${n}, 'x', 'run.applied', 'w', '{}')`);
            if (killed) await client.query('select pg_terminate_backend(pg_backend_pid())');
            await client.query(n % 7 === 0 ? 'rollback' : 'commit');
            client.release();
          } catch (error) {
            client.release(true);
            if (!killed) throw error;
          }
        }
      };
      await Promise.all(Array.from({ length: 50 }, (_, n) => writer(n)));
      writing = false;
      await sealing;
      await sealNext(platform.worker);
      await pool.end();
      const { rows } = await owner.query(
        'select (select count(*)::int from audit.entry) as entries, (select sum(entries)::int from audit.seal) as sealed',
      );
      expect(rows[0].sealed).toBe(rows[0].entries);
      expect(rows[0].entries).toBeGreaterThan(700);
      expect((await verifyAudit(platform)).problems).toEqual([]);
    }));
});

describe('months [SECURITY 35]', () => {
  it('leave only after an export that holds exactly what is there, and not before their time', () =>
    withBank(async ({ owner, platform }) => {
      // A month long ago, sealed in its time as far as the seals know.
      await owner.query(`set session_replication_role = 'replica'; select audit.make_month('2020-03-01');
        delete from audit.seal where seal_no > 0;
        update audit.entry set at = timestamptz '2020-03-10 00:00:00+00' + (at - (select min(at) from audit.entry)) where subject like 'a%' or subject like 'b%';
        select audit.seal_next(); set session_replication_role = 'origin'`);
      const file = join(platform.home, 'month.jsonl');
      const made = await exportMonth(platform, COMMAND_LINE, '2020-03', file);
      expect(made).toMatchObject({ entries: 6, digest: createHash('sha256').update(readFileSync(file)).digest('hex') });
      writeFileSync(platform.anchors, '');
      await sealAndAnchor(platform);
      const wish = { month: '2020-03', file, keepMonths: 60 };
      await expect(retireMonth(platform, COMMAND_LINE, { ...wish, keepMonths: 600 })).rejects.toThrow('kept-longer');
      const whole = readFileSync(file);
      writeFileSync(file, whole.subarray(0, whole.length - 2));
      await expect(retireMonth(platform, COMMAND_LINE, wish)).rejects.toThrow('export-differs');
      writeFileSync(file, whole);
      expect(await retireMonth(platform, COMMAND_LINE, wish)).toEqual(made);
      expect((await owner.query("select count(*)::int as n from audit.entry where at < '2020-04-01'")).rows).toEqual([{ n: 0 }]);
      expect((await verifyAudit(platform)).problems).toEqual([]);
    }));
});
