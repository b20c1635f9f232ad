export const LIFT_STEPS = ['ask', 'confirm', 'keep'] as const;
/** Lifting a lock early: one asks, another one confirms, or it is kept. */
export type LiftStep = (typeof LIFT_STEPS)[number];

interface Lifting {
  readonly liftAskedBy: string | null;
  readonly liftedBy: string | null;
}

/** What stands against a step of somebody with the right, who are also whom they stand in for. */
export function againstLift({ liftAskedBy, liftedBy }: Lifting, identities: readonly string[], step: LiftStep) {
  if (liftedBy !== null) return 'lock-unknown';
  if (step === 'ask') return liftAskedBy === null ? undefined : 'lift-asked';
  if (liftAskedBy === null) return 'lift-not-asked';
  return step === 'confirm' && identities.includes(liftAskedBy) ? 'lift-two-people' : undefined;
}

/** What somebody with the right may do next about a period. */
export function mayLift(period: Lifting, identities: readonly string[]): LiftStep[] {
  return LIFT_STEPS.filter((step) => againstLift(period, identities, step) === undefined);
}
