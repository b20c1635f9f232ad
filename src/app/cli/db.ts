import type { Command } from 'commander';
import { refuse } from '../../kernel/refusal.ts';
import { distribute } from '../../platform/db/distribute.ts';
import { migrate } from '../../platform/db/migrate.ts';
import { databaseStatus, keepRunning, stopRunning } from '../../platform/embedded/index.ts';
import { loadSecrets } from '../../platform/secrets.ts';
import { addCommand, type Deps } from './deps.ts';

export function register(program: Command, deps: Deps): void {
  const { config, out } = deps;
  const summary = { zh: '在命令之间启停内置数据库', en: 'start and stop the embedded database between commands' };
  const db = addCommand(program, out, 'db', summary, ['guanhu db start', 'guanhu db status --json', 'guanhu db stop']);

  const startWords = { zh: '启动内置数据库并让它一直运行', en: 'start the embedded database and let it run' };
  addCommand(db, out, 'start', startWords, ['guanhu db start']).action(async () => {
    const { ownerUrl } = await keepRunning(config, out.say);
    await migrate(ownerUrl, loadSecrets(config.home));
    tellStatus(deps);
  });

  const stopWords = { zh: '停止内置数据库', en: 'stop the embedded database' };
  addCommand(db, out, 'stop', stopWords, ['guanhu db stop']).action(async () => {
    const stopped = await stopRunning(config);
    const words = stopped ? { zh: '已停止。', en: 'Stopped.' } : { zh: '本来就没有运行。', en: 'It was not running.' };
    out.result({ stopped }, [out.pick(words)]);
  });

  const distributeWords = {
    zh: '把表分布到 Citus 集群（DATABASE_URL 为协调节点）',
    en: 'distribute the tables over a Citus cluster (DATABASE_URL is its coordinator)',
  };
  addCommand(db, out, 'distribute', distributeWords, [
    'DATABASE_URL=postgres://owner@coordinator/guanhu guanhu db distribute',
  ]).action(() => distributeTables(deps));

  const statusWords = { zh: '查看内置数据库是否在运行', en: 'tell whether the embedded database runs' };
  addCommand(db, out, 'status', statusWords, ['guanhu db status --json']).action(() => tellStatus(deps));
}

async function distributeTables({ config, out }: Deps): Promise<void> {
  if (config.databaseUrl === undefined) {
    refuse(
      'not-a-cluster',
      '内置数据库只有一台机器，不能分布：请用 DATABASE_URL 指定 Citus 协调节点。',
      'The embedded database is one machine: name a Citus coordinator with DATABASE_URL.',
    );
  }
  await migrate(config.databaseUrl, loadSecrets(config.home));
  const done = await distribute(config.databaseUrl);
  out.result(done, [
    out.pick({
      zh: `已分布 ${done.distributed.length} 张客户表、${done.reference.length} 张参照表；原已分布 ${done.already.length} 张。`,
      en: `Distributed ${done.distributed.length} customer tables and ${done.reference.length} reference tables; ${done.already.length} were already.`,
    }),
  ]);
}

function tellStatus({ config, out }: Deps): void {
  const status = databaseStatus(config);
  out.result(status, [out.pick(statusWords(status))]);
}

function statusWords({ embedded, running, kept, pid, port, folder }: ReturnType<typeof databaseStatus>) {
  if (!embedded) return { zh: '使用 DATABASE_URL 指定的行内数据库。', en: 'The bank’s own database of DATABASE_URL is used.' };
  if (!running) return { zh: '内置数据库没有运行。', en: 'The embedded database is not running.' };
  const stays = kept ? { zh: '一直运行', en: 'kept running' } : { zh: '用完即停', en: 'stops after its last user' };
  return {
    zh: `内置数据库正在运行：进程 ${pid}，端口 ${port}，${stays.zh}，数据在 ${folder}。`,
    en: `The embedded database runs: process ${pid}, port ${port}, ${stays.en}, data in ${folder}.`,
  };
}
