import { z } from 'zod';
import { pageOf } from '../../platform/http/page.ts';

/** Money in answers is whole fen as a JSON number: every total of a bank stays inside 2^53. */
const money = z.number().int().describe('分 fen');
const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
export const words = z.object({ zh: z.string(), en: z.string() });

/** A scheme's name, or one version of it. */
export const schemeRef = z.string().regex(/^[a-z][a-z0-9-]{0,39}(@\d{1,9})?$/);

export const SEATS = ['lead', 'joint'] as const;
export const seatSchema = z.enum(SEATS);

/** A person as lists show them: 姓名 · 岗位 · 网点. */
export const staffRef = z.object({ staffId: z.string(), name: z.string(), role: z.string(), unitName: z.string() });
export const unitRef = z.object({ id: z.string(), name: z.string(), level: z.string() });

/** A band of the active scheme (or of the scheme that an answer is about), ascending; band -1 = below the lowest. */
export const bandRef = z.object({
  band: z.number().int(),
  id: z.string(),
  title: words,
  fromFen: money,
  toFen: money.nullable(),
  hasSeats: z.boolean(),
});
export const tierRef = z.object({ tier: z.number().int(), id: z.string(), title: words, fromFen: money });

// ── overview ──
export const overviewSchema = z.object({
  businessDate: date.nullable(),
  closedAt: z.string().nullable(),
  unit: unitRef,
  /** The units one level down in one's scope, to choose from. */
  children: z.array(unitRef.extend({ customers: z.number(), covered: z.number(), due: z.number() })),
  path: z.array(unitRef),
  scheme: z.object({ schemeId: z.string(), title: words }).nullable(),
  /** Customers in bands that have seats; how many of them somebody covers; both in customers and in assets. */
  due: z.object({ customers: z.number(), assetsFen: money }),
  covered: z.object({ customers: z.number(), assetsFen: money }),
  all: z.object({ customers: z.number(), assetsFen: money }),
  pyramid: z.array(tierRef.extend({ customers: z.number(), assetsFen: money, covered: z.number() })),
  bands: z.array(
    bandRef.extend({ customers: z.number(), assetsFen: money, covered: z.number(), atRisk: z.number(), staffNeeded: z.number() }),
  ),
  /** What needs a decision today, most pressing first; `to` is a path of the web pages. */
  decisions: z.array(z.object({ kind: z.string(), count: z.number(), text: words, to: z.string() })),
});

// ── schemes ──
export const findingSchema = z.object({
  severity: z.enum(['error', 'warning', 'info']),
  code: z.string(),
  path: z.string(),
  line: z.number().nullable(),
  text: words,
});
export const schemeSummary = z.object({
  schemeId: z.string(),
  name: z.string(),
  version: z.number(),
  title: words,
  state: z.enum(['draft', 'active', 'retired']),
  measure: z.string(),
  createdBy: z.string(),
  createdAt: z.string(),
  activatedOn: date.nullable(),
});
export const seatView = z.object({
  seat: seatSchema,
  title: words,
  roles: z.array(z.string()),
  pool: z.string(),
  when: words.nullable(),
  limitInitial: z.number().nullable(),
  limitAtMost: z.number().nullable(),
  share: words.nullable(),
});
export const schemeDetail = schemeSummary.extend({
  source: z.string(),
  graceMonths: z.number(),
  bands: z.array(bandRef.extend({ seats: z.array(seatView) })),
  findings: z.array(findingSchema),
});
/** All customers by average in bins [fromFen, toFen), so that the page can recompute bands while one drags: cut at amounts of two leading digits and at the scheme's limits. Ascending; bins without customers are left out. */
export const histogramSchema = z.object({
  businessDate: date,
  bins: z.array(z.object({ fromFen: money, toFen: money, customers: z.number(), withLoan: z.number(), assetsFen: money })),
  /** Staff who could fill a role, bank-wide and in scope. */
  staff: z.array(z.object({ role: z.string(), count: z.number() })),
});
export const compareSchema = z.object({
  a: schemeSummary,
  b: schemeSummary,
  customers: z.number(),
  /** From band of a to band of b, by band id; only pairs with customers. */
  bandMoves: z.array(
    z.object({ from: z.string().nullable(), to: z.string().nullable(), customers: z.number(), assetsFen: money }),
  ),
  changeBand: z.number(),
  changeManager: z.number(),
  covered: z.object({ a: z.number(), b: z.number() }),
  staffNeeded: z.object({ a: z.number(), b: z.number() }),
  examples: z.array(
    z.object({
      customerId: z.string(),
      name: z.string(),
      averageFen: money,
      fromBand: z.string().nullable(),
      toBand: z.string().nullable(),
      fromStaff: staffRef.nullable(),
      toStaff: staffRef.nullable(),
    }),
  ),
});
export const backtestSchema = z.object({
  from: date,
  to: date,
  /** Customers looked at: every one, or on a large bank every n-th. */
  customers: z.number(),
  every: z.number(),
  /** For each number of grace months: demotions, of those without grace how many it spared and how many it only delayed, and who is still at risk. */
  months: z.array(
    z.object({ graceMonths: z.number(), demotions: z.number(), spared: z.number(), delayed: z.number(), pending: z.number() }),
  ),
});

