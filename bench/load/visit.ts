import { Agent, request } from 'node:http';
import { z } from 'zod';
import type { Member } from './bank.ts';

/** One request as its sender saw it. */
export interface Sample {
  readonly what: string;
  readonly at: number;
  readonly ms: number;
  /** 0 = no answer at all. */
  readonly status: number;
}

const LONGEST_MS = 30_000;

/** One person at a desk: a connection and an address of their own, and the customers that were last on the screen. */
export class Visit {
  customers: readonly string[] = [];
  private readonly agent: Agent;

  constructor(
    readonly member: Member,
    private readonly url: string,
    place: number,
    private readonly record: (sample: Sample) => void,
  ) {
    // Every person has an address of their own, as in a bank: all of 127/8 is this machine.
    const localAddress = `127.1.${(place >> 8) & 255}.${place & 255}`;
    this.agent = new Agent({ keepAlive: true, maxSockets: 6, ...(process.platform === 'linux' ? { localAddress } : {}) });
  }

  get(what: string, path: string): Promise<unknown> {
    return this.send(what, 'GET', path);
  }

  post(what: string, path: string, body: object = {}): Promise<unknown> {
    return this.send(what, 'POST', path, JSON.stringify(body));
  }

  end(): void {
    this.agent.destroy();
  }

  private async send(what: string, method: string, path: string, body?: string): Promise<unknown> {
    const at = performance.now();
    const { status, text } = await this.exchange(method, path, body).catch(() => ({ status: 0, text: '' }));
    this.record({ what, at, ms: performance.now() - at, status });
    return status === 200 ? z.json().parse(JSON.parse(text)) : undefined;
  }

  private exchange(method: string, path: string, body?: string): Promise<{ status: number; text: string }> {
    return new Promise((done, fail) => {
      const headers = {
        cookie: this.member.cookie,
        'sec-fetch-site': 'same-origin',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      };
      const sent = request(`${this.url}${path}`, { method, agent: this.agent, headers, timeout: LONGEST_MS }, (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (part: string) => {
          text += part;
        });
        answer.on('end', () => done({ status: answer.statusCode ?? 0, text }));
        answer.on('error', fail);
      });
      sent.on('timeout', () => sent.destroy(new Error('no answer')));
      sent.on('error', fail);
      sent.end(body);
    });
  }
}
