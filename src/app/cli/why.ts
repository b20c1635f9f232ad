import type { Command } from 'commander';
import { whyOf } from '../../capabilities/coverage/index.ts';
import { refuse } from '../../kernel/refusal.ts';
import { audit, COMMAND_LINE } from '../../platform/audit/index.ts';
import { unscoped } from '../../platform/db/transaction.ts';
import { addCommand, type Deps } from './deps.ts';

export function register(program: Command, { out, withPlatform }: Deps): void {
  const summary = { zh: '管户原因：一位客户的逐条理由', en: 'why a customer is with whom they are' };
  addCommand(program, out, 'why', summary, ['guanhu why C00000123', 'guanhu why C00000123 --json'])
    .argument('<customer>', out.pick({ zh: '客户号', en: 'the customer' }))
    .action(async (customerId: string) => {
      const why = await withPlatform((platform) =>
        unscoped(platform.worker, async (tx) => {
          const found = await whyOf(tx, customerId);
          await audit(tx, COMMAND_LINE, { kind: 'customer.viewed', subject: customerId, customerId, body: { part: 'why' } });
          return found;
        }),
      );
      if (why === undefined) {
        refuse(
          'customer-unknown',
          `没有客户“${customerId}”，或者还没有日终。`,
          `There is no customer "${customerId}", or no day is closed yet.`,
        );
      }
      out.result(
        why,
        why.lines.map((line) => `· ${out.pick(line)}`),
      );
    });
}
