import { type Entry, entry } from './entry.ts';

const EXPORT_AGAIN_ZH = '请从源系统重新导出后再报送。';
const EXPORT_AGAIN_EN = 'Export it again from the source system and send it anew.';
const UTF8_ZH = '请统一另存为 UTF-8（或 GB18030）后再报送。';
const UTF8_EN = 'Save the whole file as UTF-8 (or GB18030) and send it again.';

/** What is wrong with a file as a whole: the file is refused. `{…}` are facts filled in by `problem`. */
export const FILE_WORDS = {
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
    'The workbook part "{part}" is unsafe: {whyEn}.',
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
  'header-secret': entry(
    '列“{header}”是不得传来的鉴别信息（密码、卡片验证码、磁道、生物特征等）。',
    'The column "{header}" holds what proves who a customer is (PIN, CVN, track data, biometrics); it must not be sent.',
    '请从源系统的导出中删除该列，重新报送；收到的文件已删除，不留底。',
    'Remove the column from the export and send it again; the file that came has been deleted.',
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
