import type { Selectable } from 'kysely';
import type { z } from 'zod';
import { fenFromDb } from '../../../kernel/money.ts';
import { refuse } from '../../../kernel/refusal.ts';
import { audit } from '../../../platform/audit/index.ts';
import type { LedgersCorrection, LedgersSale } from '../../../platform/db/schema.gen.ts';
import { scoped, type Tx, unscoped } from '../../../platform/db/transaction.ts';
import type { Ctx } from '../../../platform/http/route.ts';
import type { correctionInput, correctionStep } from '../contract.ts';
import { saleSeen } from '../reads/sales.ts';
import { mayDoWithCorrection } from '../rules/correction.ts';
import { amountsOf, sharesUnfit } from '../rules/share.ts';

type Sale = Selectable<LedgersSale>;
type Correction = Selectable<LedgersCorrection>;
const missing = () => refuse('not-found', '没有找到，或者不在您的范围内。', 'Not found, or not within your scope.');
const changed = () =>
  refuse(
    'sale-changed',
    '这笔销售已经变更，或已有待审核的更正，请刷新。',
    'This sale has changed, or a correction of it waits already: please refresh.',
  );

/** Asks that a sale count for others, or not at all. It changes nothing until somebody who has no part in it agrees. */
export async function askCorrection(
  ctx: Ctx,
  named: { readonly customerId: string; readonly saleId: string },
  wish: z.output<typeof correctionInput>,
): Promise<void> {
  const { platform, person, actor } = ctx;
  const { customerId, saleId } = named;
  const seen = await scoped(platform.app, person.scope, (tx) => saleSeen(tx, person.scope, customerId, saleId));
  if (!seen) return missing();
  await unscoped(platform.worker, async (tx) => {
    const sale = await lockSale(tx, customerId, saleId);
    if (sale === undefined) return changed();
    if (!wish.reverse) refuseUnfit(sale, wish.shares);
    const waiting = await tx.db
      .selectFrom('ledgers.correction')
      .select('correction_id')
      .where('customer_id', '=', customerId)
      .where('sale_id', '=', saleId)
      .where('state', '=', 'asked')
      .executeTakeFirst();
    if (waiting?.correction_id === wish.correctionId) return;
    if (waiting !== undefined) return changed();
    await tx.db
      .insertInto('ledgers.correction')
      .values({
        ...{ customer_id: customerId, correction_id: wish.correctionId, sale_id: saleId, version: sale.version },
        ...{ unit_no: sale.unit_no, reverse: wish.reverse, words: wish.words, state: 'asked' },
        ...{ seller_bp: wish.shares.seller, referrer_bp: wish.shares.referrer },
        ...{ claimer_bp: wish.shares.claimer, coverer_bp: wish.shares.coverer },
        ...{ asked_by: actor.staffId, asked_at: platform.now() },
      })
      .execute();
    await setWaiting(tx, sale, true);
    const body = { saleId, reverse: wish.reverse, shares: wish.shares };
    await audit(tx, actor, { kind: 'sale.correction-asked', subject: wish.correctionId, customerId, body });
  });
}

function lockSale(tx: Tx, customerId: string, saleId: string): Promise<Sale | undefined> {
  return tx.db
    .selectFrom('ledgers.sale')
    .selectAll()
    .where('customer_id', '=', customerId)
    .where('sale_id', '=', saleId)
    .where('state', '=', 'stands')
    .forUpdate()
    .executeTakeFirst();
}

async function setWaiting(tx: Tx, sale: Sale, waiting: boolean): Promise<void> {
  await tx.db
    .updateTable('ledgers.sale')
    .set({ waiting })
    .where('customer_id', '=', sale.customer_id)
    .where('sale_id', '=', sale.sale_id)
    .where('version', '=', sale.version)
    .execute();
}

function peopleOf(sale: Sale) {
  return { seller: sale.staff_id, referrer: sale.referrer, claimer: sale.claimer, coverer: sale.coverer };
}

