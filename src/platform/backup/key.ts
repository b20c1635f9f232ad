import { readFileSync, statSync } from 'node:fs';
import { refuse } from '../../kernel/refusal.ts';

const KEY_TEXT = /^\s*([0-9a-fA-F]{64})\s*$/;

/** Reads a key file: 32 bytes as 64 hexadecimal digits. Refuses anything else, and a file that others can read. */
export function readKeyFile(path: string): Buffer {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return refuse('key-file-missing', `读不到密钥文件 ${path}。`, `The key file ${path} cannot be read.`);
  }
  const digits = KEY_TEXT.exec(text)?.[1];
  if (digits === undefined) {
    refuse(
      'key-file-invalid',
      `${path} 不是密钥文件：应为 64 位十六进制数字，可用 openssl rand -hex 32 生成。`,
      `${path} is no key file: 64 hexadecimal digits are expected, as openssl rand -hex 32 makes them.`,
    );
  }
  if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) {
    refuse(
      'key-file-exposed',
      `密钥文件 ${path} 的权限过宽：请改为 600。`,
      `The key file ${path} can be read by others: set its mode to 600.`,
    );
  }
  return Buffer.from(digits, 'hex');
}
