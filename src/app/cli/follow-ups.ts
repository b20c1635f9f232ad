import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import {
  activateCatalogue,
  catalogueInForce,
  evaluateFollowUps,
  readCatalogue,
  shippedRules,
  simulateCatalogue,
} from '../../capabilities/engagement/index.ts';
import { refuse } from '../../kernel/refusal.ts';
import { COMMAND_LINE } from '../../platform/audit/index.ts';
import { unscoped } from '../../platform/db/transaction.ts';
import { addCommand, type Deps } from './deps.ts';

/** The text of rules: a file's, or those that ship. */
function rulesText(file: string | undefined): Promise<string> {
  return file === undefined ? shippedRules() : readFile(file, 'utf8');
}

export function register(program: Command, deps: Deps): void {
  const { out } = deps;
  const command = addCommand(
    program,
    out,
    'follow-ups',
    { zh: '待跟进：检查、试算、启用规则', en: 'follow-ups: check, simulate and put rules in force' },
    ['guanhu follow-ups', 'guanhu follow-ups simulate rules.yaml', 'guanhu follow-ups activate rules.yaml'],
  ).action(() => show(deps));
  const file = out.pick({ zh: '规则文件；不写则为随产品提供的规则', en: 'the rules; without it, those that ship' });
  addCommand(command, out, 'check', { zh: '检查规则文件', en: 'check a file of rules' }, ['guanhu follow-ups check rules.yaml'])
    .argument('[file]', file)
    .action(async (path?: string) => {
      const { rules } = readCatalogue(await rulesText(path));
      out.result({ rules: rules.length }, [
        out.pick({ zh: `${rules.length} 条规则，没有问题。`, en: `${rules.length} rules, no faults.` }),
      ]);
    });
  addCommand(
    command,
    out,
    'simulate',
    { zh: '试算：会产生多少待跟进，分摊到每人每天多少', en: 'how many follow-ups rules would make, and for whom' },
    ['guanhu follow-ups simulate rules.yaml'],
  )
    .argument('[file]', file)
    .action((path?: string) => simulate(deps, path));
  addCommand(command, out, 'activate', { zh: '启用规则，并据此更新待跟进', en: 'put rules in force and follow them' }, [
    'guanhu follow-ups activate rules.yaml',
  ])
    .argument('[file]', file)
    .action((path?: string) => activate(deps, path));
  addCommand(
    command,
    out,
    'evaluate',
    { zh: '更新待跟进（日终之后自动进行）', en: 'bring follow-ups up to date (each close does)' },
    ['guanhu follow-ups evaluate --full'],
  )
    .option('--full', out.pick({ zh: '逐户重新评估', en: 'look at everybody anew' }))
    .action((options: { full?: boolean }) => evaluate(deps, options.full === true));
}

async function show({ withPlatform, out }: Deps): Promise<void> {
  const stored = await withPlatform((platform) => unscoped(platform.worker, catalogueInForce));
  if (stored === undefined) {
    const none = { zh: '尚未启用跟进规则：guanhu follow-ups activate', en: 'No rules are in force: guanhu follow-ups activate' };
    return out.result({ version: null }, [out.pick(none)]);
  }
  const { version, catalogue } = stored;
  out.result({ version, rules: catalogue.rules }, [
    out.pick({ zh: `第 ${version} 版：${catalogue.title.zh}`, en: `Version ${version}: ${catalogue.title.en}` }),
    ...catalogue.rules.map((rule) => `  ${rule.rule.padEnd(18)} ${out.pick(rule.title)}`),
  ]);
}

const WORKDAYS = 5;

async function simulate({ withPlatform, out }: Deps, path: string | undefined): Promise<void> {
  const catalogue = readCatalogue(await rulesText(path));
  const told = await withPlatform((platform) => simulateCatalogue(platform, catalogue));
  if (told === undefined)
    return refuse('no-day', '还没有日终，无法试算。', 'No day has been closed, so there is nothing to simulate on.');
  const aDay = told.people === 0 ? 0 : told.inWeek / told.people / WORKDAYS;
  out.result(told, [
    out.pick({
      zh: `启用当日产生 ${told.atOnce} 项；此后一周 ${told.inWeek} 项，${told.people} 人，每人每天约 ${aDay.toFixed(1)} 项。`,
      en: `${told.atOnce} follow-ups at once; ${told.inWeek} in the week after, for ${told.people} people: about ${aDay.toFixed(1)} a day each.`,
    }),
    ...told.rules.map(({ rule, atOnce, inWeek, people }) =>
      out.pick({
        zh: `  ${rule.padEnd(18)} 当日 ${atOnce}，一周 ${inWeek}，${people} 人`,
        en: `  ${rule.padEnd(18)} ${atOnce} at once, ${inWeek} in the week, ${people} people`,
      }),
    ),
  ]);
}

async function activate({ withPlatform, out }: Deps, path: string | undefined): Promise<void> {
  const source = await rulesText(path);
  const { stored, done } = await withPlatform(async (platform) => ({
    stored: await activateCatalogue(platform, COMMAND_LINE, source),
    done: await evaluateFollowUps(platform),
  }));
  out.result({ version: stored.version, ...done }, [
    out.pick({
      zh: `第 ${stored.version} 版规则已启用：新增 ${done.opened} 项，了结 ${done.ended} 项。`,
      en: `Version ${stored.version} is in force: ${done.opened} opened, ${done.ended} ended.`,
    }),
  ]);
}

async function evaluate({ withPlatform, out }: Deps, full: boolean): Promise<void> {
  const done = await withPlatform((platform) => evaluateFollowUps(platform, { full }));
  out.result(done, [
    out.pick({
      zh: `评估 ${done.customers} 户：新增 ${done.opened} 项，更新 ${done.renewed} 项，了结 ${done.ended} 项。`,
      en: `${done.customers} customers: ${done.opened} opened, ${done.renewed} renewed, ${done.ended} ended.`,
    }),
  ]);
}