function refuseUnfit(sale: Sale, shares: z.output<typeof correctionInput>['shares']): void {
  const why = sharesUnfit(shares, peopleOf(sale));
  if (why === 'sum') refuse('shares-unfit', '各份额之和须为 100%。', 'The shares must add up to 100 %.');
  if (why !== undefined)
    refuse('shares-unfit', '没有对应人员的一方不能分得份额。', 'A part that nobody has cannot have a share.', { part: why });
  if (shares.seller === sale.seller_bp && shares.referrer === sale.referrer_bp && shares.claimer === sale.claimer_bp)
    refuse('shares-unfit', '份额没有变化。', 'The shares are what they are already.');
}

/** Agrees to a correction, refuses it or takes it back. What is agreed to becomes a version of the sale of its own. */
export async function stepCorrection(
  ctx: Ctx,
  named: { readonly customerId: string; readonly correctionId: string },
  { step, note }: z.output<typeof correctionStep>,
): Promise<void> {
  const { platform, person, actor } = ctx;
  await unscoped(platform.worker, async (tx) => {
    const row = await lockCorrection(tx, ctx, named);
    const sale = await lockSale(tx, row.customer_id, row.sale_id);
    const people = sale === undefined ? [] : Object.values(peopleOf(sale));
    const decides = person.permissions.has('transfers.decide') && covers(person.scope, row.unit_no);
    const may = mayDoWithCorrection({ state: row.state, askedBy: row.asked_by, people }, { ...person, decides });
    if (!may.includes(step))
      refuse(
        'not-yours-to-decide',
        '这笔更正现在不能由您这样处理：申请人和分得份额的人不能审核。',
        'This is not for you to do now: neither who asked nor who has a part in the sale decides.',
      );
    const state = ({ agree: 'agreed', refuse: 'refused', withdraw: 'withdrawn' } as const)[step];
    if (sale !== undefined) await setWaiting(tx, sale, false);
    if (step === 'agree') {
      if (sale === undefined || sale.version !== row.version) return changed();
      await carryOut(tx, ctx, sale, row);
    }
    await tx.db
      .updateTable('ledgers.correction')
      .set({ state, decided_by: actor.staffId, decided_at: platform.now(), note })
      .where('customer_id', '=', row.customer_id)
      .where('correction_id', '=', row.correction_id)
      .execute();
    const about = { subject: row.correction_id, customerId: row.customer_id };
    await audit(tx, actor, { kind: `sale.correction-${state}`, ...about, body: { saleId: row.sale_id, askedBy: row.asked_by } });
  });
}

const covers = ({ lo, hi = lo }: Ctx['person']['scope'], unitNo: number): boolean =>
  lo !== undefined && hi !== undefined && unitNo >= lo && unitNo <= hi;

async function lockCorrection(
  tx: Tx,
  { person }: Ctx,
  { customerId, correctionId }: { readonly customerId: string; readonly correctionId: string },
): Promise<Correction> {
  const row = await tx.db
    .selectFrom('ledgers.correction')
    .selectAll()
    .where('customer_id', '=', customerId)
    .where('correction_id', '=', correctionId)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined || (row.asked_by !== person.staffId && !covers(person.scope, row.unit_no))) return missing();
  return row;
}

async function carryOut(tx: Tx, { platform, actor }: Ctx, sale: Sale, row: Correction): Promise<void> {
  const at = platform.now();
  await tx.db
    .updateTable('ledgers.sale')
    .set({ state: row.reverse ? 'reversed' : 'replaced', ended_by: actor.staffId, ended_at: at })
    .where('customer_id', '=', sale.customer_id)
    .where('sale_id', '=', sale.sale_id)
    .where('version', '=', sale.version)
    .execute();
  if (row.reverse) return;
  const shares = { seller: row.seller_bp, referrer: row.referrer_bp, claimer: row.claimer_bp, coverer: row.coverer_bp };
  const parts = amountsOf(fenFromDb(sale.amount_fen), shares);
  await tx.db
    .insertInto('ledgers.sale')
    .values({
      ...sale,
      ...{ version: sale.version + 1, waiting: false, source: 'correction', recorded_by: row.asked_by, recorded_at: at },
      ...{ seller_bp: shares.seller, referrer_bp: shares.referrer, claimer_bp: shares.claimer, coverer_bp: shares.coverer },
      ...{ seller_fen: parts.seller, referrer_fen: parts.referrer, claimer_fen: parts.claimer, coverer_fen: parts.coverer },
    })
    .execute();
}
