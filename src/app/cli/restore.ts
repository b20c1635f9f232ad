import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { refuse } from '../../kernel/refusal.ts';
import { sealAndAnchor } from '../../platform/audit/seals.ts';
import { checkFresh } from '../../platform/backup/files.ts';
import { readKeyFile } from '../../platform/backup/key.ts';
import { type BackupContents, type BackupFile, checkBackup, restoreBackup } from '../../platform/backup/restore.ts';
import { openPlatform } from '../../platform/context.ts';
import { ensureDatabase } from '../../platform/embedded/index.ts';
import { embeddedOnly, KEY_OPTION } from './backup.ts';
import { addCommand, type Deps } from './deps.ts';
import { onStop } from './interrupt.ts';

export function register(program: Command, deps: Deps): void {
  const summary = { zh: '把备份恢复到一个新的文件夹', en: 'restore a backup into a new home folder' };
  addCommand(program, deps.out, 'restore', summary, [
    'GUANHU_HOME=/srv/guanhu-new guanhu restore /backup/guanhu-2026-06-30',
    'GUANHU_HOME=/srv/guanhu-new guanhu restore /backup/guanhu-2026-06-30 --key /safe/backup.key',
  ])
    .argument('<file>', deps.out.pick({ zh: '备份文件', en: 'the backup' }))
    .option(KEY_OPTION.flags, deps.out.pick(KEY_OPTION.words))
    .action((file: string, options: { key?: string }) => restore(deps, resolve(file), options.key));
}

async function restore(deps: Deps, file: string, keyFile: string | undefined): Promise<void> {
  const { config, out } = deps;
  embeddedOnly(config);
  await checkFresh(config.home);
  if (!existsSync(file)) refuse('no-backup', `没有文件 ${file}。`, `There is no file ${file}.`);
  const backup = { file, key: keyFile === undefined ? undefined : readKeyFile(keyFile) };
  out.say({ zh: '正在检查备份…', en: 'Checking the backup…' });
  const contents = await checkBackup(backup);
  let rows: number;
  try {
    rows = await fill(deps, backup, contents);
  } catch (error) {
    out.say({
      zh: `恢复没有完成：请删除文件夹 ${config.home} 后重试。`,
      en: `The restore did not end: remove the folder ${config.home} and try again.`,
    });
    throw error;
  }
  out.result({ home: config.home, rows, ...contents }, [
    out.pick({
      zh: `已恢复 ${contents.at} 的备份到 ${config.home}：${contents.tables} 张表 ${rows} 行，${contents.files} 个文件，逐表核对一致。请再运行 guanhu verify 和 guanhu audit verify。`,
      en: `Restored the backup of ${contents.at} into ${config.home}: ${contents.tables} tables with ${rows} rows, ${contents.files} files, each table compared. Now run guanhu verify and guanhu audit verify.`,
    }),
  ]);
}

async function fill({ config, out, now }: Deps, backup: BackupFile, contents: BackupContents): Promise<number> {
  const database = await ensureDatabase(config, 'command', out.say);
  const leave = onStop(() => database.stop());
  try {
    const rows = await restoreBackup(backup, config.home, database.ownerUrl, (done) =>
      out.progress({ zh: '恢复表', en: 'Restoring tables' }, done, contents.tables),
    );
    // A backup of an earlier version is brought to this one; the audit goes on in an epoch of its own, anchored from its beginning.
    const platform = await openPlatform(config.home, database.ownerUrl, now, config.auditAnchors);
    await sealAndAnchor(platform).finally(platform.close);
    return rows;
  } finally {
    await leave();
  }
}
