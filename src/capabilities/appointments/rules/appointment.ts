import { addDays, startOfDay, todayOf } from '../../../kernel/business-date.ts';

export interface Hour {
  readonly from: Date;
  readonly to: Date;
}

/** Whether two stretches of time share an instant. One that ends when the other begins does not. */
export function overlaps(a: Hour, b: Hour): boolean {
  return a.from < b.to && b.from < a.to;
}

/** An appointment lies ahead, and within a year. */
const AHEAD_DAYS = 366;

/** Why an hour can't be agreed: it is over, or too far away; undefined = it can. */
export function unfit({ from }: Hour, now: Date): 'past' | 'far' | undefined {
  if (from <= now) return 'past';
  return todayOf(from) > addDays(todayOf(now), AHEAD_DAYS) ? 'far' : undefined;
}

export type State = 'planned' | 'kept' | 'missed' | 'cancelled';
export type Step = 'move' | 'keep' | 'miss' | 'cancel';

/**
 * What may be done with an appointment: until its day it can be moved or cancelled; from its day on it was kept or missed as well. What is
 * over stays as it is.
 */
export function steps(state: State, { from }: Hour, now: Date): readonly Step[] {
  if (state !== 'planned') return [];
  return startOfDay(from) <= now ? ['keep', 'miss', 'move', 'cancel'] : ['move', 'cancel'];
}
