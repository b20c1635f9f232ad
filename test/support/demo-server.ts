import { type Browser, chromium } from 'playwright-core';
import { temporaryFolder } from './folder.ts';
import { runProgram } from './process.ts';

const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface DemoServer {
  readonly url: string;
  readonly browser: Browser;
  readonly stop: () => Promise<void>;
}

/** What a stranger gets from `npm start` in an empty home, and a browser to look at it. */
export function startDemo(): Promise<DemoServer> {
  return startIn(temporaryFolder('demo'));
}

/** The service in a home of one's own, and a browser to look at it. */
export async function startIn(home: string): Promise<DemoServer> {
  const server = runProgram('scripts/start.mjs', [], { GUANHU_HOME: home, GUANHU_PORT: '0' });
  const found = await server.saw(/http:\/\/[\d.]+:\d+/);
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ARGS });
  const stop = async () => {
    await browser.close();
    server.child.kill('SIGTERM');
    await server.ended;
  };
  return { url: found[0], browser, stop };
}
