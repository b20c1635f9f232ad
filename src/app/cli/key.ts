import type { Command } from 'commander';
import { rotateKey } from '../key-rotation.ts';
import { addCommand, type Deps } from './deps.ts';

export function register(program: Command, { out, withPlatform }: Deps): void {
  const summary = { zh: '更换加密密钥', en: 'change the key that seals personal data' };
  const key = addCommand(program, out, 'key', summary, ['guanhu key rotate']);
  addCommand(
    key,
    out,
    'rotate',
    { zh: '换新密钥并重新加密，中断后再运行即可继续', en: 'make a new key and seal everything anew; run it again to go on' },
    ['guanhu key rotate'],
  ).action(async () => {
    const done = await withPlatform(rotateKey);
    out.result(done, [
      out.pick({
        zh: `已换到第 ${done.keyId} 号密钥：重新加密 ${done.values} 个值、${done.findings} 份检查结果、${done.files} 个归档文件。请重启服务并备份。`,
        en: `Key ${done.keyId} is in use: ${done.values} values, ${done.findings} findings and ${done.files} files sealed anew. Start the service again and make a backup.`,
      }),
    ]);
  });
}
