import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { feedDesk } from '../../src/app/feeds.ts';
import { closeReader, takeFile } from '../../src/capabilities/feed/index.ts';
import { COMMAND_LINE } from '../../src/platform/audit/index.ts';
import { openPlatform } from '../../src/platform/context.ts';

// Takes files, in order, in a process that may be killed: crash-child.ts HOME URL NOW FILE…
const [home = '', url = '', now = '', ...files] = process.argv.slice(2);
const platform = await openPlatform(home, url, () => new Date(now));
const desk = feedDesk(platform);
for (const file of files) {
  await takeFile(desk, COMMAND_LINE, {
    fileName: basename(file),
    stream: createReadStream(file),
    options: { tolerateBp: 0, holdUnknown: true, direct: true },
  });
}
await closeReader();
await platform.close();
