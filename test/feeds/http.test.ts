import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ROUTES } from '../../src/app/capabilities.ts';
import { importSchema } from '../../src/capabilities/feed/contract.ts';
import { undoImport } from '../../src/capabilities/feed/index.ts';
import { COMMAND_LINE } from '../../src/platform/audit/index.ts';
import { buildServer } from '../../src/platform/http/server.ts';
import { signedIn } from '../support/signed-in.ts';
import { openSender, POSITIONS, PRODUCTS, type Sender, sendBasics } from './sender.ts';

let bank: Sender;
let server: Awaited<ReturnType<typeof buildServer>>;
const cookies = new Map<string, string>();

beforeAll(async () => {
  bank = await openSender();
  await sendBasics(bank);
  await bank.send(
    'staff.csv',
    'id,name,org_unit_id,role\nA0,总行系统,0,系统管理员\nA1,分行管理,1,分行管理\nS1,王小明,111,理财经理\n',
  );
  const { platform } = bank.desk;
  for (const id of ['A0', 'A1', 'S1']) cookies.set(id, await signedIn(platform, id));
  server = await buildServer(platform, ROUTES, { demo: false, version: '0', webFolder: '/nonexistent' });
});
afterAll(async () => {
  await server.close();
  await bank.close();
});

async function call(who: string, method: 'GET' | 'POST', url: string): Promise<{ status: number; body: unknown; bytes: Buffer }> {
  const body = method === 'POST' ? { payload: {} } : {};
  const answer = await server.inject({ method, url, cookies: { guanhu_session: cookies.get(who) ?? '' }, ...body });
  const json = String(answer.headers['content-type']).includes('json');
  return { status: answer.statusCode, body: json ? answer.json() : undefined, bytes: answer.rawPayload };
}

async function upload(who: string, name: string, text: string, query = ''): Promise<{ status: number; body: unknown }> {
  const payload = `--edge\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: text/csv\r\n\r\n${text}\r\n--edge--\r\n`;
  const headers = { 'content-type': 'multipart/form-data; boundary=edge' };
  const answer = await server.inject({
    method: 'POST',
    url: `/api/feeds${query}`,
    cookies: { guanhu_session: cookies.get(who) ?? '' },
    headers,
    payload,
  });
  return { status: answer.statusCode, body: answer.json() };
}

async function settled(id: string): Promise<z.infer<typeof importSchema>> {
  for (;;) {
    const record = importSchema.parse((await call('A0', 'GET', `/api/feeds/${id}`)).body);
    if (record.state !== 'received' && record.state !== 'reading') return record;
    await new Promise((later) => setImmediate(later));
  }
}

const sent = z.object({ importId: z.string(), unchanged: z.boolean() });

