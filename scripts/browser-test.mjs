// `npm run browser-test`: builds, makes sure of a Chromium with Chinese fonts, runs test/browser.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildServer, buildWeb } from './build.mjs';
import { ensureInstalled } from './install.mjs';
import { checkNode, filesUnder, giveUp, ROOT, run, say, tool } from './tools.mjs';

/** The browser comes from Debian, so that its fonts and libraries do too. */
function ensureBrowser() {
  const hasFonts = spawnSync('fc-list', [':lang=zh-cn'], { encoding: 'utf8' }).stdout?.trim();
  if (existsSync('/usr/bin/chromium') && hasFonts) return;
  if (!existsSync('/usr/bin/apt-get') || process.getuid?.() !== 0) {
    giveUp(
      '浏览器测试需要 /usr/bin/chromium 和中文字体（Debian：chromium、fonts-noto-cjk、fontconfig）：请先安装。',
      'The browser tests need /usr/bin/chromium and Chinese fonts (Debian: chromium, fonts-noto-cjk, fontconfig): install them first.',
    );
  }
  say('正在用 apt 安装浏览器和中文字体…', 'Installing a browser and Chinese fonts with apt…');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args) => spawnSync('apt-get', ['-q', '-y', ...args], { env, stdio: ['ignore', 2, 2] }).status === 0;
  if (!apt('update') || !apt('install', '--no-install-recommends', 'chromium', 'fonts-noto-cjk', 'fontconfig')) {
    giveUp('apt 安装浏览器失败。', 'Installing the browser with apt failed.');
  }
}

checkNode();
await ensureInstalled();
const hasTests = filesUnder('test/browser').some((file) => file.endsWith('.browser.ts'));
if (!hasTests || !existsSync(join(ROOT, 'src/web/index.html'))) {
  console.log('no pages or no browser tests yet: skipped\n0 passed, 0 failed, 1 skipped');
  process.exit(0);
}
ensureBrowser();
await buildServer();
await buildWeb();
process.exit(
  await run(process.execPath, [
    tool('vitest/vitest.mjs'),
    'run',
    '--config',
    'test/browser/vitest.config.ts',
    ...process.argv.slice(2),
  ]),
);
