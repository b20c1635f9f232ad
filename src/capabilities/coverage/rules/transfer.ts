import type { Words } from '../../../kernel/refusal.ts';
import type { AllocationStaff, AllocationUnit } from './allocation-types.ts';
import { POOL_LEVELS } from './covering-roles.ts';
import { ancestors, membersOf, rosterOf, seatTakes } from './pools.ts';
import { bandsAscending, portfolioOf, type Scheme, type Seat, type SeatSlot, seatRoles, seatTitle } from './scheme.ts';

export const TRANSFER_REASON_IDS = ['staff-change', 'customer-wish', 'relation', 'balance', 'correction', 'other'] as const;
/** A claim is not chosen as a reason, it is made. */
export const CLAIM_REASON = 'claim' as const;
export type TransferReason = (typeof TRANSFER_REASON_IDS)[number] | typeof CLAIM_REASON;

/** Why a customer goes from one to another, as the requester says it. */
export const TRANSFER_REASONS: Readonly<Record<TransferReason, Words>> = {
  'staff-change': { zh: '人员变动', en: 'Change of staff' },
  'customer-wish': { zh: '客户要求', en: 'The customer’s wish' },
  relation: { zh: '服务关系更近', en: 'Closer relation' },
  balance: { zh: '均衡户数', en: 'Even out portfolios' },
  correction: { zh: '归属有误', en: 'Correction' },
  other: { zh: '其他', en: 'Other' },
  claim: { zh: '认领', en: 'Claim' },
};

/** The words of a stored reason. */
export function transferReasonWords(reason: string): Words {
  const known = ([...TRANSFER_REASON_IDS, CLAIM_REASON] as const).find((id) => id === reason);
  return known === undefined ? { zh: reason, en: reason } : TRANSFER_REASONS[known];
}

/** A carried-out transfer as a sentence of the why card; people by name. */
export function transferWords(done: {
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly reason: string;
  readonly by: string;
  /** Undefined: a claim, which needs nobody's approval. */
  readonly approvedBy: string | undefined;
  readonly on: string;
}): Words {
  const { from, to, by, approvedBy, on } = done;
  if (approvedBy === undefined) return { zh: `${on} 起：${by}认领。`, en: `Claimed by ${by}, from ${on}.` };
  const reason = transferReasonWords(done.reason);
  const zh = to === undefined ? `解除${from ?? ''}的管户` : from === undefined ? `调给${to}` : `由${from}调给${to}`;
  const en =
    to === undefined ? `released from ${from ?? ''}` : from === undefined ? `given to ${to}` : `moved from ${from} to ${to}`;
  return {
    zh: `${on} 起调户：${zh}（${reason.zh}），${by}申请，${approvedBy}审批。`,
    en: `Transferred from ${on}: ${en} (${reason.en}), asked for by ${by}, approved by ${approvedBy}.`,
  };
}

/** What a transfer is decided on: the scheme in force, who works where today, and the customer as they stand. */
export interface TransferGround {
  readonly scheme: Scheme;
  readonly units: readonly AllocationUnit[];
  readonly staff: readonly AllocationStaff[];
  readonly customer: {
    /** Ascending band number, -1 below the lowest. */
    readonly band: number;
    readonly outletId: string | null;
    readonly hasLoan: boolean;
    readonly seats: Readonly<Record<SeatSlot, string | null>>;
  };
  readonly seat: SeatSlot;
}

/** A person who can hold the seat, and in which portfolio; `atMost` is Infinity without a limit. */
export interface Place {
  readonly staffId: string;
  readonly portfolio: string;
  readonly atMost: number;
}

/** Customers that somebody has in a portfolio, for the question whether there is room for one more. */
export type LoadOf = (place: Place) => number;

const no = (code: string, zh: string, en: string) => ({ code, words: { zh, en } });
export type TransferRefusal = ReturnType<typeof no>;

