import { createHash } from 'node:crypto';
import { z } from 'zod';
import { addDays, businessDate, todayOf } from '../../kernel/business-date.ts';
import type { Words } from '../../kernel/refusal.ts';
import { audit } from '../../platform/audit/index.ts';
import { openCustomer, scoped, type Tx } from '../../platform/db/transaction.ts';
import { askedDay, nothing, pageQuery } from '../../platform/http/page.ts';
import { type AnyRoute, type Ctx, defineFileRoute, defineRoute, refusedWith } from '../../platform/http/route.ts';
import { workbook } from '../../platform/tables/download.ts';
import { type auditEntrySchema, auditPage, kindsSchema, unusualSchema } from './contract.ts';
import { type EntryFilter, type EntryRow, isVisible, listEntries, type PersonRow, peopleOf, sumLooks } from './reads.ts';
import { type Reason, unusualLooks } from './rules/unusual.ts';
import { KIND_WORDS, kindWords } from './words.ts';

const MISSING = ['not-found', '没有找到，或者不在您的范围内。', 'Not found, or not within your scope.'] as const;
/** Days that are looked through when nobody says otherwise. */
const USUAL_DAYS = 30;
const EXPORT_PAGE = 1_000;
const EXPORT_MOST = 100_000;

const period = { from: askedDay.optional(), to: askedDay.optional() };
const filters = z.strictObject({
  staffId: z.string().max(64).optional(),
  kind: z.string().max(40).optional(),
  customerId: z.string().max(64).optional(),
  ...period,
});

function daysOf(ctx: Ctx, { from, to }: { from?: string | undefined; to?: string | undefined }) {
  const last = to ?? todayOf(ctx.platform.now());
  return { from: from ?? addDays(businessDate(last), 1 - USUAL_DAYS), to: last };
}

/** Opens the customer that is asked for; false when there is none in scope. */
async function openAsked(tx: Tx, customerId: string | undefined): Promise<boolean> {
  if (customerId === undefined) return true;
  if (!(await isVisible(tx, customerId))) return false;
  await openCustomer(tx, customerId);
  return true;
}

const personOf = (people: ReadonlyMap<string, PersonRow>, id: string) => ({
  staffId: id,
  name: people.get(id)?.name ?? null,
  unitName: people.get(id)?.unit_name ?? null,
});

function toEntry(people: ReadonlyMap<string, PersonRow>, row: EntryRow): z.input<typeof auditEntrySchema> {
  return {
    entryId: row.entry_id,
    at: row.at.toISOString(),
    actor: personOf(people, row.actor),
    onBehalfOf: row.on_behalf_of === null ? null : personOf(people, row.on_behalf_of),
    role: row.role,
    origin: row.origin,
    kind: row.kind,
    what: kindWords(row.kind),
    subject: row.subject,
    customerId: row.customer_id,
    purpose: row.purpose,
    details: row.body,
  };
}

const read = (ctx: Ctx, subject: string, query: Readonly<Record<string, unknown>>, count: number) =>
  ctx.looked({ kind: 'audit.read', subject, body: { count, filter: Object.keys(query) } });

const entries = defineRoute({
  method: 'GET',
  url: '/api/audit/entries',
  name: 'listAuditEntries',
  summary: '审计记录：谁在什么时候看过、改过什么',
  permission: 'audit.read',
  params: nothing,
  query: pageQuery.extend(filters.shape),
  body: nothing,
  response: auditPage,
  refusals: { 'not-found': 404 },
  handler: (ctx, { query }) =>
    scoped(ctx.platform.app, ctx.person.scope, async (tx) => {
      if (!(await openAsked(tx, query.customerId))) return refusedWith(...MISSING);
      const page = await listEntries(tx, { ...query, ...daysOf(ctx, query) }, query);
      const people = await peopleOf(
        tx,
        page.items.flatMap((row) => [row.actor, row.on_behalf_of]),
      );
      read(ctx, 'entries', query, page.items.length);
      return { items: page.items.map((row) => toEntry(people, row)), next: page.next };
    }),
});

const kinds = defineRoute({
  method: 'GET',
  url: '/api/audit/kinds',
  name: 'listAuditKinds',
  summary: '审计记录的种类',
  permission: 'audit.read',
  params: nothing,
  query: nothing,
  body: nothing,
  response: kindsSchema,
  refusals: {},
  handler: async () => ({ items: Object.entries(KIND_WORDS).map(([kind, what]) => ({ kind, what })) }),
});

