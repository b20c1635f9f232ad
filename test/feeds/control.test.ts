import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { ROUTES } from '../../src/app/capabilities.ts';
import { importSchema } from '../../src/capabilities/feed/contract.ts';
import { buildServer } from '../../src/platform/http/server.ts';
import { signedIn } from '../support/signed-in.ts';
import { openSender, POSITIONS, type Sender, sendBasics } from './sender.ts';

let bank: Sender;
let server: Awaited<ReturnType<typeof buildServer>>;
let session: string;

beforeAll(async () => {
  bank = await openSender();
  await sendBasics(bank);
  const { platform } = bank.desk;
  await bank.send('staff.csv', 'id,name,org_unit_id,role\nA0,总行系统,0,系统管理员\n');
  session = await signedIn(platform, 'A0');
  server = await buildServer(platform, ROUTES, { demo: false, version: '0', webFolder: '/nonexistent' });
});
afterAll(async () => {
  await server.close();
  await bank.close();
});

/** A part of the request: a file when it has a name. */
type Part = readonly [field: string, text: string, fileName?: string];
const data = (day: string): Part => ['file', POSITIONS, `positions-${day}.csv`];

async function upload(...parts: readonly Part[]): Promise<{ status: number; body: unknown }> {
  const texts = parts.map(([field, text, fileName]) => {
    const name = fileName === undefined ? '' : `; filename="${fileName}"`;
    return `--edge\r\ncontent-disposition: form-data; name="${field}"${name}\r\n\r\n${text}\r\n`;
  });
  const answer = await server.inject({
    method: 'POST',
    url: '/api/feeds',
    cookies: { guanhu_session: session },
    headers: { 'content-type': 'multipart/form-data; boundary=edge' },
    payload: `${texts.join('')}--edge--\r\n`,
  });
  return { status: answer.statusCode, body: answer.json() };
}

/** What became of an upload: asked as the page asks. */
async function outcome(...parts: readonly Part[]): Promise<z.infer<typeof importSchema>> {
  const { importId } = z.object({ importId: z.string() }).parse((await upload(...parts)).body);
  for (;;) {
    const answer = await server.inject({ url: `/api/feeds/${importId}`, cookies: { guanhu_session: session } });
    const record = importSchema.parse(answer.json());
    if (record.state !== 'received' && record.state !== 'reading') return record;
    await new Promise((later) => setImmediate(later));
  }
}

const RIGHT = 'rows=3\nbalance=51020.50\n';

test('control figures may come before the file or after it, as a field or as a file', async () => {
  const checked = { state: 'checked', rows: 3, totals: { rows: 3, balanceFen: '5102050' } };
  expect(await outcome(['control', RIGHT], data('2026-06-01'))).toMatchObject(checked);
  expect(await outcome(data('2026-06-02'), ['control', RIGHT, 'positions-2026-06-02.csv.ctl'])).toMatchObject(checked);
});

test('a file that does not add up to its control figures is refused, wherever they stand; its rows are told', async () => {
  const wrong = 'rows=3\nbalance=51020.51\n';
  const refused = { state: 'refused', rows: 3, problems: [{ code: 'control-balance' }] };
  expect(await outcome(['control', wrong, 'positions-2026-06-03.csv.ctl'], data('2026-06-03'))).toMatchObject(refused);
  expect(await outcome(data('2026-06-03'), ['control', wrong])).toMatchObject(refused);
  expect(await outcome(['control', 'rows=4\n'], data('2026-06-03'))).toMatchObject({
    state: 'refused',
    problems: [{ code: 'control-rows' }],
  });
});

test('figures that cannot be read refuse the file, by line, before a row is counted', async () => {
  expect(await outcome(['control', '# 总数\nrows: three\n'], data('2026-06-04'))).toMatchObject({
    state: 'refused',
    rows: null,
    problems: [{ code: 'control-unreadable', file: 'positions-2026-06-04.csv.ctl', line: 2 }],
  });
});

test('a file that is refused before its rows are counted says so instead of 0', async () => {
  const broken: Part = ['file', 'customer_id,outlet_id,balance\nC1,111,1\n', 'positions-2026-06-05.csv'];
  expect(await outcome(broken)).toMatchObject({ state: 'refused', rows: null, problems: [{ code: 'header-column-missing' }] });
  const bad: Part = ['file', `${POSITIONS}C1,111,D1,many\n`, 'positions-2026-06-05.csv'];
  expect(await outcome(bad)).toMatchObject({ state: 'refused', rows: 3, rejected: 1 });
});

test('what is neither the file nor its control figures is refused, and so is too much of them', async () => {
  const before = await bank.rows('select count(*) from feed.import');
  expect(await upload(['figures', RIGHT], data('2026-06-06'))).toMatchObject({ status: 422, body: { code: 'part-unknown' } });
  expect(await upload(data('2026-06-06'), ['figures', RIGHT])).toMatchObject({ status: 422, body: { code: 'part-unknown' } });
  expect(await upload(data('2026-06-06'), data('2026-06-07'))).toMatchObject({ status: 422, body: { code: 'part-unknown' } });
  const long = `# ${'-'.repeat(70_000)}\n`;
  expect(await upload(data('2026-06-06'), ['control', long])).toMatchObject({ status: 422, body: { code: 'part-too-large' } });
  expect(await upload(['control', long, 'x.ctl'], data('2026-06-06'))).toMatchObject({
    status: 422,
    body: { code: 'part-too-large' },
  });
  expect(await upload(['control', RIGHT])).toMatchObject({ status: 400 });
  expect(await bank.rows('select count(*) from feed.import')).toEqual(before);
});
