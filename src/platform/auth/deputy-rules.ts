import type { Role } from './roles.ts';

/** Who is to stand in, or be stood in for. */
export interface Member {
  readonly staffId: string;
  readonly role: Role;
  readonly branchId: string | null;
}

export type DeputyProblem = 'deputy-same' | 'deputy-role' | 'deputy-unit' | 'deputy-days' | 'deputy-overlaps' | 'deputy-chain';

/** Days that one deputy may last; longer than a quarter is a change of posts. */
export const MOST_DAYS = 93;

/** Roles that are nobody's to lend: they check others, or run the system. */
const NOT_LENT: ReadonlySet<Role> = new Set(['auditor', 'system-admin']);

/** Whether one may stand in for the other: the same branch, and administration only among itself (nobody holds it beside business, SECURITY 17). */
export function deputyProblem(absent: Member, deputy: Member): DeputyProblem | undefined {
  if (absent.staffId === deputy.staffId) return 'deputy-same';
  if (NOT_LENT.has(absent.role) || NOT_LENT.has(deputy.role)) return 'deputy-role';
  if ((absent.role === 'branch-admin') !== (deputy.role === 'branch-admin')) return 'deputy-role';
  return absent.branchId === deputy.branchId ? undefined : 'deputy-unit';
}

export const DEPUTY_ACTIONS = ['approve', 'refuse', 'end'] as const;
export type DeputyAction = (typeof DEPUTY_ACTIONS)[number];

export interface Deputyship {
  readonly absent: string;
  readonly deputy: string;
  readonly state: string;
  readonly toDate: string;
  readonly proposedBy: string;
}

interface Asker {
  readonly identities: readonly string[];
  /** May decide on changes of portfolios, and the absent person's unit is theirs. */
  readonly heads: boolean;
  readonly today: string;
}

/** What a person may do next: decide on what others proposed about others; end what runs or is to come, as one of the two or as a head. */
export function mayDoDeputy(one: Deputyship, { identities, heads, today }: Asker): DeputyAction[] {
  const involved = [one.absent, one.deputy, one.proposedBy].some((id) => identities.includes(id));
  if (one.state === 'proposed') return heads ? (involved ? ['refuse'] : ['approve', 'refuse']) : [];
  if (one.state !== 'approved' || one.toDate < today) return [];
  return heads || identities.includes(one.absent) || identities.includes(one.deputy) ? ['end'] : [];
}
