import type { Command } from 'commander';
import { refuse } from '../../kernel/refusal.ts';
import { COMMAND_LINE } from '../../platform/audit/index.ts';
import { makeLink } from '../../platform/auth/account.ts';
import { serviceUrl } from '../../platform/config.ts';
import { addCommand, type Deps } from './deps.ts';
import { linkLines, linkUrl } from './link.ts';

export function register(program: Command, deps: Deps): void {
  const { out } = deps;
  const summary = { zh: '开通或重置员工的登录', en: 'open or reset somebody’s sign-in' };
  const examples = ['guanhu account reset S1024', 'guanhu account reset S1024 --second-factor'];
  const account = addCommand(program, out, 'account', summary, examples);
  const words = { zh: '输出一次性链接，由本人设置密码', en: 'print a one-time link with which they set their password' };
  addCommand(account, out, 'reset', words, examples)
    .argument('<staff-id>', out.pick({ zh: '员工号', en: 'staff number' }))
    .option(
      '--second-factor',
      out.pick({
        zh: '同时取消动态口令（手机和恢复码都丢失时）',
        en: 'drop the second factor too (phone and recovery codes are lost)',
      }),
    )
    .action((staffId: string, options: { secondFactor?: boolean }) => reset(deps, staffId, options.secondFactor ?? false));
}

async function reset({ config, out, now, withPlatform }: Deps, staffId: string, secondFactor: boolean): Promise<void> {
  const link = await withPlatform((platform) => makeLink(platform.worker, COMMAND_LINE, staffId, now(), secondFactor));
  if (link === undefined) {
    return refuse(
      'staff-unknown',
      `在岗人员中没有员工号“${staffId}”：请先报送人员文件（staff），或检查员工号。`,
      `Nobody on the staff has the number "${staffId}": send the staff file first, or check the number.`,
    );
  }
  const base = config.port === 0 ? undefined : serviceUrl(config);
  out.result({ staffId, link: linkUrl(link, base), expiresAt: link.expiresAt.toISOString() }, linkLines(out, link, base));
}
