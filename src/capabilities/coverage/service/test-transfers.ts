import type { FreshPlatform } from '../../../../test/support/database.ts';
import { businessDate } from '../../../kernel/business-date.ts';
import { COMMAND_LINE } from '../../../platform/audit/index.ts';
import { type Person, personById } from '../../../platform/auth/session.ts';
import { openTestBank, type TestBank } from '../../closing/test-bank.ts';
import { applyRun } from './apply.ts';
import { saveScheme } from './schemes.ts';
import { simulate } from './simulate.ts';
import { addCustomers, closeWithCoverage, forgetCoverage, foundBranch, schemeText } from './test-branch.ts';
import { type Asking, decideTransfer, requestTransfer } from './transfers.ts';

/** Whoever acts in a case, with all that sessions and audit know of them. */
export type Acting = Asking & { readonly person: Person };

/** Three managers of O1, W1a–W1c, with at most eleven customers each, and 32 customers among them: one place is left. */
export interface TransferBank {
  readonly bank: TestBank;
  readonly ids: readonly string[];
  readonly reset: () => Promise<void>;
  readonly close: (day: string) => Promise<void>;
  readonly as: (staffId: string) => Promise<Acting>;
  readonly rows: <T>(sql: string) => Promise<T[]>;
  readonly one: <T>(sql: string) => Promise<T>;
  /** Managers of O1 by how many they have, most first; the last one has room for one. */
  readonly managers: () => Promise<string[]>;
  readonly customersOf: (staffId: string) => Promise<string[]>;
  readonly leadOf: (customerId: string) => Promise<string | null>;
  readonly asks: (who: string, customerId: string, toStaff: string | null, on?: string) => Promise<string>;
  readonly does: (who: string, action: 'approve' | 'reject' | 'withdraw', transferId: string) => Promise<void>;
}

export async function openTransferBank(fresh: FreshPlatform): Promise<TransferBank> {
  const bank = await openTestBank(fresh);
  const { platform } = fresh;
  const ids = Array.from({ length: 32 }, (_, i) => `C${String(i + 1).padStart(2, '0')}`);
  const sent = ids.map((customerId, i) => ({ customerId, outletId: 'O1', productCode: 'D', balanceFen: 200_000n + BigInt(i) }));
  const rows = async <T>(sql: string) => (await bank.dump(sql)) as T[];
  const one = async <T>(sql: string) => (await rows<T>(sql))[0] as T;
  const as = async (staffId: string): Promise<Acting> => {
    const person = await personById(platform.app, staffId, platform.now());
    if (person === undefined) throw new Error(`nobody is ${staffId}`);
    return { person, actor: { staffId, role: person.role, unitNo: person.unitNo, requestId: 'test' } };
  };
  const close = async (text: string) => {
    const day = businessDate(text);
    await bank.send(day, false, sent);
    await closeWithCoverage(platform, day);
  };
  const reset = async () => {
    await forgetCoverage(bank);
    await bank.dump(
      'truncate coverage.transfer, coverage.transfer_batch, coverage.raised_by, coverage.keep, coverage.lock_period, platform.notice',
    );
    await bank.reset();
    await foundBranch(bank);
    await bank.dump(`insert into organisation.staff (id, name, pinyin, initials, org_unit_id, role, share_bp) values
      ('W1c', 'W1c', '', '', 'O1', 'wealth-manager', 10000), ('OH1', '网点负责人', '', '', 'O1', 'outlet-head', 10000),
      ('OH2', '外网点负责人', '', '', 'O2', 'outlet-head', 10000), ('ADM', '分行管理', '', '', 'B', 'branch-admin', 10000)`);
    await addCustomers(bank, ids);
    await close('2026-01-10');
    const scheme = await saveScheme(platform, COMMAND_LINE, schemeText({ initial: 10, atMost: 11 }));
    const runId = await simulate(platform, COMMAND_LINE, { scheme, date: businessDate('2026-01-10') });
    await applyRun(platform, COMMAND_LINE, { runId });
  };
  return {
    ...{ bank, ids, reset, close, as, rows, one },
    managers: async () =>
      (
        await rows<{ id: string }>(
          "select staff_id as id from coverage.portfolio where portfolio = 'middle/wealth-manager' and customers > 0 order by customers desc, staff_id",
        )
      ).map((row) => row.id),
    customersOf: async (staffId) =>
      (
        await rows<{ id: string }>(`select customer_id as id from coverage.by_staff where staff_id = '${staffId}' order by 1`)
      ).map((row) => row.id),
    leadOf: async (customerId) =>
      (await one<{ lead: string | null }>(`select lead_staff as lead from coverage.standing where customer_id = '${customerId}'`))
        .lead,
    asks: async (who, customerId, toStaff, on) =>
      requestTransfer(platform, await as(who), {
        ...{ customerId, seat: 'lead', toStaff, reason: 'relation', words: '客户更熟悉' },
        ...(on === undefined ? {} : { on }),
      }),
    does: async (who, action, transferId) => decideTransfer(platform, await as(who), { transferId, action, note: '同意' }),
  };
}

/** A rejection with this code. */
export const refusedAs = (code: string) => ({ refusal: { code } });
