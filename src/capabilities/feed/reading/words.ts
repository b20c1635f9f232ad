import type { Words } from '../../../kernel/refusal.ts';
import type { FeedProblem } from '../contract.ts';

interface Entry {
  readonly reason: Words;
  readonly remedy: Words;
}

function entry(reasonZh: string, reasonEn: string, remedyZh: string, remedyEn: string): Entry {
  return { reason: { zh: reasonZh, en: reasonEn }, remedy: { zh: remedyZh, en: remedyEn } };
}

const EXPORT_AGAIN_ZH = '请从源系统重新导出后再报送。';
const EXPORT_AGAIN_EN = 'Export it again from the source system and send it anew.';
const UTF8_ZH = '请统一另存为 UTF-8（或 GB18030）后再报送。';
const UTF8_EN = 'Save the whole file as UTF-8 (or GB18030) and send it again.';

/** What is wrong with a file as a whole: the file is refused. `{…}` are facts filled in by `problem`. */
const FILE_WORDS = {
  'file-unreadable': entry(
    '文件打不开。',
    'The file cannot be opened.',
    '请确认文件存在、可读，且不是链接、目录或设备。',
    'Make sure that it exists, is readable, and is no link, folder or device.',
  ),
  'file-empty': entry('文件是空的。', 'The file is empty.', EXPORT_AGAIN_ZH, EXPORT_AGAIN_EN),
  'file-no-rows': entry(
    '文件只有表头，没有数据行。',
    'The file has a header but no rows.',
    '全量文件至少要有一行；当日确无变化请报送 .delta 文件。',
    'A full file needs at least one row; for a day without changes send a .delta file.',
  ),
  'file-too-large': entry(
    '文件超过上限 {limit}。',
    'The file is larger than the limit of {limit}.',
    '请压缩为 .gz 或改用 Parquet，或联系管理员。',
    'Compress it as .gz, use Parquet, or ask the administrator.',
  ),
  'file-changed': entry(
    '读取期间文件被改动或替换。',
    'The file was changed or replaced while it was read.',
    '请等文件写完后再报送；建议先写临时名，写完改名。',
    'Send it when it is complete: write under another name, then rename.',
  ),
  'file-type-unknown': entry(
    '内容不是 CSV、Parquet 或 XLSX（按内容判断，不看扩展名）。',
    'The content is no CSV, Parquet or XLSX (judged by content, not by name).',
    '请导出为 CSV、Parquet 或 XLSX。',
    'Export it as CSV, Parquet or XLSX.',
  ),
  'file-type-old-excel': entry(
    '这是旧版 .xls 或加密的 Excel 文件。',
    'This is an old .xls or an encrypted Excel file.',
    '请另存为不加密的 .xlsx。',
    'Save it as .xlsx without a password.',
  ),
  'file-type-macro': entry(
    '工作簿含宏（.xlsm）。',
    'The workbook holds macros (.xlsm).',
    '请另存为不含宏的 .xlsx。',
    'Save it as .xlsx without macros.',
  ),
  'archive-nested': entry(
    '压缩包里还是压缩包。',
    'The archive holds another archive.',
    '请只压缩一次，且只压缩 CSV。',
    'Compress once only, and only CSV.',
  ),
  'archive-cut': entry(
    '压缩文件不完整，尾部缺失。',
    'The compressed file is cut short.',
    '请重新传输整个文件。',
    'Transfer the whole file again.',
  ),
  'archive-broken': entry(
    '压缩文件已损坏。',
    'The compressed file is damaged.',
    '请重新压缩并传输。',
    'Compress and transfer it again.',
  ),
  'archive-bomb': entry(
    '解压后过大（上限 {limit}，或超过压缩前的 {ratio} 倍），疑似压缩炸弹。',
    'Unpacked it grows past the limit ({limit}, or {ratio} times its size): it looks like a bomb.',
    '请确认文件内容；正常的大文件请改用 Parquet。',
    'Check the content; send genuine large files as Parquet.',
  ),
  'workbook-unsafe': entry(
    '工作簿部件“{part}”不安全：{why}。',
    'The workbook part "{part}" is unsafe: {why}.',
    '请用 Excel 或 WPS 新建工作簿，仅粘贴数值后另存。',
    'Make a new workbook in Excel or WPS, paste values only and save.',
  ),
  'workbook-broken': entry(
    '工作簿已损坏，无法读取。',
    'The workbook is damaged and cannot be read.',
    '请用 Excel 或 WPS 打开后另存为 .xlsx。',
    'Open it in Excel or WPS and save it as .xlsx.',
  ),
  'encoding-utf16': entry('文件是 UTF-16 编码。', 'The file is encoded in UTF-16.', UTF8_ZH, UTF8_EN),
  'encoding-broken': entry(
    '第 {offset} 字节起不是有效的 {encoding} 编码。',
    'From byte {offset} on the file is no valid {encoding}.',
    UTF8_ZH,
    UTF8_EN,
  ),
  'encoding-mixed': entry(
    '文件混用了两种编码：第 {offset} 字节起与前文不同（前文为 {encoding}）。',
    'The file mixes two encodings: byte {offset} differs from what precedes it ({encoding}).',
    UTF8_ZH,
    UTF8_EN,
  ),
  'date-missing': entry(
    '不知道这份持仓是哪一天的。',
    'The business day of these positions is not known.',
    '请在文件名中写明日期（positions-2026-06-30.csv），或用 --date 指定。',
    'Put the day into the name (positions-2026-06-30.csv) or give --date.',
  ),
  'date-differs': entry(
    '文件名的日期 {named} 与指定的日期 {given} 不一致。',
    'The day in the name, {named}, differs from the day given, {given}.',
    '请改正文件名或 --date。',
    'Correct the name or --date.',
  ),
  'date-future-file': entry(
    '文件日期 {date} 晚于最近业务日 {max}。',
    'The day of the file, {date}, is after the newest business day, {max}.',
    '请核对日期；不接收未来日期的数据。',
    'Check the date: days to come are not taken.',
  ),
  'separator-unknown': entry(
    '表头看不出分隔符，或用了不支持的分隔符“{found}”。',
    'The header shows no known separator, or an unsupported one ("{found}").',
    '请用逗号、制表符或竖线（|）分隔。',
    'Separate by comma, tab or vertical bar (|).',
  ),
  'separator-mixed': entry(
    '分隔符前后不一致：表头用“{header}”，本行用“{found}”。',
    'Separators are mixed: the header uses "{header}", this line "{found}".',
    '请全文统一使用一种分隔符。',
    'Use one separator throughout.',
  ),
  'header-missing': entry(
    '第一行不是表头：没有一个列名能识别。',
    'The first line is no header: no column name is known.',
    '请在第一行写列名，中英文均可，例如 {example}。',
    'Put the column names into the first line, Chinese or English, such as {example}.',
  ),
  'header-duplicate': entry(
    '表头重复：第 {first} 列与第 {second} 列同名。',
    'The header repeats a name: columns {first} and {second}.',
    '请删除或改名其中一列。',
    'Remove or rename one of them.',
  ),
  'header-both-languages': entry(
    '同一列出现两次：第 {first} 列“{a}”与第 {second} 列“{b}”含义相同。',
    'One column is there twice: column {first} "{a}" and column {second} "{b}" mean the same.',
    '请只保留一列。',
    'Keep only one of them.',
  ),
  'header-blank': entry(
    '第 {first} 列没有列名。',
    'Column {first} has no name.',
    '请补上列名或删除该列。',
    'Name the column or remove it.',
  ),
  'header-column-missing': entry(
    '缺少必需的列“{zh}”（{name}）。',
    'The required column "{name}" ({zh}) is missing.',
    '请补上该列。',
    'Add the column.',
  ),
  'header-too-many': entry(
    '列数 {count} 超过上限 {limit}。',
    'There are {count} columns; the limit is {limit}.',
    '请只导出需要的列。',
    'Export only the columns that are needed.',
  ),
  'header-too-long': entry(
    '表头超过 {limit}，或表头中的引号没有结束。',
    'The header is longer than {limit}, or a quote in it is never closed.',
    '请检查第一行。',
    'Check the first line.',
  ),
  'quote-not-closed': entry(
    '从本行开始的引号一直没有结束。',
    'A quote that opens on this line is never closed.',
    '请补上结束引号，或去掉多余的引号。',
    'Close the quote or remove it.',
  ),
  'quote-broken': entry(
    '从本行开始的引号内容之后还有多余字符。',
    'Characters follow a quoted cell that opens on this line.',
    '单元格内的引号请写成两个引号（""）。',
    'Write quotes inside a cell twice ("").',
  ),
  'parquet-broken': entry(
    'Parquet 文件已损坏，无法读取。',
    'The Parquet file is damaged and cannot be read.',
    EXPORT_AGAIN_ZH,
    EXPORT_AGAIN_EN,
  ),
  'parquet-type': entry(
    '列的类型是 {type}，应为 {wanted}。',
    'The column is of type {type}; it should be {wanted}.',
    '请改正导出类型；金额请用 DECIMAL(18,2)，编号请用字符串。',
    'Correct the exported type: amounts as DECIMAL(18,2), identifiers as strings.',
  ),
  'control-unreadable': entry(
    '控制文件（.ctl）第 {at} 行看不懂。',
    'Line {at} of the control file (.ctl) is not understood.',
    '请写成 rows=行数 和 balance=余额合计 两行。',
    'Write two lines: rows=count and balance=total.',
  ),
  'control-rows': entry(
    '行数对不上：控制文件 {expected} 行，数据文件 {found} 行。',
    'Rows differ: {expected} by the control file, {found} in the file.',
    '请重新导出数据文件和控制文件。',
    'Export the file and its control file again.',
  ),
  'control-balance': entry(
    '余额合计对不上：控制文件 {expected} 元，数据文件 {found} 元。',
    'Balances differ: {expected} yuan by the control file, {found} in the file.',
    '请重新导出数据文件和控制文件。',
    'Export the file and its control file again.',
  ),
  'reader-crashed': entry(
    '读取文件的进程意外退出，文件可能已损坏。',
    'The reading process ended unexpectedly; the file may be damaged.',
    '请检查文件或换一种格式；系统未受影响。',
    'Check the file or send another format; the system is unharmed.',
  ),
  'reader-timeout': entry(
    '读取超过 {seconds} 秒，已中止。',
    'Reading took longer than {seconds} seconds and was stopped.',
    '请拆分文件或改用 Parquet。',
    'Split the file or send Parquet.',
  ),
  'reader-memory': entry(
    '读取所需内存超过上限。',
    'Reading needs more memory than is allowed.',
    '请拆分文件，或由管理员调高内存上限。',
    'Split the file, or have the administrator raise the limit.',
  ),
  'reader-cancelled': entry(
    '读取已取消。',
    'Reading was cancelled.',
    '如需导入请重新报送。',
    'Send the file again to import it.',
  ),
} as const satisfies Record<string, Entry>;

