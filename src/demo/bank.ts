import { type BusinessDate, daysBetween } from '../kernel/business-date.ts';
import { type Random, seededRandom } from '../kernel/random.ts';
import { PRODUCTS, productIndex } from './catalogue.ts';
import { businessDays, type DayText, dayTexts, monthStarts } from './days.ts';
import { deposit, emptyHoldings, type Holdings, NO_MATURITY } from './holdings.ts';
import { type StaffMember, staffOf } from './staff.ts';
import { type AssetsOf, assetsByTier, dealTiers, newcomerTier, TIER } from './tiers.ts';
import { drawOutlet, type Organisation, organise, outletTable } from './units.ts';

export interface DemoOptions {
  readonly customers: number;
  readonly seed: string;
  readonly from: BusinessDate;
  readonly to: BusinessDate;
}

/** The demo bank at one moment. Customers are numbers; those from `known` on have not come yet. */
export interface Bank {
  readonly options: DemoOptions;
  readonly organisation: Organisation;
  readonly staff: readonly StaffMember[];
  /** Customers whom the bank knows by now. */
  known: number;
  readonly tier: Uint8Array;
  readonly home: Uint16Array;
  readonly holdings: Holdings;
  /** A second customer number of the same person → the first one, into which it will be merged. */
  readonly twins: ReadonlyMap<number, number>;
  readonly draw: Draw;
  readonly dayText: DayText;
}

/** Everything that placing and endowing a customer needs, prepared once. */
interface Draw {
  readonly assetsOf: AssetsOf;
  readonly ordinary: Float64Array;
  readonly wealthy: Float64Array;
}

/** Share of the customers who come new each month: 5.16% a year [S4]. */
const NEWCOMERS_MONTHLY = 0.0516 / 12;
const MERGES_PER_CUSTOMER = 1 / 5000;

export function newcomersPerMonth(customers: number): number {
  return Math.round(customers * NEWCOMERS_MONTHLY);
}

const MENU = {
  liquid: ['T003', 'T006', 'T012', 'F001'].map(productIndex),
  potential: ['T006', 'T012', 'T012', 'W030', 'W091', 'F001', 'F002', 'M001', 'B003'].map(productIndex),
  wealthy: ['T012', 'T036', 'W091', 'W182', 'W365', 'F002', 'F003', 'F004', 'I001', 'I002', 'B003', 'M001'].map(productIndex),
  loans: ['L001', 'L001', 'L002', 'L003'].map(productIndex),
} as const;
const DEMAND = productIndex('D001');
const TRUST = productIndex('X001');
const CARD = productIndex('C001');
const PLATINUM = productIndex('C002');

/** Chance of a second and each further asset position, most of them, chance of a loan and of a card; by tier. */
const HABITS = [
  { more: 0.45, most: 3, loan: 0.006, card: 0.05, demand: 0.7 },
  { more: 0.72, most: 4, loan: 0.02, card: 0.06, demand: 0.45 },
  { more: 0.8, most: 5, loan: 0.06, card: 0.035, demand: 0.25 },
  { more: 0.88, most: 6, loan: 0.05, card: 0.05, demand: 0.15 },
  { more: 0.95, most: 8, loan: 0.03, card: 0.06, demand: 0.1 },
] as const;
const SECOND_OUTLET = 0.18;

function menuOf(tier: number): readonly number[] {
  return tier === TIER.ordinary ? MENU.liquid : tier === TIER.potential ? MENU.potential : MENU.wealthy;
}

/** A maturity for a product bought at any time before the day, so that some mature every week. */
function maturityOf(product: number, day: number, random: Random): number {
  const term = PRODUCTS[product]?.termDays ?? 0;
  return term === 0 ? NO_MATURITY : day + random.int(1, term);
}

