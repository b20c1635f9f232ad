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
    summary: { zh: '启动服务：数据库、网页和接口', en: 'start the service: database, pages and API' },
    load: () => import('./start.ts'),
  },
  {
    name: 'account',
    summary: { zh: '开通或重置员工的登录', en: 'open or reset somebody’s sign-in' },
    load: () => import('./account.ts'),
  },
  {
    name: 'demo',
    summary: { zh: '写出一家演示银行的文件', en: 'write the files of a demo bank' },
    load: () => import('./demo.ts'),
  },
  {
    name: 'feed',
    summary: { zh: '报送文件或整个文件夹', en: 'take files, or a folder of them' },
    load: () => import('./feed.ts'),
  },
  {
    name: 'close',
    summary: { zh: '日终：逐日算到某一天', en: 'close the days up to a day, in order' },
    load: () => import('./close.ts'),
  },
  {
    name: 'scheme',
    summary: { zh: '管理分户方案', en: 'manage schemes' },
    load: () => import('./scheme.ts'),
  },
  {
    name: 'allocate',
    summary: { zh: '按方案分户：先模拟，--apply 才生效', en: 'allocate by a scheme: simulates, --apply carries it out' },
    load: () => import('./allocate.ts'),
  },
  {
    name: 'runs',
    summary: { zh: '查看、生效或放弃分户', en: 'look at, apply or discard runs' },
    load: () => import('./runs.ts'),
  },
  {
    name: 'lock',
    summary: { zh: '设定或解除锁包期', en: 'lock portfolios for a period, or lift it' },
    load: () => import('./lock.ts'),
  },
  {
    name: 'follow-ups',
    summary: { zh: '待跟进：检查、试算、启用规则', en: 'follow-ups: check, simulate and put rules in force' },
    load: () => import('./follow-ups.ts'),
  },
  {
    name: 'outreach',
    summary: { zh: '触达：交付待发清单、接收网关回执', en: 'outreach: hand messages to the gateway, take its receipts' },
    load: () => import('./outreach.ts'),
  },
  {
    name: 'value',
    summary: { zh: '客户价值：检查、启用费率', en: 'customer value: check and put rates in force' },
    load: () => import('./value.ts'),
  },
  {
    name: 'why',
    summary: { zh: '管户原因：一位客户的逐条理由', en: 'why a customer is with whom they are' },
    load: () => import('./why.ts'),
  },
  {
    name: 'export',
    summary: { zh: '导出年日均、管户包或待安排客户', en: 'export averages, portfolios or the uncovered' },
    load: () => import('./export.ts'),
  },
  {
    name: 'export-limit',
    summary: { zh: '每人每天可导出的行数', en: 'rows that a person may export in a day' },
    load: () => import('./export-limit.ts'),
  },
  {
    name: 'person',
    summary: { zh: '客户本人的权利：查询复制、更正、删除', en: 'the rights of a person: copy, correction, erasure' },
    load: () => import('./person.ts'),
  },
  {
    name: 'retention',
    summary: { zh: '到期清除：先看清单，--apply 才清除', en: 'remove what is past its time: shows it, --apply does it' },
    load: () => import('./retention.ts'),
  },
  {
    name: 'key',
    summary: { zh: '更换加密密钥', en: 'change the key that seals personal data' },
    load: () => import('./key.ts'),
  },
  {
    name: 'verify',
    summary: { zh: '从归档重算一遍，报告任何差异', en: 'work everything out anew from the archive and report any difference' },
    load: () => import('./verify.ts'),
  },
  {
    name: 'audit',
    summary: { zh: '核对审计是否被动过，按月转出', en: 'check that nobody has touched the audit; export it by month' },
    load: () => import('./audit.ts'),
  },
  {
    name: 'db',
    summary: { zh: '在命令之间启停内置数据库', en: 'start and stop the embedded database between commands' },
    load: () => import('./db.ts'),
  },
  {
    name: 'backup',
    summary: {
      zh: '备份内置数据库、归档和密钥，使用中也可以',
      en: 'back up the embedded database, the archive and the keys, also in use',
    },
    load: () => import('./backup.ts'),
  },
  {
    name: 'restore',
    summary: { zh: '把备份恢复到一个新的文件夹', en: 'restore a backup into a new home folder' },
    load: () => import('./restore.ts'),
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
