import { Readable } from 'node:stream';
import pg from 'pg';
import { feedDesk } from '../../src/app/feeds.ts';
import type { ImportOptions, ImportRecord } from '../../src/capabilities/feed/contract.ts';
import { type Desk, takeFile } from '../../src/capabilities/feed/index.ts';
import { businessDate } from '../../src/kernel/business-date.ts';
import { COMMAND_LINE } from '../../src/platform/audit/index.ts';
import { type FreshPlatform, freshPlatform } from '../support/database.ts';

export interface Sender {
  readonly desk: Desk;
  readonly ownerUrl: string;
  /** Sends lines as a file, in one go. */
  readonly send: (fileName: string, text: string, more?: SendOptions) => Promise<ImportRecord>;
  readonly rows: (sql: string) => Promise<Record<string, unknown>[]>;
  readonly close: FreshPlatform['close'];
}

export interface SendOptions extends Partial<ImportOptions> {
  readonly date?: string;
  readonly control?: string;
}

/** A bank of one's own to which files can be sent, on 1 July 2026. */
export async function openSender(): Promise<Sender> {
  const fresh = await freshPlatform(() => new Date('2026-07-01T04:00:00Z'));
  const desk = feedDesk(fresh.platform);
  // The tests' server is their own: its owner may look at everything.
  const owner = new pg.Pool({ connectionString: fresh.ownerUrl, max: 1, types: fresh.platform.worker.options.types });
  owner.on('error', () => undefined);
  return {
    desk,
    ownerUrl: fresh.ownerUrl,
    close: async () => {
      await owner.end();
      await fresh.close();
    },
    send: (fileName, text, { date, control, ...options } = {}) =>
      takeFile(desk, COMMAND_LINE, {
        fileName,
        stream: Readable.from([Buffer.from(text)]),
        control,
        date: date === undefined ? undefined : businessDate(date),
        options: { tolerateBp: 0, holdUnknown: false, direct: true, ...options },
      }),
    rows: async (sql) => (await owner.query(sql)).rows,
  };
}

export const UNITS = `id,name,level,parent_id,district
0,示例银行,head-office,,
1,华东分行,branch,0,上海市
11,浦东支行,sub-branch,1,浦东新区
111,陆家嘴网点,outlet,11,浦东新区
112,张江网点,outlet,11,浦东新区
12,分行营业部,outlet,1,黄浦区
`;
export const STAFF = `id,name,org_unit_id,role,share,hired_on,left_on
S1,王小明,111,理财经理,,2020-01-01,
S2,单雄信,112,大堂经理,0.5,2021-03-01,
S3,李离职,111,柜员,,2019-01-01,2025-12-31
`;
export const PRODUCTS = `code,name,category,risk_rating,term_days
D1,活期存款,活期,,
L1,住房贷款,贷款,,3600
W1,稳健理财,理财,R2,90
`;
export const CUSTOMERS = `id,name,id_number,mobile,opened_on,closed_on,merged_into
C1,赵一,990101199001011234,10012345678,2020-01-01,,
C2,钱二,,10012345679,2020-01-01,,
C3,孙三,,,2020-01-01,2026-06-01,
C4,李四,,,2020-01-01,,C1
`;
export const POSITIONS = `customer_id,outlet_id,product_code,balance
C1,111,D1,1000.50
C1,112,W1,50000
C2,12,D1,20
`;

/** Sends the four files that positions stand on. */
export async function sendBasics(sender: Sender): Promise<void> {
  for (const [name, text] of Object.entries({
    'org-units.csv': UNITS,
    'staff.csv': STAFF,
    'products.csv': PRODUCTS,
    'customers.csv': CUSTOMERS,
  })) {
    const record = await sender.send(name, text);
    if (record.state !== 'accepted') throw new Error(`${name}: ${JSON.stringify(record.problems)}`);
  }
}