describe('a file over HTTP is looked at before it counts', () => {
  test('checked with what it would change, then accepted, then taken back', async () => {
    await bank.send('positions-2026-06-20.csv', POSITIONS);
    const text = 'customer_id,outlet_id,product_code,balance\nC1,111,D1,2000.50\nC2,12,D1,20\nC2,12,W1,5\n';
    const { importId } = sent.parse((await upload('A0', 'positions-2026-06-21.csv', text)).body);
    expect(await settled(importId)).toMatchObject({
      state: 'checked',
      sentBy: 'A0',
      effect: {
        comparedWith: '2026-06-20',
        added: 1,
        changed: 1,
        same: 1,
        closed: 1,
        customersBefore: 2,
        customersAfter: 2,
        categories: [
          { category: 'demand-deposit', beforeFen: '102050', afterFen: '202050' },
          { category: 'wealth', beforeFen: '5000000', afterFen: '500' },
        ],
      },
    });
    expect(await call('A0', 'POST', `/api/feeds/${importId}/accept`)).toMatchObject({ status: 200, body: { state: 'accepted' } });
    expect(await call('A0', 'POST', `/api/feeds/${importId}/accept`)).toMatchObject({
      status: 409,
      body: { code: 'import-state' },
    });
    expect(await call('A0', 'GET', `/api/feeds/${importId}/undo-preview`)).toMatchObject({ status: 200, body: { removed: 3 } });
    expect(await call('A0', 'POST', `/api/feeds/${importId}/undo`)).toMatchObject({ status: 200, body: { state: 'undone' } });
  });

  test('checked, then discarded: nothing has changed', async () => {
    const { importId } = sent.parse((await upload('A0', 'products.csv', `${PRODUCTS}F9,某基金,基金,,\n`)).body);
    expect(await settled(importId)).toMatchObject({ state: 'checked', effect: { added: 1, changed: 0, same: 3 } });
    expect(await bank.rows("select code from products.product where code = 'F9'")).toEqual([]);
    expect(await call('A0', 'POST', `/api/feeds/${importId}/discard`)).toMatchObject({ body: { state: 'discarded' } });
    expect(await bank.rows("select code from products.product where code = 'F9'")).toEqual([]);
  });

  test('what no longer fits when it is accepted is refused', async () => {
    const extra = await bank.send('products.csv', 'code,name,category\nZ9,短命产品,理财\n');
    const text = 'customer_id,outlet_id,product_code,balance\nC1,111,Z9,1\n';
    const { importId } = sent.parse((await upload('A0', 'positions-2026-06-19.csv', text)).body);
    expect((await settled(importId)).state).toBe('checked');
    await undoImport(bank.desk, COMMAND_LINE, extra.importId);
    expect(await call('A0', 'POST', `/api/feeds/${importId}/accept`)).toMatchObject({
      status: 409,
      body: { code: 'import-outdated' },
    });
    expect(await settled(importId)).toMatchObject({ state: 'checked' });
  });

  test('rejects come back as a workbook', async () => {
    const { importId } = sent.parse((await upload('A0', 'staff.csv', 'id,name,org_unit_id,role\nX1,张三,404,柜员\n')).body);
    expect(await settled(importId)).toMatchObject({
      state: 'refused',
      rejected: 1,
      problems: [{ code: 'unknown-unit', line: 2 }],
    });
    const { status, bytes } = await call('A0', 'GET', `/api/feeds/${importId}/rejects.xlsx`);
    expect([status, bytes.subarray(0, 2).toString()]).toEqual([200, 'PK']);
  });

  test('a name that is none of a feed’s', async () => {
    expect(await upload('A0', 'holiday.csv', 'a,b\n')).toMatchObject({ status: 422, body: { code: 'feed-name' } });
  });
});

describe('who may', () => {
  test('a branch’s administration sees what came in but not the rows, and sends nothing', async () => {
    const refused = await bank.send('staff.csv', 'id,name,org_unit_id,role\nX1,张三,404,柜员\n');
    expect(await call('A1', 'GET', `/api/feeds/${refused.importId}`)).toMatchObject({
      status: 200,
      body: { rejected: 1, problems: [] },
    });
    expect(await upload('A1', 'products.csv', PRODUCTS)).toMatchObject({ status: 403 });
  });
  test('a manager sees no feeds, but the units and staff of the own outlet', async () => {
    expect(await call('S1', 'GET', '/api/feeds')).toMatchObject({ status: 403 });
    expect(await call('S1', 'GET', '/api/organisation/units')).toMatchObject({ body: { items: [{ id: '111' }] } });
    const staff = await call('S1', 'GET', '/api/organisation/staff?unit=1');
    expect(staff.body).toMatchObject({
      items: [
        { id: 'S1', unitName: '陆家嘴网点' },
        { id: 'S3', leftOn: '2025-12-31' },
      ],
      next: null,
    });
  });
  test('imports are paged, newest first', async () => {
    const first = await call('A0', 'GET', '/api/feeds?limit=2');
    const page = z.object({ items: z.array(importSchema), next: z.string() }).parse(first.body);
    const second = await call('A0', 'GET', `/api/feeds?limit=2&after=${page.next}`);
    const later = z.object({ items: z.array(importSchema) }).parse(second.body);
    const seen = [...page.items, ...later.items].map((record) => record.importId);
    const all = await bank.rows('select import_id from feed.import order by seq desc limit 4');
    expect(seen).toEqual(all.map((row) => row.import_id));
  });
});
