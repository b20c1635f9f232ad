import type { Command } from 'commander';
import { whoCovered, whyOf } from '../../capabilities/coverage/index.ts';
import type { BusinessDate } from '../../kernel/business-date.ts';
import { refuse } from '../../kernel/refusal.ts';
import { audit, COMMAND_LINE } from '../../platform/audit/index.ts';
import { unscoped } from '../../platform/db/transaction.ts';
import { dayOf } from './allocate.ts';
import { addCommand, type Deps } from './deps.ts';

export function register(program: Command, deps: Deps): void {
  const { out, withPlatform } = deps;
  const summary = { zh: '管户原因：一位客户的逐条理由', en: 'why a customer is with whom they are' };
  addCommand(program, out, 'why', summary, ['guanhu why C00000123', 'guanhu why C00000123 --on 2026-03-03'])
    .argument('<customer>', out.pick({ zh: '客户号', en: 'the customer' }))
    .option('--on <date>', out.pick({ zh: '某一天由谁管户', en: 'who covered the customer on a day' }))
    .action(async (customerId: string, { on }: { on?: string }) => {
      if (on !== undefined) return whoOn(deps, customerId, dayOf(on));
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

/** Who covered a customer on a day, seat by seat, and what had brought it. */
async function whoOn({ out, withPlatform }: Deps, customerId: string, on: BusinessDate): Promise<void> {
  const turns = await withPlatform((platform) =>
    unscoped(platform.worker, async (tx) => {
      await audit(tx, COMMAND_LINE, { kind: 'customer.viewed', subject: customerId, customerId, body: { part: 'coverage' } });
      return whoCovered(tx, customerId, on);
    }),
  );
  const none = out.pick({ zh: `${on} 这位客户没有管户人。`, en: `Nobody covered this customer on ${on}.` });
  out.result({ customerId, on, turns }, turns.length === 0 ? [none] : turns.map((turn) => `· ${out.pick(turn.text)}`));
}
