import type { JS } from '@duckdb/node-api';
import { todayOf } from '../../kernel/business-date.ts';
import { point } from '../../platform/crash.ts';
import type { CopyCell } from '../../platform/db/copy.ts';
import type { Tx } from '../../platform/db/transaction.ts';
import { spell } from '../../platform/pinyin.ts';
import { type Secrets, seal, searchKey } from '../../platform/secrets.ts';
import {
  type Applying,
  type BadRow,
  batchesOf,
  type FeedTaker,
  flagCell,
  holdAgain,
  numberCell,
  openHeld,
  type Rows,
  rowsOf,
  SHAPES,
  takeHeld,
  textCell,
} from '../feed/index.ts';
import { lastFour } from './identity.ts';
import { mergeCycles } from './rules/merge.ts';
import { clearStage, saveStaged, stageCustomers, stagedAmong } from './store.ts';

/**
 * Told in the transaction when customers have changed. `customers.stage_customer` holds the import's rows: those that are new or
 * changed, whole; and those that go, with a null name.
 */
export type CustomersChanged = (tx: Tx, importId: string) => Promise<void>;

async function checkCustomers({ duck }: Rows): Promise<BadRow[]> {
  const closed = await rowsOf(duck, 'SELECT line, closed_on::VARCHAR AS closed_on FROM next WHERE closed_on < opened_on');
  const merged = await rowsOf(
    duck,
    'SELECT a.id, a.merged_into, coalesce(n.line, 0) AS line FROM "after" a LEFT JOIN next n ON n.id = a.id WHERE a.merged_into IS NOT NULL',
  );
  const lines = new Map(merged.map((row) => [String(row.id), Number(row.line)]));
  const cyclic = mergeCycles(new Map(merged.map((row) => [String(row.id), String(row.merged_into)])));
  // A cycle closes with a row of this file; rows that stood before are not to blame.
  const blamed = cyclic.filter((id) => (lines.get(id) ?? 0) > 0);
  return [
    ...closed.map(
      (row): BadRow => ({
        line: Number(row.line),
        column: 'closed_on',
        text: String(row.closed_on),
        code: 'closed-before-opened',
      }),
    ),
    ...(blamed.length > 0 ? blamed : cyclic.slice(0, 1)).map(
      (id): BadRow => ({ line: lines.get(id) ?? 0, column: 'merged_into', text: id, code: 'merge-cycle' }),
    ),
  ];
}

const QUERY = `SELECT line, id, name, id_type, id_number, mobile, birth_date::VARCHAR, gender, occupation, industry, district, longitude,
  latitude, address, risk_level, risk_expires_on::VARCHAR, opened_on::VARCHAR, closed_on::VARCHAR, merged_into, consent_phone, consent_sms,
  consent_wecom, household_id FROM next`;

/** One row for the staging table: names spelled for search, personal numbers sealed and hashed. */
function customerRow(importId: string, secrets: Secrets, row: readonly JS[]): CopyCell[] {
  const [
    line,
    id,
    nameCell,
    idType,
    idCell,
    mobileCell,
    born,
    gender,
    occupation,
    industry,
    district,
    longitude,
    latitude,
    addressCell,
  ] = row;
  const [riskLevel, riskExpires, opened, closed, merged, phone, sms, wecom, household] = row.slice(14);
  const name = textCell(nameCell) ?? '';
  const spelling = spell(name);
  const idNumber = textCell(idCell);
  const mobile = textCell(mobileCell);
  const address = textCell(addressCell);
  const sealed = (text: string | null) => (text === null ? null : seal(secrets, text));
  return [
    importId,
    numberCell(line),
    textCell(id),
    name,
    spelling.pinyin,
    spelling.initials,
    textCell(idType),
    sealed(idNumber),
    idNumber === null ? null : searchKey(secrets, 'id', idNumber),
    sealed(mobile),
    mobile === null ? null : searchKey(secrets, 'mobile', mobile),
    mobile === null ? null : lastFour(mobile),
    textCell(born),
    textCell(gender),
    textCell(occupation),
    textCell(industry),
    textCell(district),
    numberCell(longitude),
    numberCell(latitude),
    sealed(address),
    textCell(riskLevel),
    textCell(riskExpires),
    textCell(opened),
    textCell(closed),
    textCell(merged),
    flagCell(phone),
    flagCell(sms),
    flagCell(wecom),
    textCell(household),
  ];
}

async function* customerRows(work: Applying): AsyncGenerator<CopyCell[][]> {
  for await (const rows of batchesOf(work.duck, QUERY)) {
    yield rows.map((row) => customerRow(work.importId, work.secrets, row));
    point('feed.staged');
  }
}

async function applyCustomers(work: Applying, changed: CustomersChanged): Promise<void> {
  const { tx, importId, now } = work;
  const gone = (await rowsOf(work.duck, 'SELECT id FROM gone')).map((row) => String(row.id));
  await stageCustomers(tx, importId, customerRows(work), gone);
  point('feed.staging.full');
  await saveStaged(tx, importId, todayOf(now));
  point('feed.apply.half');
  // Positions that waited for these customers count from now on; those whose customer goes wait again.
  await takeHeld(tx, await stagedAmong(tx, importId, await openHeld(tx)), now);
  await holdAgain(tx, gone);
  await changed(tx, importId);
  await clearStage(tx, importId);
}

export function customersTaker(changed: CustomersChanged): FeedTaker {
  return {
    shape: SHAPES.customers,
    kind: 'upsert',
    references: [{ column: 'merged_into', feed: 'customers', code: 'unknown-customer' }],
    check: checkCustomers,
    apply: (work) => applyCustomers(work, changed),
  };
}
