// Writes the types of the web client from the routes themselves; needs no database.
import { mkdir, writeFile } from 'node:fs/promises';
import openapi, { astToString } from 'openapi-typescript';
import { ROUTES } from '../src/app/capabilities.ts';
import { openPool } from '../src/platform/db/connect.ts';
import { projectFile } from '../src/platform/files.ts';
import { buildServer } from '../src/platform/http/server.ts';

const pool = openPool('postgres://nobody@localhost/none', { max: 1, applicationName: 'openapi', statementTimeoutMs: 0 });
const empty = '0'.repeat(64);
const platform = {
  home: '',
  archive: '',
  anchors: '',
  app: pool,
  worker: pool,
  secrets: {
    appPassword: empty,
    workerPassword: empty,
    sealKey: empty,
    searchKey: empty,
    sealKeyId: 1,
    oldSealKeys: {},
    resealing: false,
    file: '',
  },
  now: () => new Date(0),
  close: async () => undefined,
};
const server = await buildServer(platform, ROUTES, { demo: true, version: '0', webFolder: '' });
await server.ready();
const types = astToString(await openapi(JSON.stringify(server.swagger())));
await mkdir(projectFile('src/web/api'), { recursive: true });
await writeFile(projectFile('src/web/api/schema.d.ts'), types);
await server.close();
await pool.end();
