import { fenFromDb, yuanText } from '../../../kernel/money.ts';
import type { ColumnClass } from './classes.ts';

/** Codes that stand in several tables, as a customer would read them. */
const CODES: Readonly<Record<string, string>> = {
  lead: '主管户',
  joint: '共同管户',
  male: '男',
  female: '女',
  requested: '待审批',
  scheduled: '待生效',
  approved: '已同意',
  rejected: '已驳回',
  withdrawn: '已撤回',
  failed: '未能生效',
  claimed: '已认领',
  recruited: '拓客',
  raised: '提升',
  moved: '已移交',
  stayed: '未移交',
  gone: '已不在册',
  returned: '已返还',
  open: '待办',
  done: '已办',
};

const BEIJING = new Intl.DateTimeFormat('zh-CN', {
  timeZone: 'Asia/Shanghai',
  dateStyle: 'short',
  timeStyle: 'medium',
  hourCycle: 'h23',
});

/** An instant as people in Beijing read it. */
export function timeText(at: Date): string {
  return BEIJING.format(at);
}

/** The heading of a column: amounts are told in yuan. */
export function headingOf({ words }: ColumnClass): string {
  return words.replace('（分）', '（元）').replace('（加密）', '');
}

/** Whether a column tells a person anything about themselves: not how the system numbers or finds them. */
export function isTold(column: string, { level, mask }: ColumnClass): boolean {
  return level !== 'none' && mask !== 'never' && column !== 'customer_id';
}

/** A stored value as text. `named` gives names to staff, units and products. */
export function valueText(value: unknown, { words }: ColumnClass, named: (code: string) => string | undefined): string {
  if (value === null || value === undefined || value === '') return '—';
  if (typeof value === 'boolean') return value ? '是' : '否';
  if (value instanceof Date) return timeText(value);
  if (words.includes('（分）') && (typeof value === 'number' || typeof value === 'string')) return yuanText(fenFromDb(value));
  if (typeof value === 'string') return named(value) ?? CODES[value] ?? value;
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  return JSON.stringify(value);
}
