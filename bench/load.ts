// `npm run bench:load -- --customers 1000000 --people 2000 --minutes 5 [--home DIR]`: people at work while the next day is fed and closed.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { measureLoad } from './load/index.ts';
import { show } from './show.ts';

const { values } = parseArgs({
  options: {
    customers: { type: 'string', default: '1000000' },
    people: { type: 'string', default: '2000' },
    minutes: { type: 'string', default: '5' },
    home: { type: 'string' },
  },
});
const home = values.home === undefined ? await mkdtemp(join(tmpdir(), 'guanhu-load-')) : resolve(values.home);
try {
  const plan = { customers: Number(values.customers), people: Number(values.people), seconds: Number(values.minutes) * 60 };
  show('people at work', await measureLoad(home, { ...plan, thinkSeconds: 30 }));
} finally {
  if (values.home === undefined) await rm(home, { recursive: true, force: true });
}
