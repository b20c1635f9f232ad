import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import type { Command } from 'commander';
import type { FeedProblem, ImportRecord } from '../../capabilities/feed/contract.ts';
import {
  cleanUp,
  closeReader,
  type Desk,
  listImports,
  needImport,
  parseFeedFileName,
  previewUndo,
  takeFile,
  undoImport,
  writeMendWorkbook,
} from '../../capabilities/feed/index.ts';
import { type BusinessDate, parseBusinessDate } from '../../kernel/business-date.ts';
import { Refused, refuse } from '../../kernel/refusal.ts';
import { COMMAND_LINE } from '../../platform/audit/index.ts';
import { feedDesk } from '../feeds.ts';
import { addCommand, type Deps } from './deps.ts';
import { controlBeside, type FileList, listFeedFiles, toleranceBp } from './feed-files.ts';
import { EXIT } from './output.ts';

interface FeedOptions {
  readonly date?: string;
  readonly delta?: boolean;
  readonly tolerate?: string;
  readonly holdUnknown?: boolean;
}

/** One file's line in the answer. */
interface Taken {
  readonly importId: string | null;
  readonly feed: string | null;
  readonly file: string;
  readonly state: string;
  readonly rows: number | null;
  readonly rejected: number;
  readonly held: number;
  readonly businessDate: string | null;
  readonly revision: number;
  readonly effect: ImportRecord['effect'];
  readonly unknownColumns: readonly string[];
  readonly problems: readonly FeedProblem[];
}

const SHOWN = 10;
const LISTED = 200;

export function register(program: Command, deps: Deps): void {
  const { out } = deps;
  const summary = { zh: '报送文件或整个文件夹', en: 'take files, or a folder of them' };
  const feed = addCommand(program, out, 'feed', summary, [
    'guanhu feed ./drop --json',
    'guanhu feed positions-2026-06-30.csv --tolerate 0.1% --hold-unknown',
    'guanhu feed list',
    'guanhu feed undo positions-20260630-1f3a9c2e',
  ])
    .argument('[paths...]', out.pick({ zh: '文件或文件夹', en: 'files or folders' }))
    .option(
      '--date <day>',
      out.pick({ zh: '持仓文件的业务日（文件名未写时）', en: 'business day of positions whose name has none' }),
    )
    .option('--delta', out.pick({ zh: '持仓文件只含变动', en: 'positions hold only what changed' }))
    .option(
      '--tolerate <share>',
      out.pick({ zh: '容忍的错误行比例，如 0.1%', en: 'share of bad rows that is let through, such as 0.1%' }),
    )
    .option('--hold-unknown', out.pick({ zh: '未知客户的持仓先暂存', en: 'hold back positions of unknown customers' }))
    .action((paths: string[], options: FeedOptions) => takePaths(deps, paths, options));
  addCommand(feed, out, 'list', { zh: '列出最近的导入', en: 'list recent imports' }, ['guanhu feed list --json']).action(() =>
    list(deps),
  );
  addCommand(feed, out, 'undo', { zh: '撤回一次导入（先说明影响）', en: 'take an import back (first shows what changes)' }, [
    'guanhu feed undo positions-20260630-1f3a9c2e',
    'guanhu feed undo positions-20260630-1f3a9c2e --yes',
  ])
    .argument('<id>', out.pick({ zh: '导入编号', en: 'the import' }))
    .option('--yes', out.pick({ zh: '确认撤回', en: 'do it' }))
    .action((id: string, options: { yes?: boolean }) => undo(deps, id, options.yes === true));
  addCommand(
    feed,
    out,
    'rejects',
    { zh: '导出错误行，改好后可直接再报送', en: 'write the bad rows as a workbook to mend and send again' },
    ['guanhu feed rejects customers-20260630-1f3a9c2e --out mend.xlsx'],
  )
    .argument('<id>', out.pick({ zh: '导入编号', en: 'the import' }))
    .requiredOption('--out <file>', out.pick({ zh: '写到哪个 .xlsx 文件', en: 'the .xlsx file to write' }))
    .action((id: string, options: { out: string }) => rejects(deps, id, options.out));
}

