// A process that uses the database of GUANHU_HOME until it is killed: for tests of what it leaves behind.
import { loadConfig } from '../../src/platform/config.ts';
import { ensureDatabase } from '../../src/platform/embedded/index.ts';

const { ownerUrl } = await ensureDatabase(loadConfig(process.env, process.cwd()), 'command', () => undefined);
console.log(ownerUrl);
setInterval(() => undefined, 1_000_000);
