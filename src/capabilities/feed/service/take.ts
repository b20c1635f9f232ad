import type { Actor } from '../../../platform/audit/index.ts';
import { unscoped } from '../../../platform/db/transaction.ts';
import { isDiskFull } from '../../../platform/disk-full.ts';
import { logFault } from '../../../platform/log.ts';
import type { FeedProblem, ImportRecord } from '../contract.ts';
import { saveFindings, saveProgress } from '../store.ts';
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
    const received = await receiveFile(desk, actor, sent).catch((fault: unknown) => {
      fail(fault);
      return undefined;
    });
    if (received === undefined) return;
    tell(received);
    if (!received.unchanged) await checkInBackground(desk, actor, received.importId, sent);
  });
  done.catch(fail);
  return { received: await told, done };
}

const PROGRESS_MS = 500;

async function checkInBackground(desk: Desk, actor: Actor, importId: string, sent: Sent): Promise<void> {
  const { platform } = desk;
  let told = 0;
  const onProgress = (share: number) => {
    const now = platform.now().getTime();
    if (now - told < PROGRESS_MS) return;
    told = now;
    saveProgress(platform.worker, importId, { step: 'read', share }).catch(() => undefined);
  };
  try {
    await checkImport(desk, actor, importId, { ...sent, onProgress });
  } catch (fault) {
    logFault('a feed file could not be checked', fault, { importId });
    const { fileName } = await needImport(desk, importId);
    const problems = [isDiskFull(fault) ? noRoom(fileName) : checkFault(fileName)];
    await unscoped(platform.worker, (tx) =>
      saveFindings(tx, platform.secrets, importId, 'refused', { problems }, platform.now()),
    );
  }
}

function noRoom(file: string): FeedProblem {
  return {
    code: 'disk-full',
    file,
    reason: {
      zh: '服务器磁盘空间不足，检查没有做完，数据没有改动。',
      en: 'The server has no room on its disk; the check was not finished and nothing was changed.',
    },
    remedy: { zh: '请联系管理员腾出空间，再重新报送。', en: 'Ask the administrator to make room, then send it again.' },
  };
}

/** Nobody waits for an answer in the background: a fault ends as a refusal that says so. */
function checkFault(file: string): FeedProblem {
  return {
    code: 'check-fault',
    file,
    reason: { zh: '检查时系统出错，数据没有改动。', en: 'Something broke during the check; nothing was changed.' },
    remedy: {
      zh: '请重新报送；如再次出错，请把导入编号告诉管理员。',
      en: 'Send it again; if it fails once more, tell the administrator the import.',
    },
  };
}
