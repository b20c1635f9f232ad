import type { Words } from '../../kernel/refusal.ts';

interface Entry {
  readonly reason: Words;
  readonly remedy: Words;
}

function entry(reasonZh: string, reasonEn: string, remedyZh: string, remedyEn: string): Entry {
  return { reason: { zh: reasonZh, en: reasonEn }, remedy: { zh: remedyZh, en: remedyEn } };
}

/** What is wrong with a row when it is held against what the bank has sent before. */
export const BAD_WORDS = {
  'unknown-unit': entry(
    '机构编号不存在。',
    'There is no such unit.',
    '请核对机构编号，或先报送含该机构的机构文件。',
    'Check the unit, or send it in org-units first.',
  ),
  'unknown-staff': entry(
    '员工编号不存在。',
    'There is no such staff member.',
    '请核对员工编号，或先报送员工文件。',
    'Check the staff id, or send it in staff first.',
  ),
  'unknown-product': entry(
    '产品代码不存在。',
    'There is no such product.',
    '请核对产品代码，或先报送产品文件。',
    'Check the product code, or send it in products first.',
  ),
  'unknown-customer': entry(
    '客户号不存在。',
    'There is no such customer.',
    '请先报送客户文件；持仓也可用 --hold-unknown 暂存，待客户到达后计入。',
    'Send the customer first; positions may be held back with --hold-unknown until the customer arrives.',
  ),
  'not-an-outlet': entry(
    '该机构不是网点。',
    'The unit is no outlet.',
    '持仓只能挂在网点；请核对网点编号。',
    'Positions stand at outlets only; check the number.',
  ),
  'customer-closed': entry(
    '客户在该日之前已经销户，却仍有余额。',
    'The customer was closed before this day but still has a balance.',
    '请核对销户日期或余额。',
    'Check the closing date or the balance.',
  ),
  'unit-root-missing': entry(
    '机构树没有总行。',
    'The tree of units has no head office.',
    '请补上唯一的总行（级别为总行，上级机构留空）。',
    'Add the one head office (level head-office, no parent).',
  ),
  'unit-root-twice': entry(
    '总行只能有一个，且只有总行可以没有上级机构。',
    'There is one head office, and only it has no parent.',
    '请填写上级机构，或改正级别。',
    'Fill in the parent or correct the level.',
  ),
  'unit-cycle': entry(
    '机构的上级绕回了自己。',
    'The unit is, through its parents, its own parent.',
    '请改正上级机构。',
    'Correct the parent.',
  ),
  'unit-level': entry(
    '上下级不符：分行属总行，支行属分行，网点属支行或分行。',
    'Levels do not nest: branch in head office, sub-branch in branch, outlet in sub-branch or branch.',
    '请改正级别或上级机构。',
    'Correct the level or the parent.',
  ),
  'unit-merge-undated': entry(
    '写了并入机构，却没有撤并日期。',
    'The unit is merged into another without a day.',
    '请填写撤并日期。',
    'Fill in the day on which it closes.',
  ),
  'unit-merge-level': entry(
    '只有网点可以并入另一个网点。',
    'Only an outlet is merged into another outlet.',
    '请核对并入机构；支行、分行的变动请改各网点的上级机构。',
    'Check the number; when sub-branches or branches change, change the parents of their outlets.',
  ),
  'unit-merge-cycle': entry(
    '并入关系绕回了该网点自己。',
    'Through its mergers the outlet ends in itself.',
    '请改正并入机构。',
    'Correct into which outlet it is merged.',
  ),
  'unit-in-use': entry(
    '该网点已有持仓，不能改为其他级别。',
    'Positions stand at this outlet: its level cannot change.',
    '请保留网点级别，另设新机构。',
    'Keep it an outlet and add another unit.',
  ),
  'left-before-hired': entry(
    '离职日期早于入职日期。',
    'The leaving date is before the hiring date.',
    '请核对两个日期。',
    'Check both dates.',
  ),
  'closed-before-opened': entry(
    '销户日期早于开户日期。',
    'The closing date is before the opening date.',
    '请核对两个日期。',
    'Check both dates.',
  ),
  'merge-cycle': entry(
    '并入客户号绕回了自己。',
    'The customer is, through mergers, merged into itself.',
    '请改正并入客户号。',
    'Correct the number it was merged into.',
  ),
  'staff-left': entry('该员工已经离职。', 'The staff member has left.', '请改为在职员工。', 'Name somebody who is still there.'),
  'staff-gone': entry(
    '该员工在这一天已经离职。',
    'The staff member had left by that day.',
    '请核对日期，或改为当日在职的员工。',
    'Check the day, or name somebody who was there.',
  ),
  'sale-negative': entry(
    '销售金额不能为负。',
    'The amount of a sale is not negative.',
    '撤单请以同一编号重报，金额填 0。',
    'For a cancelled sale send the same id again with the amount 0.',
  ),
  'outcome-unfit': entry(
    '这种联系方式不会有这样的结果。',
    'That way of contact cannot have that outcome.',
    '短信、信函的结果为已发出或被退回；其余方式为已联系上、客户谢绝、客户投诉、未接通，电话另有号码有误。',
    'SMS and letters are sent or returned; the others reached, declined, complaint or no-answer, a phone call also wrong-number.',
  ),
} as const satisfies Record<string, Entry>;

export type BadCode = keyof typeof BAD_WORDS;
