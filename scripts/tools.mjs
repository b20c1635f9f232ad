// Shared by the scripts that run before anything is installed: Node built-ins only.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

const english = (process.env.GUANHU_LANG || process.env.LANG || 'zh').startsWith('en');

/** Tells a step on standard error, in the language of the terminal. */
export function say(zh, en) {
  process.stderr.write(`${english ? en : zh}\n`);
}

/** Ends the program with one clear sentence in both languages. */
export function giveUp(zh, en) {
  process.stderr.write(english ? `${en}\n${zh}\n` : `${zh}\n${en}\n`);
  process.exit(2);
}

/** Refuses a Node that is too old. */
export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  giveUp(
    `管户需要 Node 20.19 或更新版本，现在是 ${process.versions.node}：请升级 Node 后再试。`,
    `Guanhu needs Node 20.19 or newer, this is ${process.versions.node}: update Node and try again.`,
  );
}

/** All files below a folder, sorted; none when there is no such folder. */
export function filesUnder(folder) {
  if (!existsSync(join(ROOT, folder))) return [];
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .flatMap((entry) => (entry.isDirectory() ? filesUnder(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`]))
    .sort();
}

/** One digest over names and contents. */
export function digestOf(files) {
  const hash = createHash('sha256');
  for (const file of files)
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(ROOT, file)))
      .update('\0');
  return hash.digest('hex');
}

export function readMark(file) {
  const path = join(ROOT, file);
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

export function writeMark(file, text) {
  mkdirSync(dirname(join(ROOT, file)), { recursive: true });
  writeFileSync(join(ROOT, file), text);
}

/** Runs a program with our terminal; the promise gives its exit code. */
export function run(program, args, options = {}) {
  const child = spawn(program, args, { cwd: ROOT, stdio: 'inherit', ...options });
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('exit', (code, signal) => done(signal ? 1 : code));
  });
}

/** Path of a tool's own program inside node_modules, run with this very Node. */
export function tool(path) {
  return join(ROOT, 'node_modules', path);
}
