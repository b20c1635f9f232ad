import type { Tx } from '../../../platform/db/transaction.ts';
import { DEFAULT_TIERS } from '../../closing/contract.ts';
import { lastClosedDay } from '../../closing/index.ts';
import { viewFor } from '../../coverage/index.ts';
import type { RuleGround } from './compile.ts';

/** What rules are asked against as of the newest closed day; undefined before there is one. */
export async function ruleGround(tx: Tx): Promise<RuleGround | undefined> {
  const day = await lastClosedDay(tx);
  if (day === undefined) return undefined;
  const { units, scheme } = await viewFor(tx, []);
  return {
    day,
    tiers: new Map(DEFAULT_TIERS.map(({ id }, tier) => [id, tier])),
    bands: new Map((scheme?.bands ?? []).map(({ id, band }) => [id, band])),
    units: new Map([...units.values()].map(({ id, unit_no, last_no }) => [id, { lo: unit_no, hi: last_no }])),
  };
}
