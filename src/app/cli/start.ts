import type { Command } from 'commander';
import { COMMAND_LINE } from '../../platform/audit/index.ts';
import { firstAdministrator, makeLink } from '../../platform/auth/account.ts';
import { openPlatform, type Platform } from '../../platform/context.ts';
import { ensureDatabase } from '../../platform/embedded/index.ts';
import { isLoopbackHost } from '../../platform/http/cookies.ts';
import { ensureDemo } from '../demo.ts';
import { checkAddress, isOpenDemo, serve } from '../server.ts';
import { addCommand, type Deps } from './deps.ts';
import { onStop, stopRequested } from './interrupt.ts';
import { linkLines, linkUrl } from './link.ts';
import { EXIT, type Output } from './output.ts';

export function register(program: Command, deps: Deps): void {
  const summary = { zh: '启动服务：数据库、网页和接口', en: 'start the service: database, pages and API' };
  addCommand(program, deps.out, 'start', summary, ['guanhu start', 'GUANHU_PORT=9000 guanhu start']).action(() => start(deps));
}

async function start({ config, out, now }: Deps): Promise<void> {
  await checkAddress(config);
  const database = await ensureDatabase(config, 'server', out.say);
  const leave = onStop(database.stop);
  try {
    const platform = await openPlatform(config.home, database.ownerUrl, now, config.auditAnchors);
    try {
      if (config.databaseUrl === undefined) await ensureDemo(platform, out);
      const { url, close } = await serve(platform, config);
      if (config.tls === undefined && !isLoopbackHost(config.host)) {
        out.say({
          zh: '没有 TLS 证书：浏览器从别的机器登录不了。请设 GUANHU_TLS_CERT 和 GUANHU_TLS_KEY，或在本机前置代理。',
          en: 'There is no TLS certificate: browsers on other machines cannot sign in. Set GUANHU_TLS_CERT and GUANHU_TLS_KEY, or put a proxy in front on this machine.',
        });
      }
      const first = isOpenDemo(config.home, config) ? undefined : await firstLink(platform, out, url);
      out.result({ url, ...first?.value }, [
        out.pick({ zh: `管户已就绪：${url}（按 Ctrl-C 停止）`, en: `Guanhu is ready: ${url} (Ctrl-C stops it)` }),
        ...(first?.lines ?? []),
      ]);
      const lost = await Promise.race([stopRequested().then(() => false), database.lost.then(() => true)]);
      if (lost) {
        out.say({
          zh: '数据库意外停止，管户随之停止；再次启动会自动恢复。',
          en: 'The database stopped unexpectedly and Guanhu with it; the next start recovers by itself.',
        });
        process.exitCode = EXIT.fault;
      } else {
        out.say({ zh: '正在停止…', en: 'Stopping…' });
      }
      await close();
    } finally {
      await platform.close();
    }
  } finally {
    await leave();
  }
}

/** While nobody has an account, each start gives the administrator of the whole bank a new one-time link. */
async function firstLink(
  platform: Platform,
  out: Output,
  url: string,
): Promise<{ value: { setup?: string }; lines: readonly string[] } | undefined> {
  const found = await firstAdministrator(platform.worker, platform.now());
  if (found === 'has-accounts') return undefined;
  const link = found === undefined ? undefined : await makeLink(platform.worker, COMMAND_LINE, found, platform.now());
  if (link !== undefined) return { value: { setup: linkUrl(link, url) }, lines: linkLines(out, link, url) };
  const words = {
    zh: '还没有人能登录：请先用 guanhu feed 报送机构和人员文件，再运行 guanhu account reset 员工号。',
    en: 'Nobody can sign in yet: send the units and the staff with guanhu feed, then run guanhu account reset STAFF_ID.',
  };
  return { value: {}, lines: [out.pick(words)] };
}
