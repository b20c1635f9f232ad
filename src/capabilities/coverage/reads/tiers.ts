import { DEFAULT_TIERS } from '../../closing/contract.ts';

/** The analysis ladder [S4] as pages show it; the index is the stored tier. */
export const TIERS = DEFAULT_TIERS.map(({ id, zh, en, fromFen }, tier) => ({ tier, id, title: { zh, en }, fromFen }));
