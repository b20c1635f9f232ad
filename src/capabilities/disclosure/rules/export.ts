export const EXPORT_KINDS = [
  'portfolio',
  'portfolio-on',
  'run',
  'handover',
  'group',
  'follow-ups',
  'work-log',
  'vip-overview',
  'customer-register',
  'sales',
  'plan',
] as const;
export const EXPORT_STATES = ['requested', 'approved', 'rejected', 'withdrawn', 'taken', 'expired'] as const;
export type ExportState = (typeof EXPORT_STATES)[number];
export const EXPORT_ACTIONS = ['fetch', 'approve', 'reject', 'withdraw'] as const;
export type ExportAction = (typeof EXPORT_ACTIONS)[number];

/** What an export is for, as its requester chooses it. */
export const EXPORT_PURPOSE_IDS = ['review', 'handover', 'inspection', 'report', 'other'] as const;

/** With more rows than this somebody else has to agree. */
export const ROWS_WITHOUT_APPROVAL = 1_000;
const FETCH_HOURS = 24;

export function fetchableUntil(now: Date): Date {
  return new Date(now.getTime() + FETCH_HOURS * 3_600_000);
}

/** Whether a file may still be fetched is a question of time as well. */
export function stateOf(stored: string, expiresAt: Date | null, now: Date): ExportState {
  const state = EXPORT_STATES.find((known) => known === stored) ?? 'rejected';
  return state === 'approved' && expiresAt !== null && expiresAt <= now ? 'expired' : state;
}

/** What somebody may do next with an export that they see. Nobody agrees to what they asked for. */
export function mayDoWithExport(
  { state, requestedBy }: { readonly state: ExportState; readonly requestedBy: string },
  {
    staffId,
    identities,
    approves,
  }: { readonly staffId: string; readonly identities: readonly string[]; readonly approves: boolean },
): ExportAction[] {
  const own = requestedBy === staffId;
  if (state === 'approved') return own ? ['fetch', 'withdraw'] : [];
  if (state !== 'requested') return [];
  if (own) return ['withdraw'];
  return approves && !identities.includes(requestedBy) ? ['approve', 'reject'] : [];
}