/** What is wrong with a row: the row is a reject. */
const ROW_WORDS = {
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
const NOTE_WORDS = {
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

const WORDS = { ...FILE_WORDS, ...ROW_WORDS, ...NOTE_WORDS };

export type FileCode = keyof typeof FILE_WORDS;
export type RowCode = keyof typeof ROW_WORDS;
export type NoteCode = keyof typeof NOTE_WORDS;
export type ReadCode = keyof typeof WORDS;

type Facts = Readonly<Record<string, string | number>>;

function fill(text: string, facts: Facts): string {
  return text.replace(/\{(\w+)\}/g, (whole, key: string) => (key in facts ? String(facts[key]) : whole));
}

/** The words of a code with its facts filled in. */
export function wordsOf(code: ReadCode, facts: Facts = {}): Entry {
  const { reason, remedy } = WORDS[code];
  return {
    reason: { zh: fill(reason.zh, facts), en: fill(reason.en, facts) },
    remedy: { zh: fill(remedy.zh, facts), en: fill(remedy.en, facts) },
  };
}

/** Where a problem stands. */
export interface Place {
  readonly line?: number;
  readonly column?: string;
  readonly text?: string;
}

/** A problem of the file, worded in both languages. */
export function problem(code: ReadCode, file: string, place: Place = {}, facts: Facts = {}): FeedProblem {
  return { code, file, ...place, ...wordsOf(code, facts) };
}

/** All row codes, for the check that each has its test. */
export const ROW_CODES: readonly string[] = Object.keys(ROW_WORDS);
/** All file codes, for the same check. */
export const FILE_CODES: readonly string[] = Object.keys(FILE_WORDS);
