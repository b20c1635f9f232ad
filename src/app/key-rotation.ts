import { resealArchive, resealProblems, whileNoFeeds } from '../capabilities/feed/index.ts';
import { refuse } from '../kernel/refusal.ts';
import { audit, COMMAND_LINE } from '../platform/audit/index.ts';
import type { Platform } from '../platform/context.ts';
import { unscoped } from '../platform/db/transaction.ts';
import { resealColumns } from '../platform/reseal.ts';
import { beginRotation, endRotation } from '../platform/secrets.ts';

export interface RotationReport {
  readonly keyId: number;
  readonly values: number;
  readonly findings: number;
  readonly files: number;
}

/**
 * Makes a new key and puts everything that is sealed under it. Broken off anywhere, the next call goes on with what is left: both keys
 * open until then. A service that runs meanwhile reads on; it seals with the new key once it has been started again.
 */
export async function rotateKey(platform: Platform): Promise<RotationReport> {
  const report = await whileNoFeeds(platform, async () => {
    const secrets = beginRotation(platform.home);
    const next = { ...platform, secrets };
    const values = await resealColumns(platform.worker, secrets);
    const findings = await resealProblems(next);
    const files = await resealArchive(next);
    const done = { keyId: secrets.sealKeyId, values, findings, files };
    await unscoped(platform.worker, (tx) => audit(tx, COMMAND_LINE, { kind: 'key.rotated', subject: 'seal-key', body: done }));
    endRotation(secrets);
    return done;
  });
  return (
    report ??
    refuse('feeds-busy', '正在处理报送文件：请稍后再更换密钥。', 'Files are being taken: change the key when that is over.')
  );
}
