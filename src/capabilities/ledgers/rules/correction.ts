/** What somebody may do next with a correction that they see. Nobody agrees to what they asked for, nor to what would count for them. */
export function mayDoWithCorrection(
  { state, askedBy, people }: { readonly state: string; readonly askedBy: string; readonly people: readonly (string | null)[] },
  by: { readonly staffId: string; readonly identities: readonly string[]; readonly decides: boolean },
): ('agree' | 'refuse' | 'withdraw')[] {
  if (state !== 'asked') return [];
  if (askedBy === by.staffId) return ['withdraw'];
  const involved = [askedBy, ...people].some((id) => id !== null && by.identities.includes(id));
  return by.decides && !involved ? ['agree', 'refuse'] : [];
}