/**
 * The people of the pools that serve this customer's seat, each with the first seat of the band that takes both, ordered by id.
 * Whoever has the other seat or has it already is among them: they are refused by name, not left out.
 */
export function placesFor(ground: TransferGround): Place[] {
  const seats = seatsFor(ground);
  const at = ancestors(ground.units);
  const roster = rosterOf(ground.staff, at);
  const outlet = ground.units.findIndex((unit) => unit.id === ground.customer.outletId);
  const band = bandsAscending(ground.scheme)[ground.customer.band];
  const places = new Map<string, Place>();
  for (const seat of band === undefined || outlet < 0 ? [] : seats) {
    const people = roster[seat.pool].get(at[seat.pool][outlet] ?? -1) ?? [];
    for (const member of membersOf(ground.scheme, seat, people, ground.staff)) {
      const staffId = ground.staff[member.staff]?.id ?? '';
      if (band !== undefined && !places.has(staffId))
        places.set(staffId, { staffId, portfolio: portfolioOf(band, seat), atMost: member.atMost });
    }
  }
  return [...places.values()].sort((a, b) => (a.staffId < b.staffId ? -1 : 1));
}

/** The seats of the customer's band for which the customer qualifies. */
function seatsFor({ scheme, customer, seat }: TransferGround): Seat[] {
  const band = bandsAscending(scheme)[customer.band];
  return (band?.seats ?? []).filter((one) => one.seat === seat && seatTakes(one, customer.hasLoan, customer.outletId ?? ''));
}

/**
 * Whether the person may take the seat: their role fills it for the customer's band, they work in the pool's unit, are on the staff,
 * do not have the customer already in either seat, and have room below the seat's limit. Gives the place, or says what stands against it.
 */
export function checkTaker(ground: TransferGround, staffId: string, loadOf: LoadOf): Place | TransferRefusal {
  const { customer, seat } = ground;
  const closed = seatProblem(ground);
  if (closed !== undefined) return closed;
  if (customer.seats[seat] === staffId)
    return no('same-manager', '该客户现在就由此人管户。', 'This person has the customer already.');
  const other = seat === 'lead' ? 'joint' : 'lead';
  if (customer.seats[other] === staffId)
    return no(
      'has-other-seat',
      '此人已是该客户的另一管户人，主管户与共同管户不能是同一人。',
      'This person has the customer’s other seat; the two cannot be one person.',
    );
  const place = placesFor(ground).find((one) => one.staffId === staffId);
  if (place === undefined) return strangerProblem(ground, staffId);
  if (loadOf(place) >= place.atMost)
    return no(
      'portfolio-full',
      `此人的管户数已达上限 ${place.atMost} 户。`,
      `This person is at the limit of ${place.atMost} customers.`,
    );
  return place;
}

/** Whether anybody at all could take the seat of this customer. */
export function seatProblem(ground: TransferGround): TransferRefusal | undefined {
  const { scheme, customer, units } = ground;
  if (!units.some((unit) => unit.id === customer.outletId))
    return no('no-home-outlet', '客户没有归属网点，不能调户。', 'The customer has no home outlet.');
  if (bandsAscending(scheme)[customer.band] === undefined || seatsFor(ground).length === 0)
    return no(
      'no-such-seat',
      '按现行方案，该客户所在层级没有这个席位。',
      'The scheme in force has no such seat for the customer’s band.',
    );
  return undefined;
}

