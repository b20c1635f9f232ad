import type { Command } from 'commander';
import {
  activateScheme,
  checkScheme,
  findScheme,
  listSchemes,
  presetNames,
  type StoredScheme,
} from '../../capabilities/coverage/index.ts';
import { COMMAND_LINE } from '../../platform/audit/index.ts';
import type { Platform } from '../../platform/context.ts';
import { schemeOf } from './allocate.ts';
import { addCommand, type Deps } from './deps.ts';
import { EXIT } from './output.ts';

export function register(program: Command, deps: Deps): void {
  const { out, withPlatform } = deps;
  const summary = { zh: '管理分户方案', en: 'manage schemes' };
  const scheme = addCommand(program, out, 'scheme', summary, [
    'guanhu scheme list',
    'guanhu scheme check my-scheme.yaml --json',
    'guanhu scheme save my-scheme.yaml',
    'guanhu scheme activate full-coverage',
  ]);
  addCommand(scheme, out, 'list', { zh: '列出方案和版本', en: 'list schemes and versions' }, [
    'guanhu scheme list --json',
  ]).action(() => list(deps));
  const which = out.pick({ zh: '方案名称、版本（名称@版本）或文件', en: 'a scheme, name@version or file' });
  addCommand(scheme, out, 'show', { zh: '显示方案原文', en: 'print a scheme' }, ['guanhu scheme show full-coverage'])
    .argument('<scheme>', which)
    .action(async (wanted: string) => {
      const found = await withPlatform((platform) => findScheme(platform, COMMAND_LINE, wanted));
      out.result(found, found.source.trimEnd().split('\n'));
    });
  addCommand(
    scheme,
    out,
    'check',
    { zh: '检查方案，并算出今天各池缺几人', en: 'check a scheme, and tell the staff that pools are short of today' },
    ['guanhu scheme check my-scheme.yaml'],
  )
    .argument('<scheme>', which)
    .action((wanted: string) => check(deps, wanted));
  addCommand(scheme, out, 'save', { zh: '存为新版本（草稿）', en: 'save as the next version (a draft)' }, [
    'guanhu scheme save my.yaml',
  ])
    .argument('<file>', out.pick({ zh: '方案文件', en: 'a scheme file' }))
    .action((file: string) => tellOne(deps, (platform) => schemeOf(platform, file)));
  addCommand(scheme, out, 'activate', { zh: '启用方案', en: 'put a scheme in force' }, ['guanhu scheme activate full-coverage@2'])
    .argument('<scheme>', which)
    .action((wanted: string) =>
      tellOne(deps, async (platform) => {
        const found = await schemeOf(platform, wanted);
        return activateScheme(platform, COMMAND_LINE, found.schemeId);
      }),
    );
}

async function tellOne({ withPlatform, out }: Deps, work: (platform: Platform) => Promise<StoredScheme>): Promise<void> {
  const { source: _source, scheme, ...row } = await withPlatform(work);
  const state = {
    draft: { zh: '草稿', en: 'a draft' },
    active: { zh: '启用中', en: 'in force' },
    retired: { zh: '已停用', en: 'retired' },
  };
  const words = state[row.state];
  out.result({ ...row, title: scheme.title }, [
    out.pick({ zh: `${row.schemeId} ${scheme.title.zh}:${words.zh}。`, en: `${row.schemeId} ${scheme.title.en}: ${words.en}.` }),
  ]);
}

async function list({ withPlatform, out }: Deps): Promise<void> {
  const schemes = await withPlatform(listSchemes);
  const presets = await presetNames();
  out.result({ schemes: schemes.map(({ source: _source, scheme, ...row }) => ({ ...row, title: scheme.title })), presets }, [
    ...schemes.map((row) => `${row.schemeId}  ${row.state}  ${out.pick(row.scheme.title)}`),
    out.pick({ zh: `随产品提供：${presets.join('、')}`, en: `Shipped: ${presets.join(', ')}` }),
  ]);
}

async function check({ withPlatform, out }: Deps, wanted: string): Promise<void> {
  const { schemeId, findings, pools } = await withPlatform(async (platform) => {
    const { schemeId, scheme, source } = await schemeOf(platform, wanted);
    const { findings, pools, roster } = await checkScheme(platform, scheme, source);
    const short = pools.map(({ plan, unit, ...pool }) => ({
      unit: roster.units[unit]?.id ?? '',
      band: plan.bandId,
      seat: plan.slot,
      portfolio: plan.portfolio,
      ...pool,
    }));
    return { schemeId, findings, pools: short };
  });
  const errors = findings.filter((finding) => finding.severity === 'error').length;
  const short = pools.filter((pool) => pool.staffNeeded > 0);
  out.result({ scheme: schemeId, ok: errors === 0, findings, pools }, [
    ...findings.map((finding) => `${finding.line ?? '-'}  ${finding.severity}  ${out.pick(finding.text)}`),
    ...short.map((pool) =>
      out.pick({
        zh: `${pool.unit} ${pool.portfolio}:${pool.customers} 户，${pool.staff} 人，缺 ${pool.staffNeeded} 人`,
        en: `${pool.unit} ${pool.portfolio}: ${pool.customers} customers, ${pool.staff} people, ${pool.staffNeeded} missing`,
      }),
    ),
    errors === 0
      ? out.pick({ zh: `${schemeId} 可以启用。`, en: `${schemeId} can be put in force.` })
      : out.pick({
          zh: `${schemeId} 有 ${errors} 处错误，不能启用。`,
          en: `${schemeId} has ${errors} errors and cannot be put in force.`,
        }),
  ]);
  if (errors > 0) process.exitCode = EXIT.refused;
}