// ── runs ──
export const RUN_KINDS = ['full', 'nightly'] as const;
export const RUN_STATES = ['simulating', 'simulated', 'applying', 'applied', 'stale', 'discarded'] as const;
/** What a run does, in customers and seats: of the bank, or of the reader's units where those are a part of it. */
export const runCounts = z.object({
  customers: z.number(),
  covered: z.number(),
  uncovered: z.number(),
  kept: z.number(),
  /** With a move budget at most so many; `replaced` = had to go to another manager beyond it, told apart for the whole bank only. */
  moved: z.number(),
  replaced: z.number().default(0),
  fresh: z.number(),
  released: z.number(),
  staffNeeded: z.number(),
});
export const runTotals = runCounts.extend({
  coveredBefore: z.number(),
  assetsFen: money,
  coveredAssetsFen: money,
  coveredAssetsBeforeFen: money,
  bands: z.array(
    bandRef.extend({
      customers: z.number(),
      covered: z.number(),
      uncovered: z.number(),
      capacity: z.number().nullable(),
      staffNeeded: z.number(),
    }),
  ),
  reasons: z.array(z.object({ reason: z.string(), text: words, customers: z.number() })),
});
export const runSummary = z.object({
  runId: z.string(),
  kind: z.enum(RUN_KINDS),
  schemeId: z.string(),
  schemeTitle: words,
  businessDate: date,
  effectiveFrom: date.nullable(),
  moveBudget: z.number().nullable(),
  state: z.enum(RUN_STATES),
  digest: z.string().nullable(),
  createdBy: z.string(),
  createdAt: z.string(),
  appliedBy: z.string().nullable(),
  appliedAt: z.string().nullable(),
  progress: z.object({ done: z.number(), total: z.number(), step: words }).nullable(),
  totals: runCounts.nullable(),
  /** What one may do now; the page shows only these. */
  actions: z.array(z.enum(['apply', 'discard', 'resume', 'export'])),
});
export const runDetail = runSummary.extend({
  totals: runTotals.nullable(),
  /** When stale: what has changed under the simulation. */
  changes: z.array(words),
  /** What applying would write. */
  effect: z.object({ opened: z.number(), ended: z.number(), staff: z.number() }).nullable(),
});
export const poolStaff = staffRef.extend({
  before: z.number(),
  after: z.number(),
  assetsBeforeFen: money,
  assetsAfterFen: money,
  limitInitial: z.number().nullable(),
  limitAtMost: z.number().nullable(),
});
export const runPool = z.object({
  poolNo: z.number(),
  unit: unitRef,
  band: z.number(),
  bandTitle: words,
  seat: seatSchema,
  customers: z.number(),
  covered: z.number(),
  uncovered: z.number(),
  kept: z.number(),
  moved: z.number(),
  fresh: z.number(),
  staffNeeded: z.number(),
  overInitial: z.boolean(),
  staff: z.array(poolStaff),
});
export const decisionRow = z.object({
  customerId: z.string(),
  name: z.string(),
  seat: seatSchema,
  bandTitle: words,
  outlet: unitRef.nullable(),
  averageFen: money,
  before: staffRef.nullable(),
  after: staffRef.nullable(),
  reason: z.string(),
  reasonText: words,
  remedy: words.nullable(),
});