/** Why somebody is in none of the pools. Whoever works elsewhere and whoever does not exist are told the same. */
function strangerProblem(ground: TransferGround, staffId: string): TransferRefusal {
  const seats = seatsFor(ground);
  const at = ancestors(ground.units);
  const outlet = ground.units.findIndex((unit) => unit.id === ground.customer.outletId);
  const person = ground.staff.find((one) => one.id === staffId);
  const near = seats.filter((seat) => person !== undefined && isIn(at[seat.pool][person.unit], at[seat.pool][outlet]));
  if (person === undefined || near.length === 0) {
    const levels = [...new Set(seats.map((seat) => seat.pool))].map((level) => POOL_LEVELS[level]);
    return no(
      'not-in-pool',
      `此人不在客户归属网点所在${levels.map((level) => level.zh).join('、')}的人员中。`,
      `This person does not work in the customer’s ${levels.map((level) => level.en).join(' or ')}.`,
    );
  }
  if (!person.active) return no('left', '此人已离岗，或尚未到岗。', 'This person is not on the staff today.');
  const titles = seats.map((seat) => seatTitle(ground.scheme, seat));
  const named = { zh: titles.map((title) => title.zh).join('、'), en: titles.map((title) => title.en).join(' or ') };
  const fills = near.some((seat) => seatRoles(ground.scheme, seat).includes(person.role));
  return fills
    ? no(
        'wrong-group',
        `此人不在该席位的人员组中（${named.zh}）。`,
        `This person is not in the group that fills this seat (${named.en}).`,
      )
    : no(
        'wrong-role',
        `此人的岗位不能担任该席位，该席位由${named.zh}担任。`,
        `This person’s role does not fill the seat; it belongs to ${named.en}.`,
      );
}

function isIn(unit: number | undefined, pool: number | undefined): boolean {
  return unit !== undefined && unit >= 0 && unit === pool;
}

/** Whether the seat may be left with nobody: not in a band of which every customer must be covered. */
export function checkRelease({ scheme, customer, seat }: TransferGround): TransferRefusal | undefined {
  if (customer.seats[seat] === null) return no('nobody-there', '该席位现在没有人，无从解除。', 'Nobody holds this seat.');
  const band = bandsAscending(scheme)[customer.band];
  const hasSeat = band?.seats.some((one) => one.seat === seat) === true;
  if (band?.cover === 'all' && hasSeat)
    return no(
      'must-be-covered',
      '该层级要求全部有人管户：只能调给另一个人，不能解除。',
      'Every customer of this band must be covered: hand over to somebody instead.',
    );
  return undefined;
}

export const TRANSFER_ACTIONS = ['approve', 'reject', 'withdraw'] as const;
export type TransferAction = (typeof TRANSFER_ACTIONS)[number];

/** What matters of a transfer and of a person for the question what the person may do with it. */
interface Asked {
  readonly state: string;
  readonly requestedBy: string;
  readonly fromStaff: string | null;
  readonly toStaff: string | null;
  /** Decided on as a whole with others while it waits. */
  readonly batchId: string | null;
}
interface Asker {
  readonly staffId: string;
  /** Themselves, whom they stand in for, and who stands in for them. None of them may be involved. */
  readonly identities: readonly string[];
  readonly decides: boolean;
  readonly seesUnit: boolean;
}

/** Whether somebody decides on what is theirs: asked for by them, coming to them or leaving them, under any of their identities (SECURITY 18). */
export function isInvolved(identities: readonly string[], involved: readonly (string | null)[]): boolean {
  return identities.some((id) => involved.includes(id));
}

/**
 * What a person may do next with a transfer: decide on it when it waits, lies in their unit and they are neither who asked nor one of
 * the two managers ([S3]); withdraw what they asked for until it is carried out. `decides` = may approve transfers, `seesUnit` = its unit is theirs.
 */
export function mayDo(transfer: Asked, { staffId, identities, decides, seesUnit }: Asker): TransferAction[] {
  const { state, requestedBy, fromStaff, toStaff, batchId } = transfer;
  const waits = state === 'requested' && batchId === null;
  const involved = isInvolved(identities, [requestedBy, fromStaff, toStaff]);
  return [
    ...(waits && decides && seesUnit && !involved ? (['approve', 'reject'] as const) : []),
    ...((waits || state === 'scheduled') && requestedBy === staffId ? (['withdraw'] as const) : []),
  ];
}
