import { resolve } from 'node:path';
import type { Command } from 'commander';
import { COMMAND_LINE } from '../../platform/audit/index.ts';
import { exportMonth, retireMonth } from '../../platform/audit/months.ts';
import { type AuditReport, PROBLEMS, verifyAudit } from '../../platform/audit/verify.ts';
import { addCommand, type Deps } from './deps.ts';
import { EXIT } from './output.ts';

export function register(program: Command, deps: Deps): void {
  const { out, withPlatform, config } = deps;
  const summary = { zh: '核对审计是否被动过，按月转出', en: 'check that nobody has touched the audit; export it by month' };
  const parent = addCommand(program, out, 'audit', summary, [
    'guanhu audit verify',
    'guanhu audit export 2021-06 /safe/audit-2021-06.jsonl',
  ]);
  addCommand(parent, out, 'verify', { zh: '逐条核对记录、封签和锚点', en: 'compare entries, seals and anchors' }, [
    'guanhu audit verify',
    'guanhu audit verify --anchors /other/anchors.jsonl',
  ])
    .option(
      '--anchors <file>',
      out.pick({ zh: '锚点文件；默认用设置里的那个', en: 'the anchors; by default the file of the settings' }),
    )
    .action(async (options: { anchors?: string }) => {
      const file = options.anchors === undefined ? undefined : resolve(options.anchors);
      report(deps, await withPlatform((platform) => verifyAudit(platform, file)));
    });
  const month = out.pick({ zh: '月份，如 2026-06', en: 'the month, such as 2026-06' });
  addCommand(parent, out, 'export', { zh: '把一个月的审计写进文件', en: 'write a month of the audit to a file' }, [
    'guanhu audit export 2021-06 /safe/audit-2021-06.jsonl',
  ])
    .argument('<month>', month)
    .argument('<file>', out.pick({ zh: '写到这个新文件', en: 'the new file to write' }))
    .action(async (which: string, file: string) => {
      const made = await withPlatform((platform) => exportMonth(platform, COMMAND_LINE, which, resolve(file)));
      out.result(made, [
        out.pick({
          zh: `已把 ${made.month} 的 ${made.entries} 条审计写到 ${file}，SHA-256 ${made.digest}。`,
          en: `Wrote ${made.entries} entries of ${made.month} to ${file}, SHA-256 ${made.digest}.`,
        }),
      ]);
    });
  addCommand(parent, out, 'retire', { zh: '已转出的月份移出数据库', en: 'take an exported month out of the database' }, [
    'guanhu audit retire 2021-06 /safe/audit-2021-06.jsonl',
  ])
    .argument('<month>', month)
    .argument('<file>', out.pick({ zh: '这个月的转出文件', en: 'the export of that month' }))
    .action(async (which: string, file: string) => {
      const wish = { month: which, file: resolve(file), keepMonths: config.auditMonths };
      const gone = await withPlatform((platform) => retireMonth(platform, COMMAND_LINE, wish));
      out.result(gone, [
        out.pick({
          zh: `${gone.month} 的 ${gone.entries} 条审计已移出数据库；请妥善保管 ${file}。`,
          en: `${gone.entries} entries of ${gone.month} have left the database; keep ${file} safe.`,
        }),
      ]);
    });
}

function report({ out }: Deps, found: AuditReport): void {
  const where = ({ sealNo, entryId, at }: AuditReport['problems'][number]) =>
    [sealNo === null ? '' : out.pick({ zh: `封签 ${sealNo}`, en: `seal ${sealNo}` }), entryId ?? '', at ?? '']
      .filter(Boolean)
      .join(' · ');
  out.result({ ok: found.problems.length === 0, ...found }, [
    out.pick({
      zh: `审计：${found.entries} 条记录，${found.seals} 个封签，${found.anchors} 个锚点，问题 ${found.problems.length} 处。`,
      en: `Audit: ${found.entries} entries, ${found.seals} seals, ${found.anchors} anchors, ${found.problems.length} problems.`,
    }),
    ...found.problems.map((one) => `  ${where(one)}: ${out.pick(PROBLEMS[one.problem])}`),
    ...(found.unsealed === 0
      ? []
      : [
          out.pick({
            zh: `有 ${found.unsealed} 条记录超过一分钟未封签。`,
            en: `${found.unsealed} entries have waited over a minute for a seal.`,
          }),
        ]),
  ]);
  if (found.problems.length > 0) process.exitCode = EXIT.fault;
}
