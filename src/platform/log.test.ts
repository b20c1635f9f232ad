import { expect, it } from 'vitest';
import { freshDatabase } from '../../test/support/database.ts';
import { openPool } from './db/connect.ts';
import { describeFault } from './log.ts';

const NAME = '欧阳金丝雀';
const MOBILE = '10000001234';

it('keeps what the database quotes out of the log, and keeps what finds the place [SECURITY 55]', async () => {
  const database = await freshDatabase();
  const pool = openPool(database.ownerUrl, { max: 1, applicationName: 'test', statementTimeoutMs: 0 });
  const fault = async (sql: string, values: readonly string[]) => {
    const found = await pool.query(sql, [...values]).catch((error: unknown) => describeFault(error));
    return JSON.stringify(found);
  };
  const cast = await fault('select $1::text::integer', [`${NAME} ${MOBILE}`]);
  expect(cast).toContain('"code":"22P02"');
  const insert = "insert into platform.table_place values ($1, 'local')";
  await pool.query(insert, [NAME]);
  const twice = await fault(insert, [NAME]);
  expect(twice).toContain('"constraint":"table_place_pkey"');
  expect(twice).toContain('log.test.ts');
  for (const text of [cast, twice]) {
    expect(text).not.toContain(NAME);
    expect(text).not.toContain(MOBILE);
  }
  await pool.end();
  await database.drop();
});

it('strikes out values in other messages, in one line of JSON [SECURITY 55]', () => {
  const { message } = describeFault(new Error(`Could not convert string '${NAME}' of ${MOBILE}\r\nfor ${NAME} to INT32`));
  expect(message).toBe('Could not convert string … of …\r\nfor … to INT32');
  expect(JSON.stringify({ message })).not.toMatch(/[\r\n]/);
  expect(describeFault(`no ${MOBILE}`)).toEqual({ name: 'string', message: 'no …', at: [] });
});
