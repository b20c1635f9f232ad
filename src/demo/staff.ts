import { addDays, type BusinessDate, daysBetween } from '../kernel/business-date.ts';
import { type Random, seededRandom } from '../kernel/random.ts';
import { personName } from './names.ts';
import type { Organisation, Outlet, Unit } from './units.ts';

/** Roles of DOMAIN §1. */
type Role =
  | 'sub-branch-head'
  | 'outlet-head'
  | 'wealth-advisor'
  | 'wealth-manager'
  | 'lobby-manager'
  | 'loan-manager'
  | 'remote-manager'
  | 'marketing-supervisor'
  | 'teller'
  | 'operations-supervisor'
  | 'branch-admin'
  | 'auditor'
  | 'system-admin';

export interface StaffMember {
  readonly id: string;
  readonly name: string;
  readonly unitId: string;
  readonly role: Role;
  readonly grade: string;
  /** Empty = full time; `0.5` = half. */
  readonly share: string;
  readonly hiredOn: BusinessDate;
  readonly leftOn: BusinessDate | '';
}

/** A post to fill: what is not said is a full-time member who was there all the time. */
interface Post {
  readonly role: Role;
  readonly half?: boolean;
  readonly leaves?: boolean;
  readonly joins?: boolean;
}

const GRADES: Partial<Record<Role, readonly string[]>> = {
  'wealth-manager': ['初级', '中级', '高级', '资深'],
  'loan-manager': ['初级', '中级', '高级'],
  'remote-manager': ['初级', '中级'],
  teller: ['高柜', '低柜'],
};

const times = (count: number, role: Role): Post[] => Array.from({ length: count }, () => ({ role }));

/** Every seventh outlet from the fourth on has no wealth-manager: its wealthy customers wait for one. */
const lacksWealthManager = (nth: number) => nth % 7 === 3;
/** Every ninth outlet from the fifth on grants loans without a loan-manager. */
const lacksLoanManager = (nth: number) => nth % 9 === 4;
/** Every seventh outlet from the sixth on has one lobby-manager on half time. */
const halfLobby = (nth: number) => nth % 7 === 5;
/** Every eleventh outlet from the seventh on loses its only lobby-manager during the window. */
const lobbyLeaves = (nth: number) => nth % 11 === 6;

/** An outlet's posts by its place in the list: some pools are short on purpose and some rich, so that the product has something to say. */
function outletPosts(outlet: Outlet, nth: number): Post[] {
  const posts: Post[] = [...times(1, 'outlet-head'), ...times(1, 'marketing-supervisor'), ...times(1, 'operations-supervisor')];
  if (!lacksWealthManager(nth)) posts.push(...times(outlet.flagship ? 3 : nth % 5 === 2 ? 2 : 1, 'wealth-manager'));
  if (nth % 8 === 1) posts.push({ role: 'wealth-manager', leaves: true });
  if (nth % 10 === 8) posts.push({ role: 'wealth-manager', joins: true });
  if (halfLobby(nth)) posts.push({ role: 'lobby-manager', half: true });
  else if (lobbyLeaves(nth)) posts.push({ role: 'lobby-manager', leaves: true });
  else posts.push(...times(nth % 4 === 2 ? 2 : 1, 'lobby-manager'));
  if (!lacksLoanManager(nth)) posts.push(...times(outlet.flagship ? 2 : 1, 'loan-manager'));
  posts.push(...times(outlet.flagship ? 4 : 2 + (nth % 2), 'teller'));
  if (nth % 6 === 2) posts.push({ role: 'teller', leaves: true }, { role: 'teller', joins: true });
  return posts;
}

/** The second branch's only remote-manager joins during the window; the last sub-branch has no head. */
function upperPosts(unit: Unit, nthBranch: number, lastSubBranch: string): Post[] {
  if (unit.level === 'head-office') return [...times(1, 'branch-admin'), ...times(1, 'system-admin'), ...times(1, 'auditor')];
  if (unit.level === 'sub-branch') return unit.id === lastSubBranch ? [] : times(1, 'sub-branch-head');
  const remote: Post[] =
    nthBranch === 1 ? [{ role: 'remote-manager', joins: true }] : times(nthBranch === 0 ? 2 : 1, 'remote-manager');
  return [...times(nthBranch === 0 ? 2 : 1, 'wealth-advisor'), ...remote, ...times(1, 'branch-admin'), ...times(1, 'auditor')];
}

function hire(
  post: Post,
  unit: Unit,
  nth: number,
  window: { from: BusinessDate; to: BusinessDate },
  random: Random,
): StaffMember {
  const isMale = random.next() < 0.42;
  const span = daysBetween(window.from, window.to);
  const during = addDays(window.from, Math.floor(span * (0.5 + random.next() * 0.3)));
  return {
    id: `E${String(nth + 1).padStart(6, '0')}`,
    name: personName(random, isMale),
    unitId: unit.id,
    role: post.role,
    grade: GRADES[post.role] ? random.pick(GRADES[post.role] ?? []) : '',
    share: post.half ? '0.5' : random.next() < 0.5 ? '1' : '',
    hiredOn: post.joins ? during : addDays(window.from, -random.int(200, 6000)),
    leftOn: post.leaves ? during : '',
  };
}

/** Everyone who works at the bank at some time of the window, unit by unit. */
export function staffOf(
  organisation: Organisation,
  window: { from: BusinessDate; to: BusinessDate },
  seed: string,
): StaffMember[] {
  const random = seededRandom(`${seed}:staff`);
  const nthOutlet = new Map(organisation.outlets.map((outlet, i) => [outlet.unit.id, i]));
  const subBranches = organisation.units.filter((unit) => unit.level === 'sub-branch');
  const lastSubBranch = subBranches.length > 1 ? (subBranches.at(-1)?.id ?? '') : '';
  const branches = organisation.units.filter((unit) => unit.level === 'branch').map((unit) => unit.id);
  const staff: StaffMember[] = [];
  for (const unit of organisation.units) {
    const nth = nthOutlet.get(unit.id);
    const outlet = nth === undefined ? undefined : organisation.outlets[nth];
    const posts = outlet ? outletPosts(outlet, nth ?? 0) : upperPosts(unit, branches.indexOf(unit.id), lastSubBranch);
    for (const post of posts) staff.push(hire(post, unit, staff.length, window, random));
  }
  return staff;
}
