import type { BusinessDate } from '../../../../kernel/business-date.ts';
import type { Trigger } from '../catalogue.ts';
import type { Facts, SeatFact } from '../facts.ts';
import type { Found } from '../spell.ts';
import { arrival, dormant, falling } from './assets.ts';
import { atRisk, nearUpgrade } from './bands.ts';
import { complaint, firstContact, promise, standard, task, unreachable, untouched } from './contacts.ts';
import { birthday, maturity, riskAssessment } from './dates.ts';
import { profile, staleAddress } from './profile.ts';

type Kinds = {
  readonly [K in Trigger['kind']]: (
    trigger: Extract<Trigger, { kind: K }>,
    facts: Facts,
    day: BusinessDate,
    seat: SeatFact,
  ) => Found;
};

const KINDS: Kinds = {
  standard,
  maturity,
  birthday,
  'at-risk': atRisk,
  'near-upgrade': nearUpgrade,
  falling,
  arrival,
  unreachable,
  'stale-address': staleAddress,
  'risk-assessment': riskAssessment,
  dormant,
  untouched,
  'first-contact': firstContact,
  complaint,
  promise,
  task,
  profile,
};

/** Looks for what a trigger is about. Spells that begin after today are given too: they say when to ask again. */
export function findSpells<K extends Trigger['kind']>(
  trigger: Extract<Trigger, { kind: K }>,
  facts: Facts,
  day: BusinessDate,
  seat: SeatFact,
): Found {
  const kind: K = trigger.kind;
  return KINDS[kind](trigger, facts, day, seat);
}