async function takePaths(deps: Deps, paths: readonly string[], options: FeedOptions): Promise<void> {
  if (paths.length === 0) refuse('no-files', '请给出要报送的文件或文件夹。', 'Name the files or the folder to take.');
  const date = options.date === undefined ? undefined : parseBusinessDate(options.date);
  if (options.date !== undefined && date === undefined)
    refuse(
      'date-unclear',
      `看不懂日期“${options.date}”：请写成 2026-06-30。`,
      `The date "${options.date}" is not understood: write 2026-06-30.`,
    );
  const list = await listFeedFiles(paths);
  const taken = await deps.withPlatform(async (platform) => {
    const desk = feedDesk(platform);
    await cleanUp(desk);
    try {
      return await takeAll(deps, desk, list, options, date);
    } finally {
      await closeReader();
    }
  });
  tell(deps, taken, list);
  if (taken.some((file) => file.state === 'refused')) process.exitCode = EXIT.refused;
}

async function takeAll(
  deps: Deps,
  desk: Desk,
  list: FileList,
  options: FeedOptions,
  date: BusinessDate | undefined,
): Promise<Taken[]> {
  const taken: Taken[] = [];
  for (const [n, path] of list.files.entries()) {
    const file = basename(path);
    deps.out.progress({ zh: `报送 ${file}`, en: `Taking ${file}` }, n, list.files.length);
    taken.push(await takeOne(desk, path, options, date));
  }
  deps.out.progress({ zh: '报送完成', en: 'Taken' }, list.files.length, list.files.length);
  return taken;
}

async function takeOne(desk: Desk, path: string, options: FeedOptions, date: BusinessDate | undefined): Promise<Taken> {
  const file = basename(path);
  const positions = parseFeedFileName(file)?.feed === 'positions';
  try {
    const record = await takeFile(desk, COMMAND_LINE, {
      fileName: file,
      stream: createReadStream(path),
      control: await controlBeside(path),
      date: positions ? date : undefined,
      delta: positions && options.delta === true ? true : undefined,
      options: {
        tolerateBp: options.tolerate === undefined ? 0 : toleranceBp(options.tolerate),
        holdUnknown: options.holdUnknown === true,
        direct: true,
      },
    });
    const { importId, feed, state, rows, rejected, held, businessDate, revision, effect, unknownColumns, problems } = record;
    return { importId, feed, file, state, rows, rejected, held, businessDate, revision, effect, unknownColumns, problems };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const { code, words } = error.refusal;
    const problem = { code, file, reason: words, remedy: words };
    const nothing = {
      importId: null,
      feed: null,
      rows: null,
      rejected: 0,
      held: 0,
      businessDate: null,
      revision: 1,
      effect: {},
      unknownColumns: [],
    };
    return { ...nothing, file, state: 'refused', problems: [problem] };
  }
}

const STATES: Readonly<Record<string, { zh: string; en: string }>> = {
  accepted: { zh: '已入库', en: 'accepted' },
  unchanged: { zh: '与已入库的相同，没有变化', en: 'the same as what stands, nothing changed' },
  refused: { zh: '拒收', en: 'refused' },
  undone: { zh: '已撤回', en: 'taken back' },
  discarded: { zh: '已丢弃', en: 'discarded' },
  checked: { zh: '待确认', en: 'waits for a decision' },
};

function stateWords(state: string): { zh: string; en: string } {
  return STATES[state] ?? { zh: '处理中', en: 'under way' };
}

