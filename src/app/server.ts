import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { z } from 'zod';
import { startCatchingUp } from '../capabilities/engagement/index.ts';
import { cleanUp, closeReader } from '../capabilities/feed/index.ts';
import { refuse } from '../kernel/refusal.ts';
import { startSealing } from '../platform/audit/seals.ts';
import { type Config, serviceUrl } from '../platform/config.ts';
import type { Platform } from '../platform/context.ts';
import { projectFile } from '../platform/files.ts';
import { isLoopbackHost } from '../platform/http/cookies.ts';
import { buildServer } from '../platform/http/server.ts';
import { ROUTES } from './capabilities.ts';
import { isDemo } from './demo.ts';
import { feedDesk } from './feeds.ts';
import { GAUGES } from './metrics.ts';

export interface Address {
  readonly host: string;
  readonly port: number;
  readonly tls: Config['tls'];
  readonly sso?: Config['sso'];
}

const DRAIN_MS = 10_000;
const packageFile = z.object({ version: z.string() });

/** Serves the pages and the API until `close`, which lets running requests end for up to 10 s. */
export async function serve(platform: Platform, address: Address): Promise<{ url: string; close: () => Promise<void> }> {
  // What an earlier process left half done is put aside before anybody sees it.
  await cleanUp(feedDesk(platform));
  const { version } = packageFile.parse(JSON.parse(readFileSync(projectFile('package.json'), 'utf8')));
  const server = await buildServer(platform, ROUTES, {
    demo: isOpenDemo(platform.home, address),
    version,
    webFolder: projectFile('dist/web'),
    gauges: GAUGES,
    tls: address.tls,
    sso: address.sso,
  });
  try {
    await server.listen({ host: address.host, port: address.port });
  } catch (error) {
    await server.close();
    refuseListen(address, error);
  }
  const sealing = startSealing(platform);
  const catching = startCatchingUp(platform);
  const bound = server.server.address();
  const port = bound !== null && typeof bound === 'object' ? bound.port : address.port;
  const close = async () => {
    const limit = setTimeout(() => server.server.closeAllConnections(), DRAIN_MS);
    await server.close();
    await closeReader();
    await catching.stop();
    await sealing.stop();
    clearTimeout(limit);
  };
  return { url: serviceUrl({ ...address, port }), close };
}

/** Whether one may choose whom to be: in a home that was made as a demo, and only for this machine itself. */
export function isOpenDemo(home: string, address: Address): boolean {
  return isDemo(home) && isLoopbackHost(address.host);
}

/** Tells a busy port before anything long begins. */
export async function checkAddress(address: Pick<Address, 'host' | 'port'>): Promise<void> {
  const probe = createServer();
  await new Promise<void>((done, fail) => {
    probe.on('error', fail);
    probe.listen(address.port, address.host, () => probe.close(() => done()));
  }).catch((error: unknown) => refuseListen(address, error));
}

function refuseListen({ host, port }: Pick<Address, 'host' | 'port'>, error: unknown): never {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  if (code === 'EADDRINUSE') {
    refuse(
      'port-busy',
      `端口 ${port} 已被占用（可能已有一个管户在运行）：请先停止它，或用 GUANHU_PORT 换一个端口。`,
      `Port ${port} is in use (perhaps by another Guanhu): stop that program, or choose another port with GUANHU_PORT.`,
    );
  }
  return refuse(
    'cannot-listen',
    `无法在 ${host}:${port} 上监听（${code}）：请检查 GUANHU_HOST 和 GUANHU_PORT。`,
    `Cannot listen on ${host}:${port} (${code}): check GUANHU_HOST and GUANHU_PORT.`,
  );
}
