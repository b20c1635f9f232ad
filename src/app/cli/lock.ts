import type { Command } from 'commander';
import { lockPeriods, setLock, stepLift } from '../../capabilities/coverage/index.ts';
import { COMMAND_LINE } from '../../platform/audit/index.ts';
import { unscoped } from '../../platform/db/transaction.ts';
import { dayOf } from './allocate.ts';
import { addCommand, type Deps } from './deps.ts';

export function register(program: Command, deps: Deps): void {
  const { out, withPlatform } = deps;
  const summary = {
    zh: '锁包期：其间管户关系只能通过调户变更',
    en: 'lock portfolios for a period: they change by transfer only',
  };
  const lock = addCommand(program, out, 'lock', summary, [
    'guanhu lock list',
    'guanhu lock set "2026 年考核" 2026-01-01 2026-12-31',
    'guanhu lock lift 5d2f… "考核提前结束"',
  ]).action(() => list(deps));
  addCommand(lock, out, 'list', { zh: '列出锁包期', en: 'list the periods' }, ['guanhu lock list --json']).action(() =>
    list(deps),
  );
  addCommand(lock, out, 'set', { zh: '设定锁包期，起止日都算在内', en: 'set a period, both days inclusive' }, [
    'guanhu lock set "2026 年考核" 2026-01-01 2026-12-31',
  ])
    .argument('<name>', out.pick({ zh: '名称', en: 'its name' }))
    .argument('<from>', out.pick({ zh: '起日', en: 'first day' }))
    .argument('<to>', out.pick({ zh: '止日', en: 'last day' }))
    .action(async (name: string, from: string, to: string) => {
      const wish = { name, from: dayOf(from), to: dayOf(to) };
      const period = await withPlatform((platform) => setLock(platform, COMMAND_LINE, wish));
      out.result(period, [
        out.pick({
          zh: `${period.from} 至 ${period.to} 锁包（${name}）：其间分户和日终不再变动管户关系，变更走调户审批。`,
          en: `Locked from ${period.from} to ${period.to} (${name}): runs and the night move nobody, changes go through transfers.`,
        }),
      ]);
    });
  addCommand(
    lock,
    out,
    'lift',
    { zh: '申请解除锁包期，由总行另一人在页面上确认', en: 'ask to lift a period; somebody of the head office confirms' },
    ['guanhu lock lift 5d2f… "考核提前结束"'],
  )
    .argument('<id>', out.pick({ zh: '锁包期编号', en: 'the period' }))
    .argument('<words>', out.pick({ zh: '为什么', en: 'why' }))
    .action(async (lockId: string, words: string) => {
      await withPlatform((platform) => stepLift(platform, COMMAND_LINE, { lockId, step: 'ask', words }));
      out.result({ lockId, state: 'lift-asked' }, [
        out.pick({
          zh: '已申请解除，等待另一人在「调户 · 锁包」确认。',
          en: 'Asked for; somebody else confirms it under Transfers · Locks.',
        }),
      ]);
    });
}

async function list({ withPlatform, out }: Deps): Promise<void> {
  const periods = await withPlatform((platform) => unscoped(platform.worker, lockPeriods));
  const none = out.pick({ zh: '没有锁包期。', en: 'There is no period.' });
  const state = (period: (typeof periods)[number]) =>
    period.liftedBy !== null
      ? out.pick({ zh: '（已解除）', en: ' (lifted)' })
      : period.liftAskedBy !== null
        ? out.pick({ zh: '（解除待确认）', en: ' (lifting waits)' })
        : '';
  const lines = periods.map((period) => `${period.lockId}  ${period.from} – ${period.to}  ${period.name}${state(period)}`);
  out.result({ periods }, lines.length === 0 ? [none] : lines);
}