/** Gives a customer the assets of the tier, spread over a few products and, for some, a second outlet; then loans and cards. */
export function endow(bank: Bank, customer: number, assets: number, day: number, random: Random): void {
  const { holdings, draw } = bank;
  const tier = bank.tier[customer] ?? 0;
  const home = bank.home[customer] ?? 0;
  const habits = HABITS[tier] ?? HABITS[0];
  let left = assets;
  for (let n = 1; n < habits.most && left > 2000 && random.next() < habits.more; n++) {
    const amount = Math.floor((left * (1 - habits.demand) * (0.3 + 0.7 * random.next())) / (tier > TIER.potential ? 1.6 : 1));
    const product = tier === TIER.private && n === 1 ? TRUST : random.pick(menuOf(tier));
    const outlet = random.next() < SECOND_OUTLET ? drawOutlet(draw.ordinary, random.next()) : home;
    if (amount < 1) continue;
    deposit(holdings, customer, outlet, product, amount, maturityOf(product, day, random));
    left -= amount;
  }
  deposit(holdings, customer, home, DEMAND, left);
  if (random.next() < habits.loan) {
    const loan = random.pick(MENU.loans);
    deposit(holdings, customer, home, loan, random.int(300, 20_000) * 10_000, maturityOf(loan, day, random));
  }
  if (random.next() < habits.card)
    deposit(holdings, customer, home, tier > TIER.potential ? PLATINUM : CARD, random.int(1, 3_000_000));
}

/** Places a customer at an outlet: the well-off sooner at a flagship. */
function settle(bank: Bank, customer: number, random: Random): void {
  const tier = bank.tier[customer] ?? 0;
  bank.home[customer] = drawOutlet(tier > TIER.potential ? bank.draw.wealthy : bank.draw.ordinary, random.next());
}

/** Opens the month's new customers with their first positions; returns the positions. */
export function welcome(bank: Bank, count: number, day: BusinessDate): number[] {
  const random = seededRandom(`${bank.options.seed}:newcomers:${day}`);
  const before = bank.holdings.count;
  for (let i = 0; i < count; i++) {
    const customer = bank.known++;
    const tier = newcomerTier(random);
    bank.tier[customer] = tier;
    settle(bank, customer, random);
    endow(bank, customer, bank.draw.assetsOf(tier, random.next()), daysBetween(bank.options.from, day), random);
  }
  return Array.from({ length: bank.holdings.count - before }, (_, i) => before + i);
}

function twinsOf(options: DemoOptions, months: number): Map<number, number> {
  const twins = new Map<number, number>();
  if (months === 0) return twins;
  const random = seededRandom(`${options.seed}:twins`);
  const wanted = Math.max(2, Math.round(options.customers * MERGES_PER_CUSTOMER));
  const used = new Set<number>();
  while (twins.size < wanted) {
    const [second, first] = [random.int(0, options.customers - 1), random.int(0, options.customers - 1)];
    if (second === first || used.has(second) || used.has(first)) continue;
    used.add(second).add(first);
    twins.set(second, first);
  }
  return twins;
}

/** Builds the bank as it stands on the first day. The same options give the same bank. */
export function foundBank(options: DemoOptions): Bank {
  const { customers, seed } = options;
  const organisation = organise(customers, seed);
  const months = monthStarts(businessDays(options.from, options.to)).length;
  const room = customers + months * newcomersPerMonth(customers);
  const dealt = dealTiers(customers, seededRandom(`${seed}:tiers`));
  const tier = new Uint8Array(room);
  tier.set(dealt.tier);
  const bank: Bank = {
    options,
    organisation,
    staff: staffOf(organisation, options, seed),
    known: customers,
    tier,
    home: new Uint16Array(room),
    holdings: emptyHoldings(room, Math.ceil(room * 1.8)),
    twins: twinsOf(options, months),
    dayText: dayTexts(options.from),
    draw: {
      assetsOf: assetsByTier(customers),
      ordinary: outletTable(organisation.outlets, 1),
      wealthy: outletTable(organisation.outlets, 2.5),
    },
  };
  const random = seededRandom(`${seed}:holdings`);
  for (let customer = 0; customer < customers; customer++) {
    settle(bank, customer, random);
    endow(bank, customer, bank.draw.assetsOf(tier[customer] ?? 0, dealt.place[customer] ?? 0), 0, random);
  }
  return bank;
}
