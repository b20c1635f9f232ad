import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Column, readColumns } from '../../src/capabilities/personal/reads/columns.ts';
import { KEEP_WORDS } from '../../src/capabilities/personal/rules/classes.ts';
import { projectFile } from '../../src/platform/files.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';

let database: FreshDatabase;
let client: pg.Client;
let columns: Column[];
beforeAll(async () => {
  database = await freshDatabase();
  client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  columns = await readColumns(client);
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

const MEND =
  "say what it holds in the migration that makes it: select platform.classify('schema.table', 'keep', 'column C1 mask 含义; …'), then `npx vitest run test/security/data-classes.test.ts -u` for docs/data-classes.md";

it('[SECURITY 19] every column says how sensitive it is, how it is masked and how long it is kept', () => {
  expect(columns.length).toBeGreaterThan(500);
  const unclassed = columns
    .filter((column) => column.class === undefined)
    .map(({ table, column }) => `${table}.${column}: ${MEND}`);
  expect(unclassed).toEqual([]);
});

it('[SECURITY 19] finds a column that says nothing, or says it in another form', async () => {
  await client.query('begin');
  await client.query('alter table customers.customer add column nickname text, add column hobby text');
  await client.query("comment on column customers.customer.hobby is 'C2: what they like'");
  const found = (await readColumns(client)).filter((column) => column.class === undefined);
  await client.query('rollback');
  expect(found.map(({ column }) => column)).toEqual(['nickname', 'hobby']);
});

it('[SECURITY 19] no schema escapes the list', async () => {
  const { rows } = await client.query<{ name: string }>(
    "select distinct n.nspname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'",
  );
  const seen = new Set(columns.map(({ table }) => table.split('.')[0]));
  expect(rows.map(({ name }) => name).filter((name) => !seen.has(name))).toEqual([]);
});

it('[SECURITY 19] of C3 there is nothing but what proves our own staff, as digests or sealed', () => {
  const secret = columns.filter((column) => column.class?.level === 'C3').map(({ table, column }) => `${table}.${column}`);
  expect(secret).toEqual([
    'platform.account.password_hash',
    'platform.account.totp_secret',
    'platform.account.totp_pending',
    'platform.api_token.token_hash',
    'platform.recovery_code.code_hash',
    'platform.session.token_hash',
    'platform.setup_link.code_hash',
  ]);
});

it('docs/data-classes.md is what the schema says', async () => {
  await expect(document(columns)).toMatchFileSnapshot(projectFile('docs/data-classes.md'));
});

function document(all: readonly Column[]): string {
  const tables = [...new Set(all.map(({ table }) => table))];
  const lines = tables.flatMap((table) => [
    `## ${table}`,
    '| column | class | mask | kept | what it is |',
    '|---|---|---|---|---|',
    ...all.flatMap((column) =>
      column.table === table && column.class !== undefined
        ? [`| ${column.column} | ${column.class.level} | ${column.class.mask} | ${column.class.keep} | ${column.class.words} |`]
        : [],
    ),
    '',
  ]);
  return [
    '# Data classes',
    '',
    'Made from the comments of the columns (`test/security/data-classes.test.ts`, `-u` writes it anew). Classes are those of JR/T 0171:',
    'C3 proves who somebody is, C2 tells who somebody is or what they have, C1 is for use within the bank, none is not personal.',
    '',
    '| kept | how long | 保存期限 |',
    '|---|---|---|',
    ...Object.entries(KEEP_WORDS).map(([keep, { zh, en }]) => `| ${keep} | ${en} | ${zh} |`),
    '',
    ...lines,
  ].join('\n');
}
