// Runs one of the project's TypeScript files: `node scripts/run.mjs bench/main.ts --size small`.
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureInstalled } from './install.mjs';
import { checkNode, giveUp } from './tools.mjs';

checkNode();
await ensureInstalled();
const [file, ...rest] = process.argv.slice(2);
if (file === undefined) giveUp('用法：node scripts/run.mjs 文件.ts [参数…]', 'Usage: node scripts/run.mjs file.ts [arguments…]');
const { register } = await import('tsx/esm/api');
register();
const path = resolve(file);
process.argv = [process.argv[0], path, ...rest];
await import(pathToFileURL(path).href);
