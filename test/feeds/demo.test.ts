import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { controlBeside, listFeedFiles } from '../../src/app/cli/feed-files.ts';
import { takeFile } from '../../src/capabilities/feed/index.ts';
import { LATER, writeDemoBank } from '../../src/demo/write.ts';
import { businessDate } from '../../src/kernel/business-date.ts';
import { COMMAND_LINE } from '../../src/platform/audit/index.ts';
import { openSender, type Sender } from './sender.ts';

let bank: Sender;
const folder = mkdtempSync(join(tmpdir(), 'guanhu-demo-'));
beforeAll(async () => {
  bank = await openSender();
});
afterAll(async () => {
  await bank.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a demo bank’s folder goes in without one reject, with its control totals', async () => {
  const demo = await writeDemoBank({
    dir: folder,
    customers: 1000,
    seed: '7',
    from: businessDate('2026-06-10'),
    to: businessDate('2026-06-26'),
  });
  const { files } = await listFeedFiles([folder, join(folder, LATER)]);
  expect(files).toHaveLength(demo.files);
  const states: string[] = [];
  for (const path of files) {
    const control = await controlBeside(path);
    expect(control, path).toMatch(/^rows=/);
    const record = await takeFile(bank.desk, COMMAND_LINE, {
      fileName: basename(path),
      stream: createReadStream(path),
      control,
      options: { tolerateBp: 0, holdUnknown: false, direct: true },
    });
    expect(record.problems).toEqual([]);
    states.push(`${record.feed} ${record.state}`);
  }
  expect(states.slice(0, 4)).toEqual(['org-units accepted', 'staff accepted', 'products accepted', 'customers accepted']);
  expect(states.filter((state) => state === 'positions accepted').length).toBeGreaterThan(3);
  const [counted] = await bank.rows('select count(*)::int as n from customers.customer');
  expect(counted).toEqual({ n: demo.customers + demo.newcomers });
});
