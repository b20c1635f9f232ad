import type { BusinessDate } from '../../../kernel/business-date.ts';
import type { Catalogue, Rule } from './catalogue.ts';
import { isMeeting, isTalk } from './contact.ts';
import { assetsOf, type Facts, type SeatFact } from './facts.ts';
import type { Because, Spell } from './spell.ts';
import { findSpells } from './triggers/index.ts';

/** A follow-up that the rules call for. */
export interface Want {
  readonly rule: string;
  readonly cause: string;
  readonly seat: SeatFact['seat'];
  readonly staffId: string;
  readonly due: BusinessDate;
  /** A talk on this day or later settles it, where talks do. */
  readonly since: BusinessDate;
  readonly stakeFen: number;
  readonly priority: number;
  readonly because: Because;
}

/** What the rules call for on a day, and the next day on which they may call for something else though nothing new is known. */
export interface Called {
  readonly wants: readonly Want[];
  readonly wakeOn: BusinessDate | null;
}

/** What all rules call for, of one customer on one day. Same facts, same day: same answer. */
export function followUpsOn({ rules }: Catalogue, facts: Facts, day: BusinessDate): Called {
  const wants: Want[] = [];
  let wakeOn: BusinessDate | null = null;
  const wake = (on: BusinessDate | null) => {
    if (on !== null && on > day && (wakeOn === null || on < wakeOn)) wakeOn = on;
  };
  for (const rule of rules) {
    const seat = seatFor(rule, facts);
    if (seat === undefined) continue;
    const { spells, knownUntil } = findSpells(rule.trigger, facts, day, seat);
    wake(knownUntil);
    for (const spell of spells) {
      if (isSettled(rule, facts, spell)) continue;
      wake(spell.from);
      wake(spell.until);
      if (spell.from <= day && (spell.until === null || day < spell.until)) wants.push(toWant(rule, seat, spell, facts));
    }
  }
  return { wants, wakeOn };
}

/** The seat that a rule speaks to; none when nobody of its roles covers the customer or the customer's assets are out of its range. */
function seatFor(rule: Rule, facts: Facts): SeatFact | undefined {
  const assets = assetsOf(facts);
  if (assets < (rule.assets_from_yuan ?? 0) * 100) return undefined;
  if (rule.assets_below_yuan !== undefined && assets >= rule.assets_below_yuan * 100) return undefined;
  return facts.seats.find((seat) => rule.roles.some((role) => role === seat.role));
}

/** A talk since it began settles what talks settle; a standard asks for one by the role that it is set for. */
function isSettled(rule: Rule, facts: Facts, spell: Spell): boolean {
  if (rule.settled_by === 'cause') return false;
  const counts = rule.settled_by === 'meeting' ? isMeeting : isTalk;
  return facts.contacts.some(
    (contact) =>
      contact.on >= spell.since &&
      counts(contact) &&
      (rule.trigger.kind !== 'standard' || rule.roles.some((role) => role === contact.role)),
  );
}

function toWant(rule: Rule, seat: SeatFact, spell: Spell, facts: Facts): Want {
  const { cause, due, since, because } = spell;
  const stakeFen = spell.stakeFen > 0 ? spell.stakeFen : assetsOf(facts);
  const { seat: place, staffId } = seat;
  return { rule: rule.rule, cause, seat: place, staffId, due, since, stakeFen, priority: rule.priority, because };
}
