import type { Command } from 'commander';
import { verifyClosing } from '../../capabilities/closing/index.ts';
import { verifyCoverage } from '../../capabilities/coverage/index.ts';
import { addCommand, type Deps } from './deps.ts';
import { EXIT } from './output.ts';

export function register(program: Command, { out, withPlatform }: Deps): void {
  const summary = {
    zh: '从归档重算一遍，报告任何差异',
    en: 'work everything out anew from the archive and report any difference',
  };
  addCommand(program, out, 'verify', summary, ['guanhu verify', 'guanhu verify --json']).action(async () => {
    const found = await withPlatform(async (platform) => ({
      closing: await verifyClosing(platform),
      coverage: await verifyCoverage(platform),
    }));
    const { closing, coverage } = found;
    const differences = closing.differences + coverage.differences;
    out.result({ ok: differences === 0, differences, ...found }, [
      out.pick({
        zh: `日终：核对 ${closing.days} 天，每位客户的每一天（${closing.stretches} 段余额）和 ${closing.positions} 笔持仓，差异 ${closing.differences} 处。`,
        en: `Closing: ${closing.days} days, every customer on every day (${closing.stretches} stretches) and ${closing.positions} positions compared, ${closing.differences} differences.`,
      }),
      out.pick({
        zh: `管户：${coverage.checks.length} 项检查，重算 ${coverage.runs} 次分户，差异 ${coverage.differences} 处。`,
        en: `Coverage: ${coverage.checks.length} checks, ${coverage.runs} runs worked out again, ${coverage.differences} differences.`,
      }),
      ...closing.examples.map((one) => `  ${one.day} ${one.customerId}: ${one.closed ?? '-'} ≠ ${one.rebuilt ?? '-'}`),
      ...coverage.examples.map((one) => `  ${one.check} ${one.subject}: ${one.is} ≠ ${one.shouldBe}`),
    ]);
    if (differences > 0) process.exitCode = EXIT.fault;
  });
}
