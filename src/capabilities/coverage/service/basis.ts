import { z } from 'zod';
import type { BusinessDate } from '../../../kernel/business-date.ts';
import { digestOf } from '../../../kernel/digest.ts';
import type { Words } from '../../../kernel/refusal.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import { lastClosedDay } from '../../closing/index.ts';

/** What a simulation stood on, each part by a digest: equal parts, equal facts. */
export const basisSchema = z.object({
  scheme: z.string(),
  day: z.string(),
  lastDay: z.string(),
  staff: z.string(),
  units: z.string(),
  customers: z.string(),
  assignments: z.string(),
});
export type Basis = z.infer<typeof basisSchema>;

interface Row {
  readonly value: string;
}

async function one(tx: Tx, sql: string, values: readonly unknown[] = []): Promise<string> {
  const { rows } = await tx.client.query<Row>(sql, [...values]);
  return rows[0]?.value ?? '';
}

/** The basis as it is now, for a run on a day. Open assignments are summed up by hash: the order of rows plays no part. */
export async function readBasis(tx: Tx, schemeDigest: string, day: BusinessDate): Promise<Basis> {
  return {
    scheme: schemeDigest,
    day: await one(tx, 'select digest as value from closing.day where business_date = $1', [day]),
    lastDay: (await lastClosedDay(tx)) ?? '',
    staff: await one(
      tx,
      `select md5(string_agg(concat_ws('|', id, org_unit_id, role, share_bp, coalesce(hired_on::text, '-'), coalesce(left_on::text, '-')), ';' order by id)) as value
         from organisation.staff`,
    ),
    units: await one(
      tx,
      `select md5(string_agg(concat_ws('|', id, level, coalesce(parent_id, '-')), ';' order by id)) as value from organisation.org_unit`,
    ),
    customers: await one(
      tx,
      `select count(*) || ':' || coalesce(max(accept_no), 0) as value from feed.import where feed = 'customers' and state = 'accepted'`,
    ),
    assignments: await one(
      tx,
      `select count(*) || ':' || coalesce(sum(hashtextextended(customer_id || '|' || seat || '|' || staff_id || '|' || portfolio, 0)), 0) as value
         from coverage.assignment where to_date is null`,
    ),
  };
}

export function basisDigest(basis: Basis): string {
  return digestOf(basis);
}

const CHANGES: Readonly<Record<keyof Basis, Words>> = {
  scheme: { zh: '方案', en: 'the scheme' },
  day: { zh: '该日的日终数据（重算过）', en: 'the day’s closing (worked out anew)' },
  lastDay: { zh: '又有新的日终', en: 'another day has been closed' },
  staff: { zh: '人员名单', en: 'the staff' },
  units: { zh: '机构', en: 'the organisation' },
  customers: { zh: '客户资料（新的导入）', en: 'customers (a new import)' },
  assignments: { zh: '管户关系', en: 'assignments' },
};
const PARTS = basisSchema.keyof().options;

/** What is no longer as it was. */
export function changesOf(was: Basis, is: Basis): Words[] {
  return PARTS.filter((part) => was[part] !== is[part]).map((part) => CHANGES[part]);
}