function reasonWords(reason: Reason): Words {
  if (reason.kind === 'outside')
    return {
      zh: `看了 ${reason.customers} 位不归自己管的客户，同岗位的中位数是 ${reason.median} 位`,
      en: `Opened ${reason.customers} customers of others; the median of the role is ${reason.median}`,
    };
  if (reason.kind === 'night')
    return { zh: `22 时至次日 6 时查看 ${reason.looks} 次`, en: `Looked ${reason.looks} times between 22:00 and 6:00` };
  return {
    zh: `${reason.leftOn} 离岗前看了 ${reason.customers} 位客户，导出 ${reason.exported} 行`,
    en: `Before leaving on ${reason.leftOn}: opened ${reason.customers} customers, exported ${reason.exported} rows`,
  };
}

const unusual = defineRoute({
  method: 'GET',
  url: '/api/audit/unusual',
  name: 'listUnusualLooks',
  summary: '异常查看：看得多、夜里看、离岗前看',
  permission: 'audit.read',
  params: nothing,
  query: z.strictObject(period),
  body: nothing,
  response: z.object({ from: z.string(), to: z.string(), people: z.int(), items: z.array(unusualSchema) }),
  refusals: {},
  handler: (ctx, { query }) =>
    scoped(ctx.platform.app, ctx.person.scope, async (tx) => {
      const days = daysOf(ctx, query);
      const { looks, people } = await sumLooks(tx, days.from, days.to);
      const found = unusualLooks(looks);
      read(ctx, 'unusual', query, found.length);
      return {
        ...days,
        people: looks.length,
        items: found.map(({ actor, reasons, ...rest }) => ({
          ...rest,
          actor: personOf(people, actor),
          reasons: reasons.map((reason) => ({ kind: reason.kind, text: reasonWords(reason) })),
        })),
      };
    }),
});

const text = (name: string) => ({ name, type: 'text' as const });
const COLUMNS = [
  '时间（北京）',
  '人员编号',
  '姓名',
  '机构',
  '代办',
  '岗位',
  '来自',
  '事项',
  '对象',
  '客户号',
  '用途',
  '说明',
].map(text);
const beijing = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium', timeZone: 'Asia/Shanghai' });

async function* cellsOf(tx: Tx, filter: EntryFilter, told: (digest: string) => void) {
  const hash = createHash('sha256');
  let after: string | undefined;
  let rows = 0;
  do {
    const page = await listEntries(tx, filter, { after, limit: EXPORT_PAGE });
    const people = await peopleOf(
      tx,
      page.items.map((row) => row.actor),
    );
    const cells = page.items.map((row) => [
      beijing.format(row.at),
      row.actor,
      people.get(row.actor)?.name ?? null,
      people.get(row.actor)?.unit_name ?? null,
      row.on_behalf_of,
      row.role,
      row.origin,
      kindWords(row.kind).zh,
      row.subject,
      row.customer_id,
      row.purpose,
      JSON.stringify(row.body),
    ]);
    for (const line of cells) hash.update(`${JSON.stringify(line)}\n`);
    rows += cells.length;
    yield cells;
    after = page.next ?? undefined;
  } while (after !== undefined && rows < EXPORT_MOST);
  told(hash.digest('hex'));
}

const exported = defineFileRoute({
  url: '/api/audit/export.xlsx',
  name: 'exportAudit',
  summary: '导出审计记录，供检查使用',
  permission: 'audit.read',
  params: nothing,
  query: filters,
  refusals: { 'not-found': 404 },
  handler: (ctx, { query }) =>
    scoped(ctx.platform.app, ctx.person.scope, async (tx) => {
      if (!(await openAsked(tx, query.customerId))) return refusedWith(...MISSING);
      const days = daysOf(ctx, query);
      let digest = '';
      const batches = cellsOf(tx, { ...query, ...days }, (made) => {
        digest = made;
      });
      const { file, rows } = await workbook(`审计-${days.from}-${days.to}.xlsx`, COLUMNS, batches);
      await audit(tx, ctx.actor, { kind: 'audit.exported', subject: 'entries', body: { rows, digest, ...days } });
      return file;
    }),
});

export const AUDIT_ROUTES: readonly AnyRoute[] = [entries, kinds, unusual, exported];
