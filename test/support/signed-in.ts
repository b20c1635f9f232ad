import { openSession } from '../../src/platform/auth/session.ts';
import type { Platform } from '../../src/platform/context.ts';

/** A session of somebody who has proven both factors, as the cookie's value. */
export function signedIn(platform: Platform, staffId: string): Promise<string> {
  return openSession(platform.app, staffId, platform.now(), {
    demo: false,
    secondFactor: true,
    address: '127.0.0.1',
    agent: 'test',
  });
}
