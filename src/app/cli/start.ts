import type { Command } from 'commander';
import { openPlatform } from '../../platform/context.ts';
import { ensureDatabase } from '../../platform/embedded/index.ts';
import { ensureDemo } from '../demo.ts';
import { checkAddress, serve } from '../server.ts';
import { addCommand, type Deps } from './deps.ts';
import { onStop, stopRequested } from './interrupt.ts';
import { EXIT } from './output.ts';

export function register(program: Command, deps: Deps): void {
  const summary = { zh: '启动服务：数据库、网页和接口', en: 'start the service: database, pages and API' };
  addCommand(program, deps.out, 'start', summary, ['guanhu start', 'GUANHU_PORT=9000 guanhu start']).action(() => start(deps));
}

async function start({ config, out, now }: Deps): Promise<void> {
  await checkAddress(config);
  const database = await ensureDatabase(config, 'server', out.say);
  const leave = onStop(database.stop);
  try {
    const platform = await openPlatform(config.home, database.ownerUrl, now);
    try {
      if (config.databaseUrl === undefined) await ensureDemo(platform, out);
      const { url, close } = await serve(platform, config);
      out.result({ url }, [
        out.pick({ zh: `管户已就绪：${url}（按 Ctrl-C 停止）`, en: `Guanhu is ready: ${url} (Ctrl-C stops it)` }),
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
