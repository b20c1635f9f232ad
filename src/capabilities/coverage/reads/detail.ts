import { z } from 'zod';
import { businessDate, fullYears } from '../../../kernel/business-date.ts';
import { maskAddress, maskIdNumber, maskMobile } from '../../../kernel/mask.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import { type Secrets, unseal } from '../../../platform/secrets.ts';
import { holdings } from '../../closing/index.ts';
import { type customerDetail, RAISED_HOW } from '../contract.ts';
import { chainOf, toTurn } from './chain.ts';
import { customerAverage } from './curve.ts';
import type { StandingRow } from './customers.ts';
import { staffRefOf, unitRefOf } from './refs.ts';
import { toCustomerRow, type View, viewFor } from './view.ts';

/** Everything the customer page shows of one customer, masked. The customer must be open to the transaction. */
export async function customerDetailOf(
  tx: Tx,
  row: StandingRow,
  secrets: Secrets,
  today: string,
): Promise<Omit<z.input<typeof customerDetail>, 'may'>> {
  const id = row.customer_id;
  const person = await tx.db.selectFrom('customers.customer').selectAll().where('customer_id', '=', id).executeTakeFirst();
  const history = await chainOf(tx, id);
  const raised = await tx.db
    .selectFrom('coverage.raised_by')
    .selectAll()
    .where('customer_id', '=', id)
    .orderBy('on_date')
    .execute();
  const people = [...history, ...raised].map((item) => item.staff_id);
  const view = await viewFor(tx, [row.lead_staff, row.joint_staff, ...people]);
  const average = await customerAverage(tx, id);
  return {
    ...toCustomerRow(view, row),
    mobile: person?.mobile_sealed ? maskMobile(unseal(secrets, person.mobile_sealed)) : null,
    idNumber: person?.id_number_sealed ? maskIdNumber(unseal(secrets, person.id_number_sealed)) : null,
    address: person?.address_sealed ? maskAddress(person.district) : null,
    gender: person?.gender ?? null,
    age: person?.birth_date ? fullYears(businessDate(person.birth_date), businessDate(today)) : null,
    occupation: person?.occupation ?? null,
    riskLevel: person?.risk_level ?? null,
    riskExpiresOn: person?.risk_expires_on ?? null,
    formerRisk: await formerRiskOf(tx, id),
    openedOn: person?.opened_on ?? null,
    closedOn: person?.closed_on ?? null,
    mergedInto: person?.merged_into ?? null,
    averageFen: average?.fen ?? 0,
    averageDays: average?.days ?? 0,
    holdings: await holdingsOf(tx, view, id),
    history: history.map((turn) => toTurn(view, turn)),
    raisedBy: raised.flatMap((item) => {
      const staff = staffRefOf(view.staff, item.staff_id);
      return staff === null ? [] : [{ staff, how: z.enum(RAISED_HOW).parse(item.how), on: item.on_date }];
    }),
  };
}

const FORMER_SHOWN = 6;

async function formerRiskOf(tx: Tx, id: string): Promise<z.input<typeof customerDetail>['formerRisk']> {
  const rows = await tx.db
    .selectFrom('customers.former_risk')
    .select(['risk_level', 'until'])
    .where('customer_id', '=', id)
    .orderBy('until', 'desc')
    .limit(FORMER_SHOWN)
    .execute();
  return rows.map((row) => ({ level: row.risk_level, until: row.until }));
}

async function holdingsOf(tx: Tx, view: View, id: string): Promise<z.input<typeof customerDetail>['holdings']> {
  const held = await holdings(tx, id);
  const products = await tx.db.selectFrom('products.product').select(['code', 'name', 'category']).execute();
  const productOf = new Map(products.map((product) => [product.code, product]));
  return held
    .sort((a, b) => b.balanceFen - a.balanceFen)
    .map(({ outletId, productCode, balanceFen, maturesOn }) => ({
      outlet: unitRefOf(view.units, outletId) ?? { id: outletId, name: outletId, level: 'outlet' },
      productCode,
      productName: productOf.get(productCode)?.name ?? productCode,
      category: productOf.get(productCode)?.category ?? '',
      balanceFen,
      maturesOn,
    }));
}
