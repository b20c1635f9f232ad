// `npm start`: installs, builds and serves, each step only when needed. Node built-ins only until all is installed.
import { buildServer, buildWeb } from './build.mjs';
import { ensureInstalled } from './install.mjs';
import { checkNode } from './tools.mjs';

checkNode();
await ensureInstalled();
await buildServer();
await buildWeb();
const { main } = await import('../dist/cli.js');
process.exit(await main(['start', ...process.argv.slice(2)]));
