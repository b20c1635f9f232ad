import type { SetupLink } from '../../platform/auth/account.ts';
import { isLoopbackHost } from '../../platform/http/cookies.ts';
import type { Output } from './output.ts';

/** The link as a browser takes it. Only on this machine do we know our own address; elsewhere a proxy has its own. */
export function linkUrl(link: SetupLink, base: string | undefined): string {
  return base !== undefined && isLoopbackHost(new URL(base).host) ? `${base}${link.path}` : link.path;
}

/** What a terminal says of a one-time link. */
export function linkLines(out: Output, link: SetupLink, base: string | undefined): readonly string[] {
  const url = linkUrl(link, base);
  const zh = url === link.path ? '（接在管户的网址之后）' : '';
  const en = url === link.path ? ' (after the address of your Guanhu)' : '';
  return [
    out.pick({
      zh: `员工 ${link.staffId} 请在 30 分钟内打开一次性链接${zh}，设置密码：`,
      en: `Staff ${link.staffId}: open this one-time link within 30 minutes${en} and set a password:`,
    }),
    url,
  ];
}
