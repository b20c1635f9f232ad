import { type Entry, entry } from './entry.ts';

/** What is wrong with a row: the row is a reject. */
export const ROW_WORDS = {
  'columns-too-few': entry(
    '本行的列数比表头少。',
    'The row has fewer columns than the header.',
    '请补齐缺少的列；空值也要保留分隔符。',
    'Add what is missing; keep the separators of empty cells.',
  ),
  'columns-too-many': entry(
    '本行的列数比表头多。',
    'The row has more columns than the header.',
    '内容含分隔符的单元格请加引号。',
    'Quote the cells that contain the separator.',
  ),
  'line-cut': entry(
    '最后一行不完整，文件可能被截断。',
    'The last line is incomplete: the file seems to be cut.',
    '请重新传输整个文件。',
    'Transfer the whole file again.',
  ),
  'cell-too-long': entry(
    '单元格超过 64 KB。',
    'The cell is longer than 64 KB.',
    '请检查是否缺少换行或引号。',
    'Look for a missing line break or quote.',
  ),
  'row-too-long': entry(
    '整行超过 40 万字。',
    'The row is longer than 400,000 characters.',
    '请检查是否缺少换行或引号。',
    'Look for a missing line break or quote.',
  ),
  'required-blank': entry('必填项为空。', 'A required cell is empty.', '请填写。', 'Fill it in.'),
  'id-space': entry(
    '编号中有空格或换行。',
    'The identifier contains a space or line break.',
    '请去掉空格。',
    'Remove the space.',
  ),
  'id-full-width': entry(
    '编号中有全角字符。',
    'The identifier contains full-width characters.',
    '请改为半角字符。',
    'Write it in half-width characters.',
  ),
  'id-character': entry(
    '编号中有不允许的字符，只能用半角字母、数字和符号。',
    'The identifier contains characters other than plain letters, digits and signs.',
    '请改用半角字母、数字和符号。',
    'Use plain letters, digits and signs only.',
  ),
  'id-too-long': entry(
    '编号超过 64 个字符。',
    'The identifier is longer than 64 characters.',
    '请核对编号。',
    'Check the identifier.',
  ),
  'digits-lost': entry(
    '长号码被存成了数值，尾数已经丢失。',
    'A long number was stored as a floating number: its last digits are lost.',
    '请把该列设为“文本”格式后重新从源系统导出。',
    'Export the column again, formatted as text.',
  ),
  'excel-error': entry(
    '单元格是 Excel 的错误值。',
    'The cell holds an Excel error.',
    '请改正公式，粘贴为数值。',
    'Correct the formula and paste the value.',
  ),
  'text-control': entry(
    '文字中有 NUL 等控制字符。',
    'The text contains NUL or another control character.',
    '请在源系统清除后重新导出。',
    'Remove it in the source system and export again.',
  ),
  'text-invisible': entry(
    '文字中有零宽或改变书写方向的隐藏字符。',
    'The text contains zero-width or direction-changing characters.',
    '请删除隐藏字符。',
    'Remove the hidden characters.',
  ),
  'amount-text': entry(
    '金额不是数字。',
    'The amount is no number.',
    '请填写以元为单位的数字，如 1234.50。',
    'Write a number in yuan, such as 1234.50.',
  ),
  'amount-decimals': entry(
    '金额的小数超过两位。',
    'The amount has more than two decimals.',
    '请由源系统给出精确到分的金额；系统不代为舍入。',
    'Have the source system give whole fen; nothing is rounded here.',
  ),
  'amount-exponent': entry(
    '金额用了科学记数法。',
    'The amount is in exponent notation.',
    '请写成普通数字，如 1234567.89。',
    'Write it as a plain number, such as 1234567.89.',
  ),
  'amount-separator': entry(
    '千分位逗号的位置不对。',
    'The thousands separators are misplaced.',
    '请写成 1,234,567.89 或 1234567.89。',
    'Write 1,234,567.89 or 1234567.89.',
  ),
  'amount-range': entry(
    '金额超过上限 90 万亿元。',
    'The amount is beyond 90 trillion yuan.',
    '请核对金额和单位（应为元）。',
    'Check the amount and its unit (yuan).',
  ),
  'date-format': entry(
    '日期格式不对。',
    'The date is not written as expected.',
    '请写成 2026-06-30、20260630 或 2026/6/30。',
    'Write 2026-06-30, 20260630 or 2026/6/30.',
  ),
  'date-impossible': entry('没有这一天。', 'There is no such day.', '请核对日期。', 'Check the date.'),
  'date-future': entry(
    '日期晚于最近业务日 {max}。',
    'The date is after the newest business day, {max}.',
    '请核对日期。',
    'Check the date.',
  ),
  'integer-bad': entry(
    '不是非负整数。',
    'This is no whole number of 0 or more.',
    '请填写整数，如 365。',
    'Write a whole number, such as 365.',
  ),
  'coordinate-bad': entry(
    '经纬度不是有效的十进制度数。',
    'The coordinate is no valid decimal degree.',
    '经度在 -180 至 180、纬度在 -90 至 90 之间，如 121.4737。',
    'Longitude lies within ±180, latitude within ±90, such as 121.4737.',
  ),
  'share-bad': entry(
    '份额不是 0 至 10 之间的小数（最多四位）。',
    'The share is no decimal above 0 and up to 10 with at most four places.',
    '全职填 1，半职填 0.5。',
    'Write 1 for full time, 0.5 for half time.',
  ),
  'flag-unknown': entry(
    '不是“是/否”。',
    'This is neither yes nor no.',
    '请填写 是 或 否（true/false、1/0 亦可）。',
    'Write yes or no (true/false, 1/0).',
  ),
  'choice-unknown': entry(
    '不在可选范围内。',
    'The value is not one of the list.',
    '请填写以下之一：{choices}。',
    'Use one of: {choices}.',
  ),
  'duplicate-key': entry(
    '与本文件前面的行编号重复。',
    'An earlier row of this file has the same identifier.',
    '同一编号只保留一行。',
    'Keep one row for each identifier.',
  ),
} as const satisfies Record<string, Entry>;

/** What a reader should know although the file is taken. */
export const NOTE_WORDS = {
  'formula-value': entry(
    '单元格是公式，取用了其上次计算的值。',
    'The cell is a formula; its last computed value was taken.',
    '请核对，或粘贴为数值后重新报送。',
    'Check it, or paste the value and send again.',
  ),
  'private-use': entry(
    '文字中有自造字（Unicode 专用区），已原样保留，其他系统可能无法显示。',
    'The text contains private-use characters; they are kept as they are, but other systems may not show them.',
    '如有正式编码请改用。',
    'Use the standard character where there is one.',
  ),
  'control-balance-unchecked': entry(
    '有金额无法读取的行，控制文件的余额合计未能核对。',
    'Some rows have unreadable amounts, so the control total of balances was not checked.',
    '请修正这些行后重新报送。',
    'Mend those rows and send the file again.',
  ),
} as const satisfies Record<string, Entry>;
