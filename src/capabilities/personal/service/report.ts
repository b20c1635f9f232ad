import { type Actor, audit } from '../../../platform/audit/index.ts';
import type { Platform } from '../../../platform/context.ts';
import { unscoped } from '../../../platform/db/transaction.ts';
import { reportPdf } from '../pdf.ts';
import { readReport } from '../reads/report.ts';

/** All that is held of a customer, as a PDF. It is recorded before the document leaves; undefined when there is no such customer. */
export async function personReport(
  platform: Platform,
  actor: Actor,
  wish: { readonly customerId: string; readonly words: string },
): Promise<Buffer | undefined> {
  const { customerId, words } = wish;
  const at = platform.now();
  const report = await unscoped(platform.worker, async (tx) => {
    const found = await readReport(tx, platform.secrets, customerId);
    if (found !== undefined)
      await audit(tx, actor, { kind: 'person.reported', subject: customerId, customerId, body: { purpose: 'subject', words } });
    return found;
  });
  return report && reportPdf(report, { by: actor.staffId === 'cli' ? '命令行' : actor.staffId, at });
}
