import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { MEASURES, type Measure } from '../../capabilities/closing/contract.ts';
import { EXPORTS, exportTable } from '../../capabilities/coverage/index.ts';
import { refuse } from '../../kernel/refusal.ts';
import { COMMAND_LINE } from '../../platform/audit/index.ts';
import { dayOf } from './allocate.ts';
import { addCommand, type Deps } from './deps.ts';

interface ExportOptions {
  readonly date: string;
  readonly out: string;
  readonly measure?: string;
}

export function register(program: Command, deps: Deps): void {
  const { out } = deps;
  const summary = { zh: '导出年日均、管户包或待安排客户', en: 'export averages, portfolios or the uncovered' };
  addCommand(program, out, 'export', summary, [
    'guanhu export averages --date 2026-06-30 --out averages.csv',
    'guanhu export portfolios --date 2026-06-30 --out portfolios.xlsx',
    'guanhu export uncovered --date 2026-06-30 --out uncovered.parquet',
  ])
    .argument('<what>', EXPORTS.join(' | '))
    .requiredOption('--date <day>', out.pick({ zh: '哪个已日终的日期', en: 'as of which closed day' }))
    .requiredOption(
      '--out <file>',
      out.pick({ zh: '写到哪个 .csv、.xlsx 或 .parquet 文件', en: 'the .csv, .xlsx or .parquet file' }),
    )
    .option('--measure <measure>', out.pick({ zh: '日均口径：calendar-year 或 rolling-365', en: 'calendar-year or rolling-365' }))
    .action((what: string, options: ExportOptions) => run(deps, what, options));
}

async function run({ withPlatform, out }: Deps, what: string, options: ExportOptions): Promise<void> {
  const kind = EXPORTS.find((known) => known === what);
  if (kind === undefined) {
    refuse(
      'export-unknown',
      `不能导出“${what}”：请选 ${EXPORTS.join('、')}。`,
      `Cannot export "${what}": choose ${EXPORTS.join(', ')}.`,
    );
  }
  const date = dayOf(options.date);
  const measure = options.measure === undefined ? undefined : measureOf(options.measure);
  const wish = { kind, date, measure, out: options.out, by: userInfo().username };
  const rows = await withPlatform((platform) => exportTable(platform, COMMAND_LINE, wish));
  out.result({ what: kind, date, file: options.out, rows }, [
    out.pick({ zh: `已写出 ${options.out}:${rows} 行。`, en: `Wrote ${options.out}: ${rows} rows.` }),
  ]);
}

function measureOf(text: string): Measure {
  const measure = MEASURES.find((known) => known === text);
  return measure ?? refuse('measure-unknown', `口径须为 ${MEASURES.join(' 或 ')}。`, `The measure is ${MEASURES.join(' or ')}.`);
}
