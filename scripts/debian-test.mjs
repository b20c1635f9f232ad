// Runs the tests of the database on Debian's PostgreSQL, as a bank would bring its own (DATABASE_URL). Skipped where there is none.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureInstalled } from './install.mjs';
import { checkNode, filesUnder, ROOT, run, tool } from './tools.mjs';

const PROGRAMS = '/usr/lib/postgresql';
const PASSWORD = 'only-for-this-run';

function newestPrograms() {
  const versions = existsSync(PROGRAMS) ? readdirSync(PROGRAMS).map(Number).filter(Boolean) : [];
  const newest = Math.max(...versions);
  return versions.length > 0 && existsSync(`${PROGRAMS}/${newest}/bin/initdb`) ? `${PROGRAMS}/${newest}/bin` : undefined;
}

function freePort() {
  const probe = createServer();
  return new Promise((done) => {
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}

/** PostgreSQL does not run as root; Debian's package brings the account. */
function account() {
  if (process.getuid?.() !== 0) return {};
  const { uid, gid } = statSync('/var/lib/postgresql');
  return { uid, gid };
}

function must(program, args, options) {
  const { status, stdout, stderr } = spawnSync(program, args, { ...options, cwd: '/', encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program}: ${stdout}${stderr}`);
}

/** These start servers of their own, or ask what routes say: another engine answers no differently. */
const OF_NO_ENGINE = [
  'test/cluster/citus.test.ts',
  'test/faults/fuzz.test.ts',
  'test/looks.test.ts',
  'test/security/own-server.test.ts',
  'test/security/roles.test.ts',
  'test/sign-in.test.ts',
];

/** Pure tests need no second run. */
function testsOfTheDatabase() {
  const tests = [...filesUnder('src'), ...filesUnder('test')].filter((file) => file.endsWith('.test.ts'));
  return tests.filter(
    (file) => !OF_NO_ENGINE.includes(file) && readFileSync(join(ROOT, file), 'utf8').includes('support/database.ts'),
  );
}

checkNode();
await ensureInstalled();
const bin = newestPrograms();
if (bin === undefined) {
  console.log('no PostgreSQL of Debian here: skipped\n0 passed, 0 failed, 1 skipped');
  process.exit(0);
}
const folder = mkdtempSync(join(tmpdir(), 'guanhu-debian-'));
const who = account();
const data = join(folder, 'data');
const passwordFile = join(folder, 'password');
let code = 1;
try {
  chmodSync(folder, 0o711);
  writeFileSync(passwordFile, PASSWORD, { mode: 0o600 });
  if (who.uid !== undefined) for (const path of [folder, passwordFile]) chownSync(path, who.uid, who.gid);
  must(
    `${bin}/initdb`,
    ['-D', data, '-U', 'bank', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '-E', 'UTF8', '--locale=C'],
    who,
  );
  const port = await freePort();
  const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=100`;
  must(`${bin}/pg_ctl`, ['start', '-D', data, '-w', '-l', join(folder, 'log'), '-o', options], { ...who, stdio: 'ignore' });
  try {
    const url = `postgres://bank:${PASSWORD}@127.0.0.1:${port}/postgres`;
    const env = { ...process.env, GUANHU_TEST_DATABASE_URL: url, GUANHU_TEST_PROGRAMS: bin };
    // Named tests only, when some are named.
    const tests = process.argv.length > 2 ? process.argv.slice(2) : testsOfTheDatabase();
    code = await run(process.execPath, [tool('vitest/vitest.mjs'), 'run', ...tests], { env });
  } finally {
    must(`${bin}/pg_ctl`, ['stop', '-D', data, '-m', 'immediate', '-w'], who);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit(code);
