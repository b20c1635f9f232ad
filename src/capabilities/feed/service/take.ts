import type { Actor } from '../../../platform/audit/index.ts';
import type { ImportRecord } from '../contract.ts';
import { acceptImport, needImport } from './accept.ts';
import { checkImport } from './check.ts';
import { whileWorking } from './clean.ts';
import type { Desk } from './desk.ts';
import { type Received, receiveFile, type Sent } from './receive.ts';

/** Receives, checks and accepts a file in one go. The import says what became of it; nothing of a refused file is taken. */
export async function takeFile(
  desk: Desk,
  actor: Actor,
  sent: Sent,
  onProgress?: (share: number) => void,
): Promise<ImportRecord> {
  return whileWorking(desk.platform.worker, async () => {
    const received = await receiveFile(desk, actor, sent);
    if (received.unchanged) return needImport(desk, received.importId);
    await checkImport(desk, actor, received.importId, { ...sent, onProgress });
    const checked = await needImport(desk, received.importId);
    return checked.state === 'checked' ? acceptImport(desk, actor, received.importId) : checked;
  });
}

/** Receives a file and starts to check it; the import tells how far that is. `done` settles when it is over. */
export async function receiveAndCheck(
  desk: Desk,
  actor: Actor,
  sent: Sent,
): Promise<{ received: Received; done: Promise<void> }> {
  let tell: (received: Received) => void = () => undefined;
  let fail: (fault: unknown) => void = () => undefined;
  const told = new Promise<Received>((resolve, reject) => {
    tell = resolve;
    fail = reject;
  });
  const done = whileWorking(desk.platform.worker, async () => {
    try {
      const received = await receiveFile(desk, actor, sent);
      tell(received);
      if (!received.unchanged) await checkImport(desk, actor, received.importId, sent);
    } catch (fault) {
      fail(fault);
      throw fault;
    }
  });
  done.catch(() => undefined);
  return { received: await told, done };
}
