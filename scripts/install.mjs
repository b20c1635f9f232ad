// Installs the dependencies when the lock file has changed since the last time.
import { digestOf, giveUp, readMark, run, say, writeMark } from './tools.mjs';

const MARK = 'node_modules/.cache/guanhu/lock';

export async function ensureInstalled() {
  const digest = digestOf(['package-lock.json']);
  if (readMark(MARK) === digest) return;
  say('正在安装依赖（首次约半分钟）…', 'Installing dependencies (about half a minute the first time)…');
  const windows = process.platform === 'win32';
  // Standard output belongs to results; npm's words go to standard error.
  const code = await run(windows ? 'npm.cmd' : 'npm', ['ci', '--include=dev', '--include=optional', '--no-progress'], {
    stdio: ['ignore', 2, 2],
    shell: windows,
  });
  if (code !== 0) {
    giveUp(
      '依赖安装失败：请检查网络或 npm 镜像设置后再试。',
      'Installing failed: check the network or npm’s registry setting and try again.',
    );
  }
  writeMark(MARK, digest);
}
