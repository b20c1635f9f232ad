import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { refuse } from '../../kernel/refusal.ts';
import { writeBackup } from '../../platform/backup/backup.ts';
import { readKeyFile } from '../../platform/backup/key.ts';
import type { Config } from '../../platform/config.ts';
import { ensureDatabase } from '../../platform/embedded/index.ts';
import { projectFile } from '../../platform/files.ts';
import { addCommand, type Deps } from './deps.ts';
import { onStop } from './interrupt.ts';

const packageFile = z.object({ version: z.string() });
const MEGABYTE = 1_000_000;

export const KEY_OPTION = {
  flags: '--key <file>',
  words: { zh: '密钥文件：备份以它加密', en: 'key file that the backup is encrypted with' },
};

export function register(program: Command, deps: Deps): void {
  const summary = {
    zh: '备份内置数据库、归档和密钥，使用中也可以',
    en: 'back up the embedded database, the archive and the keys, also in use',
  };
  addCommand(program, deps.out, 'backup', summary, [
    'guanhu backup /backup/guanhu-2026-06-30',
    'openssl rand -hex 32 > /safe/backup.key && chmod 600 /safe/backup.key',
    'guanhu backup /backup/guanhu-2026-06-30 --key /safe/backup.key',
  ])
    .argument('<file>', deps.out.pick({ zh: '备份写到这个新文件', en: 'the new file to write' }))
    .option(KEY_OPTION.flags, deps.out.pick(KEY_OPTION.words))
    .action((file: string, options: { key?: string }) => backup(deps, resolve(file), options.key));
}

async function backup({ config, out, now }: Deps, file: string, keyFile: string | undefined): Promise<void> {
  embeddedOnly(config);
  const key = keyFile === undefined ? undefined : readKeyFile(keyFile);
  const { version } = packageFile.parse(JSON.parse(readFileSync(projectFile('package.json'), 'utf8')));
  const database = await ensureDatabase(config, 'command', out.say);
  const leave = onStop(() => database.stop());
  try {
    const words = { zh: '备份', en: 'Backing up' };
    const onProgress = (done: number, of: number) => out.progress(words, done, of);
    const { home } = config;
    const made = await writeBackup({ home, ownerUrl: database.ownerUrl, file, key, version, now: now(), onProgress });
    const megabytes = (made.bytes / MEGABYTE).toFixed(1);
    out.result({ file, encrypted: key !== undefined, ...made }, [
      out.pick({
        zh: `已备份到 ${file}：${made.tables} 张表 ${made.rows} 行，${made.files} 个文件，${megabytes} MB。`,
        en: `Backed up to ${file}: ${made.tables} tables with ${made.rows} rows, ${made.files} files, ${megabytes} MB.`,
      }),
    ]);
    if (key === undefined) {
      out.say({
        zh: '备份未加密，里面有解开证件号和手机号的密钥：请像保管密钥一样保管它，或用 --key 加密。',
        en: 'The backup is not encrypted and holds the keys that open ID and mobile numbers: keep it as such, or encrypt it with --key.',
      });
    }
  } finally {
    await leave();
  }
}

/** The bank's own server has its own tools, which also keep what happens between two backups. */
export function embeddedOnly(config: Config): void {
  if (config.databaseUrl === undefined) return;
  refuse(
    'not-embedded',
    '已设 DATABASE_URL：行内数据库请用 PostgreSQL 自己的工具备份和恢复，做法见 docs/operations.md。',
    'DATABASE_URL is set: back up and restore the bank’s own database with PostgreSQL’s tools, as docs/operations.md says.',
  );
}
