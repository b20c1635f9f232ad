import { businessDate } from '../../kernel/business-date.ts';
import { COMMAND_LINE } from '../../platform/audit/index.ts';
import { openPlatform } from '../../platform/context.ts';
import { closeTo } from './index.ts';

// Closes to a day in a process that may be killed: crash-child.ts HOME URL DAY
const [home = '', ownerUrl = '', day = ''] = process.argv.slice(2);
const platform = await openPlatform(home, ownerUrl, () => new Date('2026-07-01T00:00:00Z'));
await closeTo(platform, COMMAND_LINE, businessDate(day));
await platform.close();
