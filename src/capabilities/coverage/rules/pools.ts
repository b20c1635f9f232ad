import type { AllocationStaff, AllocationUnit } from './allocation-types.ts';
import type { POOL_LEVELS, PoolLevel } from './covering-roles.ts';
import { type Band, bandsAscending, portfolioOf, type Scheme, type Seat, type SeatSlot, type StaffEntry } from './scheme.ts';

/** A seat of a scheme in the order in which seats are served. */
export interface SeatPlan {
  readonly no: number;
  readonly slot: SeatSlot;
  /** Ascending band index. */
  readonly band: number;
  readonly bandId: string;
  readonly seatNo: number;
  readonly seat: Seat;
  readonly portfolio: string;
  readonly mustCover: boolean;
}

/** Seats in serving order: all lead seats before all joint ones (a joint seat must avoid the lead), rich bands first, then as written. */
export function planSeats(scheme: Scheme): SeatPlan[] {
  const bands = bandsAscending(scheme).map((band, index) => ({ band, index }));
  const slots: readonly SeatSlot[] = ['lead', 'joint'];
  const plans = slots.flatMap((slot) =>
    [...bands]
      .reverse()
      .flatMap(({ band, index }) =>
        band.seats.flatMap((seat, seatNo) => (seat.seat === slot ? [{ slot, ...planOf(band, index, seat, seatNo) }] : [])),
      ),
  );
  return plans.map((plan, no) => ({ no, ...plan }));
}

function planOf(band: Band, index: number, seat: Seat, seatNo: number) {
  return { band: index, bandId: band.band, seatNo, seat, portfolio: portfolioOf(band, seat), mustCover: band.cover === 'all' };
}

/** Whether the seat's condition lets in a customer of this home outlet and loan flag. */
export function seatTakes(seat: Seat, hasLoan: boolean, outletId: string): boolean {
  if (seat.when?.has_loan !== undefined && seat.when.has_loan !== hasLoan) return false;
  return seat.when?.home_outlet === undefined || seat.when.home_outlet.includes(outletId);
}

/** For each unit the unit at each level that it lies in (itself included), -1 where there is none. */
export function ancestors(units: readonly AllocationUnit[]): Readonly<Record<PoolLevel, Int32Array>> {
  const at = { outlet: empty(units.length), 'sub-branch': empty(units.length), branch: empty(units.length) };
  units.forEach((_unit, start) => {
    for (let i = start, hops = 0; i >= 0; i = units[i]?.parent ?? -1, hops++) {
      if (hops > 64) throw new RangeError(`units form a circle at ${units[start]?.id}`);
      const level = units[i]?.level;
      if (level !== undefined && level !== 'head-office') at[level][start] = i;
    }
  });
  return at;
}

function empty(length: number): Int32Array {
  return new Int32Array(length).fill(-1);
}

/** A person in a pool with what the seat gives them. Limits are Infinity where there are none. */
export interface Member {
  readonly staff: number;
  readonly weight: bigint;
  readonly initial: number;
  readonly atMost: number;
}

/** Active staff by the unit of a level that they lie in, each list by id: the same whatever the order of the input. */
export type Roster = Readonly<Record<PoolLevel, ReadonlyMap<number, readonly number[]>>>;

export function rosterOf(staff: readonly AllocationStaff[], at: Readonly<Record<PoolLevel, Int32Array>>): Roster {
  const byId = staff.map((_person, i) => i).sort((a, b) => ((staff[a]?.id ?? '') < (staff[b]?.id ?? '') ? -1 : 1));
  const levels: Record<PoolLevel, Map<number, number[]>> = { outlet: new Map(), 'sub-branch': new Map(), branch: new Map() };
  for (const i of byId) {
    const person = staff[i];
    if (!person?.active) continue;
    for (const level of ['outlet', 'sub-branch', 'branch'] as const satisfies readonly (keyof typeof POOL_LEVELS)[]) {
      const unit = at[level][person.unit] ?? -1;
      if (unit < 0) continue;
      const list = levels[level].get(unit);
      if (list) list.push(i);
      else levels[level].set(unit, [i]);
    }
  }
  return levels;
}

/** The people of a seat among `people` (active staff of the pool's unit, by id), with weights and limits; nobody twice. */
export function membersOf(scheme: Scheme, seat: Seat, people: readonly number[], staff: readonly AllocationStaff[]): Member[] {
  const taken = new Set<number>();
  const entries = seat.staff.map((entry) => {
    const persons = entryPeople(scheme, entry, people, staff).filter((person) => !taken.has(person));
    for (const person of persons) taken.add(person);
    return { share: BigInt(entry.share ?? 1), shared: entry.share !== undefined, persons, sum: sumOfShares(persons, staff) };
  });
  const filled = entries.filter((entry) => entry.persons.length > 0);
  const members = filled.flatMap((entry) => {
    // With shares, an entry's people divide its percentage by their own share; one common denominator keeps it whole.
    const others = filled.reduce((product, other) => (other === entry || !entry.shared ? product : product * other.sum), 1n);
    return entry.persons.map((person) => memberOf(seat, person, staff[person]?.shareBp ?? 10_000, entry.share * others));
  });
  const id = (member: Member) => staff[member.staff]?.id ?? '';
  return members.sort((a, b) => (id(a) < id(b) ? -1 : 1));
}

function memberOf(seat: Seat, staff: number, shareBp: number, factor: bigint): Member {
  const atMost = seat.limit?.at_most ?? seat.limit?.initial ?? Infinity;
  const initial = Math.min(seat.limit?.initial ?? atMost, atMost);
  return { staff, weight: BigInt(shareBp) * factor, initial: limitOf(initial, shareBp), atMost: limitOf(atMost, shareBp) };
}

/** A part-timer's limit is that part of the full one, rounded down; nobody's limit is higher than the scheme's. */
export function limitOf(limit: number, shareBp: number): number {
  return limit === Infinity || shareBp >= 10_000 ? limit : Math.floor((limit * shareBp) / 10_000);
}

function sumOfShares(persons: readonly number[], staff: readonly AllocationStaff[]): bigint {
  return persons.reduce((sum, person) => sum + BigInt(staff[person]?.shareBp ?? 0), 0n);
}

function entryPeople(scheme: Scheme, entry: StaffEntry, people: readonly number[], staff: readonly AllocationStaff[]): number[] {
  if (entry.role) return people.filter((person) => staff[person]?.role === entry.role);
  return groupPeople(scheme, entry.group, people, staff, 0);
}

function groupPeople(
  scheme: Scheme,
  name: string | undefined,
  people: readonly number[],
  staff: readonly AllocationStaff[],
  depth: number,
): number[] {
  const group = scheme.groups?.find((candidate) => candidate.group === name);
  if (!group || depth > 8) return [];
  const without = new Set(group.except ? groupPeople(scheme, group.except, people, staff, depth + 1) : []);
  const rest = people.filter((person) => !without.has(person));
  for (const role of group.first_of ?? []) {
    const holders = rest.filter((person) => staff[person]?.role === role);
    // The fullest share leads; among equals the smallest id, so that the lead does not change by chance.
    const lead = holders.toSorted((a, b) => (staff[b]?.shareBp ?? 0) - (staff[a]?.shareBp ?? 0))[0];
    if (lead !== undefined) return [lead];
  }
  return rest.filter((person) => group.any_of?.some((role) => role === staff[person]?.role));
}
