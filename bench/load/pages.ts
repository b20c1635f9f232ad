import { z } from 'zod';
import type { Random } from '../../src/kernel/random.ts';
import type { Visit } from './visit.ts';

type Page = (visit: Visit, random: Random) => Promise<unknown>;

const list = z.object({ items: z.array(z.object({ customerId: z.string() })) });
const found = z.object({ seat: z.string(), candidates: z.array(z.object({ staffId: z.string(), problem: z.unknown() })) });
const made = z.object({ transferId: z.string() });

async function openList(visit: Visit): Promise<void> {
  const page = list.safeParse(await visit.get('list', '/api/customers?limit=50'));
  if (page.success) visit.customers = page.data.items.map((row) => row.customerId);
}

async function someone(visit: Visit, random: Random): Promise<string | undefined> {
  if (visit.customers.length === 0) await openList(visit);
  return visit.customers.length === 0 ? undefined : random.pick(visit.customers);
}

/** What the customer's page asks for when it opens. */
const customer: Page = async (visit, random) => {
  const id = await someone(visit, random);
  if (id === undefined) return undefined;
  return Promise.all([
    visit.get('customer', `/api/customers/${id}`),
    visit.get('why', `/api/customers/${id}/why`),
    visit.get('curve', `/api/customers/${id}/curve`),
  ]);
};

const search: Page = (visit, random) => {
  const letters = [...'abcdfghjlmqstwxyz'];
  const initials = [1, 2, 3].map(() => random.pick(letters)).join('');
  return visit.get('search', `/api/customers/search?limit=20&q=${initials}`);
};

const reveal: Page = async (visit, random) => {
  const id = await someone(visit, random);
  return id === undefined
    ? undefined
    : visit.post('reveal', `/api/customers/${id}/reveal`, { field: 'mobile', purpose: 'contact' });
};

/** Asks for a transfer to somebody eligible, and takes it back. */
const transfer: Page = async (visit, random) => {
  const id = await someone(visit, random);
  if (id === undefined) return;
  const candidates = found.safeParse(await visit.get('candidates', `/api/customers/${id}/candidates`));
  const to = candidates.success ? candidates.data.candidates.find((one) => one.problem === null) : undefined;
  if (to === undefined) return;
  const body = { customerId: id, seat: 'lead', toStaff: to.staffId, reason: 'customer-wish', words: '负载测试' };
  const asked = made.safeParse(await visit.post('transfer', '/api/transfers', body));
  if (asked.success) await visit.post('withdraw', `/api/transfers/${asked.data.transferId}/withdraw`);
};

const overview: Page = (visit) => visit.get('overview', '/api/overview');
const portfolios: Page = (visit) => visit.get('portfolios', '/api/portfolios?limit=50');
const transfers: Page = (visit) => visit.get('transfers', '/api/transfers?limit=50');

/** In a hundred pages of somebody: how many of each. */
type Mix = readonly (readonly [number, Page])[];

const MANAGER: Mix = [
  [25, openList],
  [45, customer],
  [12, search],
  [6, overview],
  [5, portfolios],
  [3, transfers],
  [3, reveal],
  [1, transfer],
];
const HEAD: Mix = [
  [25, overview],
  [25, openList],
  [25, customer],
  [10, search],
  [8, portfolios],
  [7, transfers],
];
const HEADS = new Set(['outlet-head', 'sub-branch-head', 'branch-admin', 'auditor']);

/** One page of what somebody of the role does in a day. */
export function openPage(visit: Visit, random: Random): Promise<unknown> {
  const mix = HEADS.has(visit.member.role) ? HEAD : MANAGER;
  let left = random.int(0, 99);
  for (const [share, page] of mix) {
    if (left < share) return page(visit, random);
    left -= share;
  }
  throw new Error('the shares of a mix are less than a hundred');
}

/** What every open window asks each minute. */
export function ringBell(visit: Visit): Promise<unknown> {
  return visit.get('bell', '/api/notices?limit=1');
}
