#!/usr/bin/env node
import { buildServer } from '../scripts/build.mjs';
import { ensureInstalled } from '../scripts/install.mjs';
import { checkNode } from '../scripts/tools.mjs';

checkNode();
await ensureInstalled();
await buildServer();
const { main } = await import('../dist/cli.js');
// The event loop empties by itself: an explicit exit could cut what is still being written to a pipe.
process.exitCode = await main(process.argv.slice(2));
