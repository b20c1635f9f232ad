import type { Command } from 'commander';
import type { Words } from '../../kernel/refusal.ts';
import type { Deps } from './deps.ts';

interface CommandModule {
  readonly register: (program: Command, deps: Deps) => void;
}

export interface CommandEntry {
  readonly name: string;
  readonly summary: Words;
  /** Loaded only when the command is used, so that `guanhu config` does not wait for what `guanhu feed` needs. */
  readonly load: () => Promise<CommandModule>;
}

/** Every command there is, in the order of the help. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'start',
    summary: { zh: '启动服务:数据库、网页和接口', en: 'start the service: database, pages and API' },
    load: () => import('./start.ts'),
  },
  {
    name: 'feed',
    summary: { zh: '报送文件或整个文件夹', en: 'take files, or a folder of them' },
    load: () => import('./feed.ts'),
  },
  {
    name: 'db',
    summary: { zh: '在命令之间启停内置数据库', en: 'start and stop the embedded database between commands' },
    load: () => import('./db.ts'),
  },
  {
    name: 'config',
    summary: { zh: '列出全部设置及其来源', en: 'list every setting and where it comes from' },
    load: () => import('./config.ts'),
  },
  {
    name: 'completion',
    summary: { zh: '输出 shell 补全脚本', en: 'print the shell completion script' },
    load: () => import('./completion.ts'),
  },
];
