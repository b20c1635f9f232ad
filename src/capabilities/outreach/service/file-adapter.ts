import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { writeTable } from '../../../platform/tables/index.ts';
import type { Outgoing, OutreachAdapter } from './adapter.ts';

const COLUMNS = ['message_id', 'customer_id', 'channel', 'purpose', 'name', 'mobile', 'text'] as const;

/** Writes each list as a CSV into a folder that the bank's gateway reads; only who owns the folder may read the file. */
export function fileAdapter(folder: string): OutreachAdapter {
  return {
    deliver: async ({ id, messages }) => {
      const path = join(folder, `outreach-${id}.csv`);
      await writeTable(path, {
        name: 'outreach',
        columns: COLUMNS.map((name) => ({ name, type: 'text' })),
        batches: rowsOf(messages),
      });
      await chmod(path, 0o600);
    },
  };
}

async function* rowsOf(messages: readonly Outgoing[]) {
  yield messages.map((one) => [one.messageId, one.customerId, one.channel, one.purpose, one.name, one.mobile, one.words]);
}
