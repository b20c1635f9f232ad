import type { Command } from 'commander';
import { COMMAND_LINE } from '../../platform/audit/index.ts';
import { closeNight } from '../night.ts';
import { dayOf } from './allocate.ts';
import { addCommand, type Deps } from './deps.ts';

export function register(program: Command, deps: Deps): void {
  const { out } = deps;
  const summary = { zh: '日终：逐日算到某一天', en: 'close the days up to a day, in order' };
  addCommand(program, out, 'close', summary, ['guanhu close --to 2026-06-30', 'guanhu close --to 2026-06-30 --json'])
    .requiredOption(
      '--to <day>',
      out.pick({ zh: '算到哪一天（含，不晚于今天）', en: 'the last day, included, today at the latest' }),
    )
    .action(async (options: { to: string }) => {
      const to = dayOf(options.to);
      const report = await deps.withPlatform((platform) =>
        closeNight(platform, COMMAND_LINE, to, ({ step, day, done, of }) =>
          out.progress(
            step === 'day' ? { zh: `日终 ${day}`, en: `Closing ${day}` } : { zh: `重算 ${day}`, en: `Working out ${day} anew` },
            done,
            of,
          ),
        ),
      );
      const { restated, closed } = report;
      const last = closed.at(-1);
      out.result(report, [
        ...(restated === null
          ? []
          : [
              out.pick({
                zh: `重算 ${restated.from} 至 ${restated.to}：${restated.customers} 位客户有变动。`,
                en: `Worked out ${restated.from} to ${restated.to} anew: ${restated.customers} customers changed.`,
              }),
            ]),
        last === undefined
          ? out.pick({ zh: `没有要日终的日期，已到 ${report.lastDay}。`, en: `No day to close; closed up to ${report.lastDay}.` })
          : out.pick({
              zh: `已日终 ${closed.length} 天，到 ${last.day}：${last.customers} 位客户，当天变动 ${last.changedCustomers} 位。摘要 ${last.digest}`,
              en: `Closed ${closed.length} days up to ${last.day}: ${last.customers} customers, ${last.changedCustomers} changed that day. Digest ${last.digest}`,
            }),
      ]);
    });
}
