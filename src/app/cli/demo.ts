import { resolve } from 'node:path';
import type { Command } from 'commander';
import { writeDemoBank } from '../../demo/write.ts';
import { refuse } from '../../kernel/refusal.ts';
import { dayOf } from './allocate.ts';
import { addCommand, type Deps } from './deps.ts';

interface WriteOptions {
  readonly customers: string;
  readonly seed: string;
  readonly from: string;
  readonly to: string;
}

export function register(program: Command, deps: Deps): void {
  const { out } = deps;
  const example = 'guanhu demo write ./files --customers 20000 --seed 1 --from 2026-01-01 --to 2026-06-30';
  const demo = addCommand(program, out, 'demo', { zh: '写出一家演示银行的文件', en: 'write the files of a demo bank' }, [
    example,
  ]);
  const summary = { zh: '写出文件，不碰数据库', en: 'write the files; no database is touched' };
  addCommand(demo, out, 'write', summary, [example])
    .argument('<dir>', out.pick({ zh: '空文件夹', en: 'an empty folder' }))
    .requiredOption('--customers <n>', out.pick({ zh: '客户数', en: 'how many customers' }))
    .requiredOption('--seed <s>', out.pick({ zh: '种子：相同种子，逐字节相同', en: 'seed: same seed, same bytes' }))
    .requiredOption('--from <day>', out.pick({ zh: '第一天', en: 'first day' }))
    .requiredOption('--to <day>', out.pick({ zh: '最后一天', en: 'last day' }))
    .action((dir: string, options: WriteOptions) => write(deps, dir, options));
}

async function write({ out }: Deps, dir: string, options: WriteOptions): Promise<void> {
  const summary = await writeDemoBank({
    dir: resolve(dir),
    customers: wholeOf('--customers', options.customers),
    seed: options.seed,
    from: dayOf(options.from),
    to: dayOf(options.to),
    onProgress: ({ file, day, days }) => out.progress({ zh: `写出 ${file}`, en: `Writing ${file}` }, day, days),
  });
  out.result(summary, [
    out.pick({
      zh: `已写出 ${summary.files} 个文件：${summary.customers} 位客户、${summary.outlets} 个网点、${summary.staff} 名员工，${summary.firstDay} 至 ${summary.lastDay}。`,
      en: `Wrote ${summary.files} files: ${summary.customers} customers, ${summary.outlets} outlets, ${summary.staff} staff, ${summary.firstDay} to ${summary.lastDay}.`,
    }),
  ]);
}

function wholeOf(option: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  return refuse('number-unclear', `${option} 应为整数，收到“${text}”。`, `${option} wants a whole number, not "${text}".`);
}
