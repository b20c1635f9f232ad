import type { Command } from 'commander';
import { applyRun, discardRun, runList, runReport } from '../../capabilities/coverage/index.ts';
import { COMMAND_LINE } from '../../platform/audit/index.ts';
import { dayOf, runLines } from './allocate.ts';
import { addCommand, type Deps } from './deps.ts';

export function register(program: Command, deps: Deps): void {
  const { out } = deps;
  const summary = { zh: '查看、生效或放弃分户', en: 'look at, apply or discard runs' };
  const runs = addCommand(program, out, 'runs', summary, [
    'guanhu runs list',
    'guanhu runs show 2026-06-30-1 --json',
    'guanhu runs apply 2026-06-30-1',
    'guanhu runs discard 2026-06-30-1',
  ]).action(() => list(deps));
  addCommand(runs, out, 'list', { zh: '列出分户，新的在前', en: 'list runs, newest first' }, ['guanhu runs list --json']).action(
    () => list(deps),
  );
  const id = out.pick({ zh: '分户编号', en: 'the run' });
  addCommand(runs, out, 'show', { zh: '一次分户的结果', en: 'what a run decided' }, ['guanhu runs show 2026-06-30-1'])
    .argument('<id>', id)
    .action((runId: string) => show(deps, runId));
  addCommand(
    runs,
    out,
    'apply',
    { zh: '让模拟生效；中断后再次执行即可继续', en: 'carry a simulation out; again after an interruption' },
    ['guanhu runs apply 2026-06-30-1 --from 2026-07-01'],
  )
    .argument('<id>', id)
    .option('--from <day>', out.pick({ zh: '生效日', en: 'from which day' }))
    .action(async (runId: string, options: { from?: string }) => {
      const effectiveFrom = options.from === undefined ? undefined : dayOf(options.from);
      await deps.withPlatform((platform) => applyRun(platform, COMMAND_LINE, { runId, effectiveFrom, onProgress: out.progress }));
      await show(deps, runId);
    });
  addCommand(runs, out, 'discard', { zh: '放弃一次模拟', en: 'put a simulation away' }, ['guanhu runs discard 2026-06-30-1'])
    .argument('<id>', id)
    .action(async (runId: string) => {
      await deps.withPlatform((platform) => discardRun(platform, COMMAND_LINE, runId));
      out.result({ runId, state: 'discarded' }, [out.pick({ zh: `已放弃 ${runId}。`, en: `Discarded ${runId}.` })]);
    });
}

async function list({ withPlatform, out }: Deps): Promise<void> {
  const found = await withPlatform(runList);
  out.result(
    { runs: found },
    found.map(
      (run) =>
        `${run.runId}  ${run.kind}  ${run.state}  ${run.scheme}  ${run.covered}/${run.customers}  ${run.effectiveFrom ?? ''}`,
    ),
  );
}

async function show({ withPlatform, out }: Deps, runId: string): Promise<void> {
  const report = await withPlatform((platform) => runReport(platform, runId));
  out.result(report, runLines(out, report));
}