// ── portfolios and customers ──
export const portfolioRow = staffRef.extend({
  unitId: z.string(),
  customers: z.number(),
  cap: z.number().nullable(),
  initial: z.number().nullable(),
  assetsFen: money,
  seats: z.array(z.object({ portfolio: z.string(), title: words, customers: z.number(), cap: z.number().nullable() })),
});
export const customerRow = z.object({
  customerId: z.string(),
  /** Masked. */
  name: z.string(),
  outlet: unitRef.nullable(),
  tier: z.number(),
  tierTitle: words,
  band: z.number(),
  bandTitle: words.nullable(),
  atRisk: z.boolean(),
  hasLoan: z.boolean(),
  noMarketing: z.boolean().describe('不可营销 / nobody may get in touch to sell something'),
  assetsFen: money,
  lead: staffRef.nullable(),
  joint: staffRef.nullable(),
});
/** Who covered a customer from when to when, and the run, transfer or handover that brought it. */
export const chainTurn = z.object({
  seat: seatSchema,
  staff: staffRef,
  from: date,
  to: date.nullable(),
  bandTitle: words,
  reasonText: words,
  by: z.object({
    kind: z.enum(['run', 'transfer', 'handover', 'other']),
    id: z.string().nullable(),
    words: z.string().nullable(),
  }),
});
export const chainSchema = z.object({ customerId: z.string(), on: date.nullable(), turns: z.array(chainTurn) });
export const hadRow = z.object({
  customerId: z.string(),
  name: z.string(),
  outlet: unitRef.nullable(),
  seat: seatSchema,
  bandTitle: words.nullable(),
  from: date,
  to: date.nullable(),
  reasonText: words,
});
export const RAISED_HOW = ['claimed', 'recruited', 'raised'] as const;
export const customerDetail = customerRow.extend({
  mobile: z.string().nullable(),
  idNumber: z.string().nullable(),
  address: z.string().nullable().describe('只到区县 / down to the district'),
  gender: z.string().nullable(),
  age: z.number().nullable(),
  occupation: z.string().nullable(),
  riskLevel: z.string().nullable(),
  riskExpiresOn: date.nullable(),
  /** Levels before, the latest first: each stood until its day. */
  formerRisk: z.array(z.object({ level: z.string(), until: date })),
  openedOn: date.nullable(),
  closedOn: date.nullable(),
  mergedInto: z.string().nullable(),
  averageFen: money,
  averageDays: z.number(),
  holdings: z.array(
    z.object({
      outlet: unitRef,
      productCode: z.string(),
      productName: z.string(),
      category: z.string(),
      balanceFen: money,
      maturesOn: date.nullable(),
    }),
  ),
  history: z.array(chainTurn),
  /** Who claimed, recruited or raised the customer, whoever has them now; the first one first. */
  raisedBy: z.array(z.object({ staff: staffRef, how: z.enum(RAISED_HOW), on: date })),
  /** What may be done from here; a member of a flexible team only reads. */
  may: z.array(z.enum(['transfer', 'reveal'])),
});
export const whyLine = z.object({
  /** average, band, outlet, seat, candidates, decision, missing, digest … */
  kind: z.string(),
  zh: z.string(),
  en: z.string(),
  /** Rows of proof behind the line: label and value, already worded. */
  proof: z.array(z.object({ label: words, value: z.string() })),
});
export const whySchema = z.object({
  customerId: z.string(),
  name: z.string(),
  businessDate: date,
  covered: z.boolean(),
  runId: z.string().nullable(),
  digest: z.string().nullable(),
  lines: z.array(whyLine),
});
export const curveSchema = z.object({
  from: date,
  to: date,
  /** One point where assets change (step line) and the running calendar-year average at month ends and at the end. */
  assets: z.array(z.object({ date, fen: money })),
  average: z.array(z.object({ date, fen: money })),
  borders: z.array(z.object({ fen: money, title: words })),
  events: z.array(z.object({ date, text: words })),
});

export const runsPage = pageOf(runSummary);
export const decisionsPage = pageOf(decisionRow);
export const portfoliosPage = pageOf(portfolioRow);
export const customersPage = pageOf(customerRow);
/** Whom somebody covered on a day, of those whom the reader sees today. */
export const hadOnSchema = pageOf(hadRow).extend({ owner: staffRef, on: date, customers: z.number() });
