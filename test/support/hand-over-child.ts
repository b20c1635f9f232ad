import { fileAdapter, handOver } from '../../src/capabilities/outreach/index.ts';
import { COMMAND_LINE } from '../../src/platform/audit/index.ts';
import { openPlatform } from '../../src/platform/context.ts';

// Hands messages to the gateway in a process that dies amid it: hand-over-child.ts HOME URL NOW FOLDER before|after|done
const [home = '', url = '', now = '', folder = '', when = ''] = process.argv.slice(2);
const platform = await openPlatform(home, url, () => new Date(now));
const gateway = fileAdapter(folder);
const die = () => process.kill(process.pid, 'SIGKILL');
await handOver(platform, COMMAND_LINE, {
  deliver: async (list) => {
    if (when === 'before') die();
    await gateway.deliver(list);
    if (when === 'after') die();
  },
});
die();
