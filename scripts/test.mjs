// `npm test`: installs when needed, then runs every test but the browser's. Arguments go to vitest.
import { ensureInstalled } from './install.mjs';
import { checkNode, run, tool } from './tools.mjs';

checkNode();
await ensureInstalled();
process.exit(await run(process.execPath, [tool('vitest/vitest.mjs'), 'run', ...process.argv.slice(2)]));
