import type { BusinessDate } from '../../../kernel/business-date.ts';
import { canonicalJson } from '../../../kernel/digest.ts';
import { isTalk } from './contact.ts';
import type { Facts } from './facts.ts';
import type { Want } from './follow.ts';

/** How a follow-up ended: settled by a talk, its cause gone, its time over with nothing done, or left with a reason. */
export type Ending = 'done' | 'gone' | 'lapsed' | 'left';

/** A follow-up as it is kept. */
export interface Kept extends Want {
  readonly state: 'open' | Ending;
}

/** What must change for the kept ones to be what the rules call for. */
export type Change =
  | { readonly kind: 'open'; readonly want: Want }
  | { readonly kind: 'renew'; readonly want: Want }
  | {
      readonly kind: 'close';
      readonly rule: string;
      readonly cause: string;
      readonly ending: Ending;
      readonly contactId: string | null;
    };

/**
 * Compares what is kept of one customer with what the rules call for today. Nothing is made twice: rule and cause name a follow-up for
 * good. One that ended by itself opens again when it is called for again; one that somebody left with a reason stays left.
 */
export function reconcile(kept: readonly Kept[], wants: readonly Want[], facts: Facts, day: BusinessDate): Change[] {
  const wanted = new Map(wants.map((want) => [nameOf(want), want]));
  const known = new Map(kept.map((row) => [nameOf(row), row]));
  const opened = wants.flatMap((want): Change[] => {
    const row = known.get(nameOf(want));
    if (row === undefined) return [{ kind: 'open', want }];
    if (row.state === 'left' || (row.state === 'open' && isSame(row, want))) return [];
    return [{ kind: 'renew', want }];
  });
  const closed = kept
    .filter((row) => row.state === 'open' && !wanted.has(nameOf(row)))
    .map((row): Change => ({ kind: 'close', rule: row.rule, cause: row.cause, ...endingOf(row, facts, day) }));
  return [...opened, ...closed];
}

function nameOf({ rule, cause }: Pick<Want, 'rule' | 'cause'>): string {
  return `${rule} ${cause}`;
}

function isSame(row: Want, want: Want): boolean {
  return (
    row.staffId === want.staffId &&
    row.seat === want.seat &&
    row.due === want.due &&
    row.since === want.since &&
    row.stakeFen === want.stakeFen &&
    row.priority === want.priority &&
    canonicalJson(row.because) === canonicalJson(want.because)
  );
}

function endingOf(row: Kept, facts: Facts, day: BusinessDate): { readonly ending: Ending; readonly contactId: string | null } {
  const talk = facts.contacts.findLast((contact) => isTalk(contact) && contact.on >= row.since);
  if (talk !== undefined) return { ending: 'done', contactId: talk.contactId };
  return { ending: day > row.due ? 'lapsed' : 'gone', contactId: null };
}