function tell({ out }: Deps, taken: readonly Taken[], list: FileList): void {
  const lines = taken.flatMap((file) => {
    const counts = [
      file.rows === null ? undefined : { zh: `${file.rows} 行`, en: `${file.rows} rows` },
      file.rejected > 0 ? { zh: `错误 ${file.rejected} 行`, en: `${file.rejected} bad` } : undefined,
      file.held > 0 ? { zh: `暂存 ${file.held} 行`, en: `${file.held} held` } : undefined,
    ].flatMap((words) => (words === undefined ? [] : [out.pick(words)]));
    const known = [
      file.file,
      out.pick(stateWords(file.state)),
      counts.join(out.pick({ zh: '，', en: ', ' })),
      file.importId ?? '',
    ];
    const head = known.filter((part) => part !== '').join('  ');
    const more = file.problems.length - SHOWN;
    return [
      head,
      ...file.problems.slice(0, SHOWN).map((problem) => `  ${problemLine(problem, out.pick)}`),
      ...(more > 0 ? [out.pick({ zh: `  ……还有 ${more} 处`, en: `  … ${more} more` })] : []),
    ];
  });
  const skipped = list.skipped.map(
    ({ file, reason }) => `${file}  ${out.pick({ zh: '跳过：', en: 'skipped: ' })}${out.pick(reason)}`,
  );
  out.result({ imports: taken, skipped: list.skipped }, [...lines, ...skipped]);
}

function problemLine(problem: FeedProblem, pick: (words: { zh: string; en: string }) => string): string {
  const place = [
    problem.line === undefined ? '' : pick({ zh: `第 ${problem.line} 行`, en: `line ${problem.line}` }),
    problem.column === undefined ? '' : pick({ zh: `“${problem.column}”列`, en: `column "${problem.column}"` }),
    problem.text === undefined || problem.text === '' ? '' : `[${problem.text}]`,
  ].filter((part) => part !== '');
  const remedy = problem.remedy === problem.reason ? '' : pick(problem.remedy);
  return `${place.join(' ')}${place.length > 0 ? ': ' : ''}${pick(problem.reason)}${remedy}`;
}

async function list(deps: Deps): Promise<void> {
  const found = await deps.withPlatform((platform) => listImports(platform.worker, undefined, LISTED));
  const imports = found.map(({ record }) => record);
  deps.out.result(
    { imports },
    imports.map(
      (record) =>
        `${record.importId}  ${record.fileName}  ${deps.out.pick(stateWords(record.state))}  ${record.rows ?? '–'}  ${record.sentAt}`,
    ),
  );
}

async function undo(deps: Deps, id: string, yes: boolean): Promise<void> {
  const { out } = deps;
  const answer = await deps.withPlatform(async (platform) => {
    const desk = feedDesk(platform);
    await cleanUp(desk);
    // The same command again, after it was killed on its way out.
    if (yes && (await needImport(desk, id)).state === 'undone') return { preview: null, state: 'undone' };
    const preview = await previewUndo(desk, id);
    const undone = yes ? await undoImport(desk, COMMAND_LINE, id) : undefined;
    return { preview, state: undone?.state ?? 'accepted' };
  });
  const { preview } = answer;
  if (preview === null) {
    out.result(answer, [
      out.pick({ zh: `${id} 已经撤回过了，没有变化。`, en: `${id} was taken back already; nothing changed.` }),
    ]);
    return;
  }
  out.result(answer, [
    out.pick({
      zh: `撤回 ${id}：恢复 ${preview.restored} 行，移除 ${preview.removed} 行；重算 ${preview.days.length} 天，${preview.averages} 位客户的日均、${preview.bands} 位的层级、${preview.assignments} 位的管户会变。`,
      en: `Taking ${id} back restores ${preview.restored} rows and removes ${preview.removed}; ${preview.days.length} days are worked out again, ${preview.averages} averages, ${preview.bands} bands and ${preview.assignments} assignments change.`,
    }),
    yes
      ? out.pick({ zh: '已撤回。', en: 'Taken back.' })
      : out.pick({ zh: '尚未撤回；加 --yes 确认。', en: 'Nothing was done yet; add --yes to do it.' }),
  ]);
}

async function rejects(deps: Deps, id: string, path: string): Promise<void> {
  const rows = await deps.withPlatform((platform) => writeMendWorkbook(feedDesk(platform), id, path));
  deps.out.result({ file: path, rows }, [deps.out.pick({ zh: `已写出 ${path}。`, en: `Wrote ${path}.` })]);
}
