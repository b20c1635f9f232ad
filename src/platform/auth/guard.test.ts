import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type FreshPlatform, freshPlatform } from '../../../test/support/database.ts';
import { type Caller, givePlaceBack, networkOf, takePlace } from './guard.ts';

let fresh: FreshPlatform;
let now: Date;
let run = 0;
beforeAll(async () => {
  fresh = await freshPlatform(() => now);
});
afterAll(() => fresh.close());
beforeEach(() => {
  now = new Date('2026-07-01T01:00:00Z');
  run += 1;
});

const staff = (name: string) => `${name}-${run}`;
const from = (staffId: string, address: string, device?: string): Caller => ({
  staffId: staff(staffId),
  address: `${run}.${address}`,
  device: device === undefined ? undefined : Buffer.from(device),
});
const attempt = (caller: Caller) => takePlace(fresh.platform.app, caller, now);
async function attempts(caller: Caller, times: number): Promise<string[]> {
  const said: string[] = [];
  for (let n = 0; n < times; n += 1) said.push(await attempt(caller));
  return said;
}
const later = (minutes: number) => {
  now = new Date(now.getTime() + minutes * 60_000);
};

it('shuts after five attempts of one account from one address, for 15 minutes [SECURITY 4]', async () => {
  const guesser = from('S1', '0.0.1');
  expect(await attempts(guesser, 7)).toEqual([...Array(5).fill('taken'), 'shut', 'shut']);
  later(14);
  expect(await attempt(guesser)).toBe('shut');
  later(1.1);
  expect(await attempts(guesser, 6)).toEqual([...Array(5).fill('taken'), 'shut']);
});

it('forgets attempts after 15 minutes', async () => {
  const slow = from('S1', '0.0.1');
  await attempts(slow, 5);
  later(15);
  expect(await attempt(slow)).toBe('taken');
});

it('does not lock the owner out: not at another address, and not at the same one with a known browser', async () => {
  await attempts(from('S1', '0.0.1'), 60);
  expect(await attempt(from('S1', '0.0.2'))).toBe('taken');
  expect(await attempt(from('S1', '0.0.1', 'desk'))).toBe('taken');
});

it('lets a host of addresses shut the account only for browsers it has never used', async () => {
  for (let n = 0; n < 50; n += 1) await attempt(from('S1', `0.1.${n}`));
  expect(await attempt(from('S1', '0.2.1'))).toBe('shut');
  expect(await attempt(from('S1', '0.2.1', 'desk'))).toBe('taken');
  expect(await attempt(from('S2', '0.2.1'))).toBe('taken');
});

it('shuts an address that tries many accounts, after 50 [SECURITY 4]', async () => {
  const said: string[] = [];
  for (let n = 0; n < 51; n += 1) said.push(await attempt(from(`S${n}`, '0.0.9')));
  expect(said.indexOf('shut')).toBe(50);
});

it('stops guessing from a stolen known browser as well', async () => {
  expect((await attempts(from('S1', '0.0.1', 'desk'), 6)).at(-1)).toBe('shut');
});

it('counts before it knows: a hundred at once have five places', async () => {
  const said = await Promise.all(Array.from({ length: 100 }, () => attempt(from('S1', '0.0.1'))));
  expect(said.filter((word) => word === 'taken').length).toBe(5);
});

it('gives right ones their place back, but an own account does not open an address for guessing others', async () => {
  const own = from('mine', '0.0.1');
  for (let n = 0; n < 10; n += 1) {
    expect(await attempt(own)).toBe('taken');
    await givePlaceBack(fresh.platform.app, own, now);
  }
  for (let n = 0; n < 50; n += 1) await attempt(from(`S${n}`, '0.0.1'));
  expect(await attempt(own)).toBe('shut');
});

it('takes an IPv6 network of 64 bits for one address', () => {
  expect(networkOf('::ffff:10.1.2.3')).toBe('10.1.2.3');
  expect(networkOf('2001:db8:0:1::7')).toBe(networkOf('2001:db8:0:1:ffff:1:2:3'));
  expect(networkOf('2001:db8::7')).not.toBe(networkOf('2001:db8:0:1::7'));
  expect(networkOf('::1')).toBe('0:0:0:0');
});
