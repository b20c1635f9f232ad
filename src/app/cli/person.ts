import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { personReport } from '../../capabilities/personal/index.ts';
import { refuse } from '../../kernel/refusal.ts';
import { COMMAND_LINE } from '../../platform/audit/index.ts';
import { addCommand, type Deps } from './deps.ts';

export function register(program: Command, deps: Deps): void {
  const { out } = deps;
  const summary = { zh: '客户本人的权利：查询、复制', en: 'the rights of a person: a copy of what is held' };
  const person = addCommand(program, out, 'person', summary, [
    'guanhu person report C0000001 --out report.pdf --for "客户本人来网点申请"',
  ]);
  addCommand(person, out, 'report', { zh: '写出个人信息报告（PDF）', en: 'write all that is held of a person, as a PDF' }, [
    'guanhu person report C0000001 --out report.pdf --for "客户本人来网点申请"',
  ])
    .argument('<id>', out.pick({ zh: '客户号', en: 'the customer' }))
    .requiredOption('--out <file>', out.pick({ zh: '写到哪个 .pdf 文件', en: 'the .pdf file' }))
    .requiredOption('--for <words>', out.pick({ zh: '用途，记入审计', en: 'what for; goes into the audit' }))
    .action((id: string, options: { out: string; for: string }) => report(deps, id, options));
}

async function report({ withPlatform, out }: Deps, customerId: string, options: { out: string; for: string }): Promise<void> {
  const bytes = await withPlatform((platform) => personReport(platform, COMMAND_LINE, { customerId, words: options.for }));
  if (bytes === undefined)
    return refuse(
      'customer-unknown',
      `没有客户号 ${customerId}：请核对后再试。`,
      `There is no customer ${customerId}: check the number.`,
    );
  writeFileSync(options.out, bytes, { mode: 0o600 });
  out.result({ customerId, file: options.out, bytes: bytes.length }, [
    out.pick({
      zh: `已写出 ${options.out}。文件含未遮蔽的个人信息，交付后请删除。`,
      en: `Wrote ${options.out}. It holds personal data unmasked: delete it once handed over.`,
    }),
  ]);
}
