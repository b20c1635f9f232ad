import { mkdir, readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import {
  activatePolicy,
  fileAdapter,
  handOver,
  policyInForce,
  readPolicy,
  shippedPolicy,
  takeReceipts,
} from '../../capabilities/outreach/index.ts';
import { COMMAND_LINE } from '../../platform/audit/index.ts';
import { unscoped } from '../../platform/db/transaction.ts';
import { addCommand, type Deps } from './deps.ts';

export function register(program: Command, deps: Deps): void {
  const { out, withPlatform } = deps;
  const command = addCommand(
    program,
    out,
    'outreach',
    {
      zh: '触达：交付待发清单、接收网关回执、启用触达规则',
      en: 'outreach: hand messages to the gateway, take its receipts, set the gate',
    },
    ['guanhu outreach send /data/to-gateway', 'guanhu outreach receipts receipts.csv', 'guanhu outreach policy'],
  );
  registerPolicy(command, deps);
  addCommand(
    command,
    out,
    'send',
    { zh: '再过一次闸门，把待发的写成清单交给网关', en: 'pass the gate once more and write the list for the gateway' },
    ['guanhu outreach send /data/to-gateway'],
  )
    .argument('<folder>', out.pick({ zh: '网关读取的文件夹', en: 'the folder that the gateway reads' }))
    .action(async (folder: string) => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const done = await withPlatform((platform) => handOver(platform, COMMAND_LINE, fileAdapter(folder)));
      out.result(done, [
        out.pick(
          done.id === null
            ? { zh: '没有待发的。', en: 'Nothing waits.' }
            : {
                zh: `交付 ${done.handed} 条（outreach-${done.id}.csv），拦截 ${done.refused} 条，未到时间 ${done.waiting} 条。`,
                en: `${done.handed} handed over (outreach-${done.id}.csv), ${done.refused} refused, ${done.waiting} wait for the hour.`,
              },
        ),
      ]);
    });
  addCommand(
    command,
    out,
    'receipts',
    { zh: '接收网关回执，整份入库或整份退回', en: 'take receipts of the gateway, all or none' },
    ['guanhu outreach receipts receipts.csv'],
  )
    .argument(
      '<file>',
      out.pick({
        zh: 'CSV：message_id、customer_id、state（delivered 或 failed）、at、reason',
        en: 'CSV: message_id, customer_id, state (delivered or failed), at, reason',
      }),
    )
    .action(async (file: string) => {
      const text = await readFile(file, 'utf8');
      const done = await withPlatform((platform) => takeReceipts(platform, COMMAND_LINE, text));
      out.result(done, [
        out.pick({
          zh: `回执 ${done.taken} 条入库，${done.before} 条此前已有。`,
          en: `${done.taken} receipts taken, ${done.before} were there already.`,
        }),
      ]);
    });
}

/** The gate's settings: shown, checked and put in force. */
function registerPolicy(outreach: Command, { out, withPlatform }: Deps): void {
  const file = out.pick({ zh: '规则文件；不写则为随产品提供的规则', en: 'the settings; without it, those that ship' });
  const text = (path: string | undefined) => (path === undefined ? shippedPolicy() : readFile(path, 'utf8'));
  const command = addCommand(
    outreach,
    out,
    'policy',
    { zh: '触达规则：查看、检查、启用', en: 'the gate’s settings: show, check and put in force' },
    ['guanhu outreach policy', 'guanhu outreach policy activate gate.yaml'],
  ).action(async () => {
    const { version, content } = await withPlatform((platform) => unscoped(platform.worker, policyInForce));
    const { title, quiet, caps, adult_age, elderly } = content;
    const each = (list: readonly { readonly days: number; readonly most: number }[]) =>
      list
        .map(({ days, most }) => out.pick({ zh: `${days} 天 ${most} 次`, en: `${most} in ${days} days` }))
        .join(out.pick({ zh: '、', en: ', ' }));
    out.result({ version, ...content }, [
      `${version}  ${out.pick(title)}`,
      out.pick({
        zh: `  ${quiet.from_hour}:00 至次日 ${quiet.to_hour}:00 不打扰；营销至多 ${each(caps.marketing)}，合计至多 ${each(caps.any)}`,
        en: `  quiet from ${quiet.from_hour}:00 to ${quiet.to_hour}:00; to sell at most ${each(caps.marketing)}, in all ${each(caps.any)}`,
      }),
      out.pick({
        zh: `  未满 ${adult_age} 周岁不营销${elderly.map(({ age, up_to }) => `；满 ${age} 周岁只推介 ${up_to} 及以下`).join('')}`,
        en: `  nothing is sold to those under ${adult_age}${elderly.map(({ age, up_to }) => `; from ${age} on up to ${up_to}`).join('')}`,
      }),
    ]);
  });
  addCommand(command, out, 'check', { zh: '检查规则文件', en: 'check a file of settings' }, [
    'guanhu outreach policy check gate.yaml',
  ])
    .argument('[file]', file)
    .action(async (path?: string) => {
      const content = readPolicy(await text(path));
      out.result(content, [out.pick({ zh: '没有问题。', en: 'No faults.' })]);
    });
  addCommand(command, out, 'activate', { zh: '启用规则', en: 'put settings in force' }, [
    'guanhu outreach policy activate gate.yaml',
  ])
    .argument('[file]', file)
    .action(async (path?: string) => {
      const source = await text(path);
      const { version } = await withPlatform((platform) => activatePolicy(platform, COMMAND_LINE, source));
      out.result({ version }, [
        out.pick({ zh: `第 ${version} 版触达规则已启用。`, en: `Version ${version} of the gate’s settings is in force.` }),
      ]);
    });
}
