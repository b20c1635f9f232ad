import { readFileSync } from 'node:fs';
import * as openid from 'openid-client';
import { refuse } from '../../kernel/refusal.ts';
import { audit } from '../audit/index.ts';
import type { Config } from '../config.ts';
import type { Platform } from '../context.ts';
import { unscoped } from '../db/transaction.ts';
import { newToken, openSession, personById } from './session.ts';

export type SsoSettings = NonNullable<Config['sso']>;

/** What one browser asked for and has not come back with. */
interface Begun {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly next: string;
  readonly until: number;
}

const BEGUN_MS = 10 * 60_000;
const MOST_BEGUN = 10_000;
const ASK_SECONDS = 10;

/** The provider cannot be asked just now. */
export class ProviderAway extends Error {}

/**
 * Signing in at the bank's own provider: OpenID Connect, code flow with PKCE, state and nonce. Only the issuer that is set is ever asked,
 * when somebody signs in. What a browser began is kept here for ten minutes and taken once.
 */
export class SingleSignOn {
  private readonly begun = new Map<string, Begun>();
  private found: Promise<openid.Configuration> | undefined;

  private readonly secret: string;

  /** Refuses a secret that cannot be read: at the start, not at the first sign-in. */
  constructor(
    private readonly settings: SsoSettings,
    private readonly now: () => Date,
    private readonly askSeconds = ASK_SECONDS,
  ) {
    this.secret = readSecret(settings.secretFile);
  }

  /** Where to send the browser, and the ticket that it must bring back. Throws `ProviderAway`. */
  async begin(next: string): Promise<{ readonly url: string; readonly ticket: string }> {
    const provider = await this.provider();
    const verifier = openid.randomPKCECodeVerifier();
    const [state, nonce, ticket] = [openid.randomState(), openid.randomNonce(), newToken()];
    this.keep(ticket, { state, nonce, verifier, next, until: this.now().getTime() + BEGUN_MS });
    const url = openid.buildAuthorizationUrl(provider, {
      redirect_uri: this.settings.callback,
      scope: 'openid profile',
      code_challenge: await openid.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce,
    });
    return { url: url.toString(), ticket };
  }

  /** The staff number that the provider vouches for, and where the person wanted to go; undefined when anything does not fit. */
  async finish(ticket: string, query: string): Promise<{ readonly staffId: string; readonly next: string } | undefined> {
    const begun = this.begun.get(ticket);
    this.begun.delete(ticket);
    if (begun === undefined || begun.until <= this.now().getTime()) return undefined;
    const provider = await this.provider();
    try {
      const tokens = await openid.authorizationCodeGrant(provider, new URL(`${this.settings.callback}?${query}`), {
        pkceCodeVerifier: begun.verifier,
        expectedState: begun.state,
        expectedNonce: begun.nonce,
        idTokenExpected: true,
      });
      const staffId = tokens.claims()?.[this.settings.claim];
      return typeof staffId === 'string' ? { staffId, next: begun.next } : undefined;
    } catch (error) {
      // Everything but silence is an answer that does not fit.
      if (isSilence(error)) throw new ProviderAway('no answer', { cause: error });
      return undefined;
    }
  }

  private keep(ticket: string, begun: Begun): void {
    // In the order of their beginning: the oldest are the first to have run out, and the first to go when there are too many.
    for (const [old, { until }] of this.begun) {
      if (until > this.now().getTime() && this.begun.size < MOST_BEGUN) break;
      this.begun.delete(old);
    }
    this.begun.set(ticket, begun);
  }

  private async provider(): Promise<openid.Configuration> {
    const { issuer, clientId } = this.settings;
    this.found ??= openid.discovery(
      new URL(issuer),
      clientId,
      undefined,
      openid.ClientSecretBasic(this.secret),
      // Plain HTTP is only ever accepted of a provider on this machine; the settings refuse any other.
      { timeout: this.askSeconds, execute: issuer.startsWith('http:') ? [openid.allowInsecureRequests] : [] },
    );
    try {
      return await this.found;
    } catch (error) {
      this.found = undefined;
      throw new ProviderAway('the provider does not answer', { cause: error });
    }
  }
}

/** There is nobody, as `fetch` says itself, or nobody who answers in time. */
function isSilence(error: unknown): boolean {
  if (error instanceof openid.ClientError) return error.code === 'OAUTH_TIMEOUT';
  return error instanceof TypeError && error.message === 'fetch failed';
}

function readSecret(file: string): string {
  try {
    const secret = readFileSync(file, 'utf8').trim();
    if (secret !== '') return secret;
  } catch {
    // Said below, with what can be done.
  }
  return refuse(
    'config-invalid',
    `读不到统一认证的应用密钥：请检查 GUANHU_OIDC_SECRET_FILE 指向的文件 ${file}。`,
    `The client secret cannot be read: check the file of GUANHU_OIDC_SECRET_FILE, ${file}.`,
    { name: 'GUANHU_OIDC_SECRET_FILE' },
  );
}

interface Caller {
  readonly address: string;
  readonly agent: string;
  readonly requestId: string;
}

/** Somebody came back from the provider with what does not fit: no ticket of ours, another state, a code that is not the provider's. */
export async function recordRefusedSso(platform: Platform, { address, requestId }: Caller): Promise<void> {
  const actor = { staffId: 'unknown', role: 'none', unitNo: 0, requestId, origin: address };
  await unscoped(platform.app, (tx) =>
    audit(tx, actor, { kind: 'session.refused', subject: 'unknown', body: { address, by: 'sso' } }),
  );
}

/** Opens a session for a member of staff whom the provider vouches for; the second factor is the provider's to ask. Undefined = nobody of ours. */
export async function enterBySso(platform: Platform, staffId: string, caller: Caller): Promise<string | undefined> {
  const person = await personById(platform.app, staffId, platform.now());
  const { address, requestId } = caller;
  const actor = {
    staffId: person?.staffId ?? 'unknown',
    role: person?.role ?? 'none',
    unitNo: person?.unitNo ?? 0,
    requestId,
    origin: address,
  };
  const kind = person === undefined ? 'session.refused' : 'session.opened';
  await unscoped(platform.app, (tx) => audit(tx, actor, { kind, subject: actor.staffId, body: { address, by: 'sso' } }));
  if (person === undefined) return undefined;
  return openSession(platform.app, person.staffId, platform.now(), { ...caller, demo: false, secondFactor: true });
}
