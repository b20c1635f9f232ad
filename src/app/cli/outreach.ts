import { mkdir, readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { fileAdapter, handOver, takeReceipts } from '../../capabilities/outreach/index.ts';
import { COMMAND_LINE } from '../../platform/audit/index.ts';
import { addCommand, type Deps } from './deps.ts';

export function register(program: Command, { out, withPlatform }: Deps): void {
  const command = addCommand(
    program,
    out,
    'outreach',
    { zh: '触达：交付待发清单、接收网关回执', en: 'outreach: hand messages to the gateway, take its receipts' },
    ['guanhu outreach send /data/to-gateway', 'guanhu outreach receipts receipts.csv'],
  );
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
