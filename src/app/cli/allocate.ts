import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import {
  applyRun,
  findScheme,
  type RunReport,
  runReport,
  type StoredScheme,
  saveScheme,
  simulate,
  unfinishedRun,
} from '../../capabilities/coverage/index.ts';
import { type BusinessDate, parseBusinessDate } from '../../kernel/business-date.ts';
import { refuse } from '../../kernel/refusal.ts';
import { COMMAND_LINE } from '../../platform/audit/index.ts';
import type { Platform } from '../../platform/context.ts';
import { addCommand, type Deps } from './deps.ts';
import type { Output } from './output.ts';

interface AllocateOptions {
  readonly scheme: string;
  readonly date: string;
  readonly simulate?: boolean;
  readonly apply?: boolean;
  readonly moveBudget?: string;
}

export function register(program: Command, deps: Deps): void {
  const { out } = deps;
  const summary = { zh: '按方案分户：先模拟，--apply 才生效', en: 'allocate by a scheme: simulates, --apply carries it out' };
  addCommand(program, out, 'allocate', summary, [
    'guanhu allocate --scheme full-coverage --date 2026-06-30',
    'guanhu allocate --scheme my-scheme.yaml --date 2026-06-30 --apply --json',
    'guanhu allocate --scheme full-coverage --date 2026-06-30 --move-budget 200',
  ])
    .requiredOption(
      '--scheme <name|file>',
      out.pick({ zh: '方案名称、版本（名称@版本）或文件', en: 'a scheme, name@version or file' }),
    )
    .requiredOption('--date <day>', out.pick({ zh: '按哪个已日终的日期分户', en: 'the closed day to allocate by' }))
    .option('--simulate', out.pick({ zh: '只模拟（默认）', en: 'simulate only (the default)' }))
    .option('--apply', out.pick({ zh: '模拟后立即生效，并启用该方案', en: 'carry it out at once, and put the scheme in force' }))
    .option(
      '--move-budget <n>',
      out.pick({
        zh: '最多让多少户更换管户人（必须更换的先占，余下用于均衡）',
        en: 'customers that may change manager: first who has to, the rest to even out',
      }),
    )
    .action((options: AllocateOptions) => allocate(deps, options));
}

async function allocate(deps: Deps, options: AllocateOptions): Promise<void> {
  const { out } = deps;
  if (options.simulate && options.apply) {
    refuse('simulate-or-apply', '--simulate 和 --apply 只能选一个。', 'Choose one of --simulate and --apply.');
  }
  const date = dayOf(options.date);
  const moveBudget = options.moveBudget === undefined ? undefined : wholeOf(options.moveBudget);
  const report = await deps.withPlatform(async (platform) => {
    const scheme = await schemeOf(platform, options.scheme);
    const onProgress = out.progress;
    const open = options.apply ? await unfinishedRun(platform, { scheme, date, moveBudget }) : undefined;
    const runId = open ?? (await simulate(platform, COMMAND_LINE, { scheme, date, moveBudget, onProgress }));
    if (options.apply) await applyRun(platform, COMMAND_LINE, { runId, onProgress });
    return runReport(platform, runId);
  });
  out.result(report, runLines(out, report));
}

/** A day as people write it, or a refusal. */
export function dayOf(text: string): BusinessDate {
  const date = parseBusinessDate(text);
  if (date !== undefined) return date;
  return refuse(
    'date-unclear',
    `看不懂日期“${text}”：请写成 2026-06-30。`,
    `The date "${text}" is not understood: write 2026-06-30.`,
  );
}

function wholeOf(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  return refuse('number-unclear', `“${text}”不是整数。`, `"${text}" is not a whole number.`);
}

/** The scheme that a name, a version or a file means; a file is saved first. */
export async function schemeOf(platform: Platform, wanted: string): Promise<StoredScheme> {
  if (/\.ya?ml$/.test(wanted) || existsSync(wanted)) {
    if (!existsSync(wanted)) refuse('no-such-file', `没有文件 ${wanted}。`, `There is no file ${wanted}.`);
    return saveScheme(platform, COMMAND_LINE, await readFile(wanted, 'utf8'));
  }
  return findScheme(platform, COMMAND_LINE, wanted);
}

/** A run for people: the headline, then the pools that are short. */
export function runLines(out: Output, report: RunReport): string[] {
  const short = report.pools.filter((pool) => pool.uncovered > 0);
  const state = report.state === 'applied' ? { zh: '已生效', en: 'applied' } : { zh: '模拟', en: 'simulated' };
  return [
    out.pick({
      zh: `分户 ${report.runId}（${state.zh}，方案 ${report.scheme}）：应管 ${report.customers} 户，已安排 ${report.covered} 户，待安排 ${report.uncovered} 户。`,
      en: `Run ${report.runId} (${state.en}, scheme ${report.scheme}): ${report.customers} customers are due, ${report.covered} covered, ${report.uncovered} not.`,
    }),
    out.pick({
      zh: `沿用 ${report.kept}，调整 ${report.moved}${report.replaced > 0 ? `（额度之外必须更换 ${report.replaced}）` : ''}，新增 ${report.new}，解除 ${report.released}；还需 ${report.staffNeeded} 人。`,
      en: `Kept ${report.kept}, moved ${report.moved}${report.replaced > 0 ? ` (and ${report.replaced} who had to go beyond the budget)` : ''}, new ${report.new}, released ${report.released}; ${report.staffNeeded} people are missing.`,
    }),
    ...(report.effectiveFrom === null
      ? []
      : [out.pick({ zh: `自 ${report.effectiveFrom} 起生效。`, en: `In effect from ${report.effectiveFrom}.` })]),
    ...short.map((pool) =>
      out.pick({
        zh: `  ${pool.unit} ${pool.band}/${pool.seat}：${pool.staff} 人，待安排 ${pool.uncovered} 户，还需 ${pool.staffNeeded} 人`,
        en: `  ${pool.unit} ${pool.band}/${pool.seat}: ${pool.staff} people, ${pool.uncovered} not covered, ${pool.staffNeeded} people missing`,
      }),
    ),
    out.pick({ zh: `摘要 ${report.digest ?? ''}`, en: `Digest ${report.digest ?? ''}` }),
  ];
}
