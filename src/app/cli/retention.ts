import type { Command } from 'commander';
import type { Words } from '../../kernel/refusal.ts';
import { runRetention } from '../retention.ts';
import { addCommand, type Deps } from './deps.ts';

const WORDS: Readonly<Record<string, Words>> = {
  session: { zh: '已失效的会话', en: 'dead sessions' },
  'known-device': { zh: '已失效的设备', en: 'dead devices' },
  'setup-link': { zh: '已失效的开通链接', en: 'dead set-up links' },
  'api-token': { zh: '已到期的接口密钥', en: 'expired API keys' },
  'kept-answer': { zh: '为重复请求保留的答复', en: 'answers kept for repeats' },
  attempt: { zh: '登录尝试计数', en: 'counts of sign-in attempts' },
  usage: { zh: '查看次数计数', en: 'counts of reveals and exports' },
  notice: { zh: '满一年的通知', en: 'notices of more than a year' },
  'untaken-file': { zh: '满 90 天未入库文件的坏单元格和原件', en: 'bad cells and originals of files not taken for 90 days' },
  customer: { zh: '销户满十年、可由两人办理删除的客户', en: 'customers closed ten years ago, whom two people may erase' },
};

export function register(program: Command, { out, withPlatform }: Deps): void {
  const summary = { zh: '到期清除：先看清单，--apply 才清除', en: 'remove what is past its time: shows it, --apply does it' };
  addCommand(program, out, 'retention', summary, ['guanhu retention', 'guanhu retention --apply'])
    .option('--apply', out.pick({ zh: '真的清除', en: 'really remove it' }))
    .option('--dry-run', out.pick({ zh: '只看清单（默认）', en: 'only show it (the default)' }))
    .action(async (options: { apply?: boolean; dryRun?: boolean }) => {
      const report = await withPlatform((platform) => runRetention(platform, options.apply === true && options.dryRun !== true));
      const words = (what: string) => out.pick(WORDS[what] ?? { zh: what, en: what });
      out.result(report, [
        ...report.classes.map(({ what, due, removed }) =>
          out.pick({
            zh: `${words(what)}：到期 ${due}，清除 ${removed}`,
            en: `${words(what)}: ${due} due, ${removed} removed`,
          }),
        ),
        ...(report.holds === 0
          ? []
          : [
              out.pick({
                zh: `有 ${report.holds} 位客户依法保全：坏单元格和原件一律不清除。`,
                en: `${report.holds} legal holds stand: no bad cells and originals are removed.`,
              }),
            ]),
        out.pick({
          zh: '审计按月转出：guanhu audit export、guanhu audit retire。',
          en: 'The audit leaves by month: guanhu audit export, guanhu audit retire.',
        }),
      ]);
    });
}
