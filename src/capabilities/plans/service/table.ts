import { fenFromDb, yuanText } from '../../../kernel/money.ts';
import type { Person } from '../../../platform/auth/session.ts';
import type { Platform } from '../../../platform/context.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import type { Column, Table } from '../../../platform/tables/index.ts';
import { allUnits, unitInScope } from '../../coverage/index.ts';
import { planOf } from '../reads/plan.ts';
import { METRIC_IDS } from '../rules/metric.ts';
import { parsePeriod } from '../rules/period.ts';

/** 计划进度 of a unit, `metric@period` of one's own or `metric@period@unit`, as it hangs on the wall; undefined for what is not one's to see. */
export async function planTable(
  platform: Platform,
  tx: Tx,
  person: Person,
  subject: string,
): Promise<{ readonly table: Table; readonly fileName: string } | undefined> {
  const [id, text = '', unitId = person.unitId] = subject.split('@');
  const metric = METRIC_IDS.find((one) => one === id);
  const period = parsePeriod(text);
  const unit = unitInScope(await allUnits(tx), person.scope, unitId);
  if (metric === undefined || period === undefined || unit === undefined) return undefined;
  const plan = await planOf(platform, tx, person, unit, metric, period);
  const { title, money } = plan.metric;
  const figure = (name: string): Column => ({ name, type: money ? 'yuan' : 'integer', total: true });
  const cell = (value: number) => (money ? yuanText(fenFromDb(value)) : String(value));
  const name = (words: string) => (money ? `${words}（元）` : words);
  async function* rows(): Table['batches'] {
    yield plan.items.map((one) => [
      ...[one.staff.name, one.staff.unitName, cell(one.target), cell(one.done), cell(one.line), cell(one.done - one.line)],
      one.target === 0 ? '' : `${((100 * one.done) / one.target).toFixed(1)}%`,
    ]);
  }
  return {
    fileName: `计划进度-${unit.name}-${title.zh}-${text}.xlsx`,
    table: {
      name: '计划进度',
      columns: [
        ...[
          { name: '员工', type: 'text' as const },
          { name: '机构', type: 'text' as const, width: 22 },
        ],
        ...[figure(name('目标')), figure(name('完成')), figure(name('应达')), figure(name('差额'))],
        { name: '完成率', type: 'text' },
      ],
      print: {
        ...{ title: `${title.zh}计划进度表`, paper: 'a4', signatures: ['制表', '复核', '负责人'] },
        under: `单位：${unit.name}　　期间：${text}　　截至：${plan.day ?? '—'}`,
      },
      batches: rows(),
    },
  };
}
