/** VIPs are customers of 200,000 yuan and more: below, the source leaves them to the tellers [S0]. */
export const VIP_FROM_FEN = 20_000_000;

/** With so many VIPs on the list a teller stands in the talent pool for sales and relationship managers [S0]. */
export const TALENT_POOL_AT = 50;

/** Assets in fen when the teller got the customer, and now: raised is who was below VIP then and is one now. */
export function isRaised({ beganFen, nowFen }: { readonly beganFen: number; readonly nowFen: number }): boolean {
  return beganFen < VIP_FROM_FEN && nowFen >= VIP_FROM_FEN;
}

export const KEEP_STATES = ['requested', 'agreed', 'refused', 'withdrawn'] as const;
export type KeepState = (typeof KEEP_STATES)[number];
export const KEEP_ACTIONS = ['agree', 'refuse', 'withdraw'] as const;
export type KeepAction = (typeof KEEP_ACTIONS)[number];

/** What somebody may do next with a request that they see: who asked withdraws it, another one who decides agrees or refuses. */
export function mayDoWithKeep(
  { state, staffId }: { readonly state: KeepState; readonly staffId: string },
  by: { readonly staffId: string; readonly identities: readonly string[]; readonly decides: boolean },
): KeepAction[] {
  if (state !== 'requested') return [];
  if (staffId === by.staffId) return ['withdraw'];
  return by.decides && !by.identities.includes(staffId) ? ['agree', 'refuse'] : [];
}
