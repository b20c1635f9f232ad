import { type BusinessDate, businessDate } from '../kernel/business-date.ts';
import { fen, yuanText } from '../kernel/money.ts';
import { type Random, seededRandom } from '../kernel/random.ts';
import type { Bank } from './bank.ts';
import { PRODUCTS, type Product } from './catalogue.ts';
import type { DayText } from './days.ts';
import { NO_MATURITY } from './holdings.ts';
import { idNumber, mobileNumber } from './identity.ts';
import { personName } from './names.ts';
import type { StaffMember } from './staff.ts';
import type { Unit } from './units.ts';

export const UNIT_HEADER = 'id,name,level,parent_id,district,longitude,latitude';
export const STAFF_HEADER = 'id,name,org_unit_id,role,grade,share,hired_on,left_on';
export const PRODUCT_HEADER = 'code,name,category,risk_rating,term_days';
export const CUSTOMER_HEADER =
  'id,name,id_type,id_number,mobile,birth_date,gender,occupation,industry,district,longitude,latitude,address,' +
  'risk_level,risk_expires_on,opened_on,closed_on,merged_into,consent_phone,consent_sms,consent_wecom';
export const POSITION_HEADER = 'customer_id,outlet_id,product_code,balance,account_id,matures_on';

export function unitRow(unit: Unit): string {
  const district = unit.city + unit.district;
  return [unit.id, unit.name, unit.level, unit.parentId, district, unit.longitude, unit.latitude].join(',');
}

export function staffRow(member: StaffMember): string {
  const { id, name, unitId, role, grade, share, hiredOn, leftOn } = member;
  return [id, name, unitId, role, grade, share, hiredOn, leftOn].join(',');
}

export function productRow(product: Product): string {
  return [product.code, product.name, product.category, product.risk, product.termDays || ''].join(',');
}

export function customerId(customer: number): string {
  return `C${String(customer + 1).padStart(8, '0')}`;
}

const WORK: readonly (readonly [occupation: string, industry: string])[] = [
  ['职员', '制造业'],
  ['工程师', '信息技术'],
  ['教师', '教育'],
  ['医生', '卫生'],
  ['公务员', '公共管理'],
  ['个体经营者', '批发零售'],
  ['企业主', '制造业'],
  ['司机', '交通运输'],
  ['厨师', '餐饮'],
  ['会计', '商务服务'],
  ['销售', '批发零售'],
  ['自由职业', '文化体育'],
];
const STREETS = ['幸福路', '和谐街', '光明路', '长青路', '云山路', '望湖路', '清河街', '青年路', '育才路', '桃园街'] as const;

/** Age from 18 to about 90, younger more often among the ordinary, older among the wealthy. */
function birthDate(random: Random, tier: number, day: DayText): BusinessDate {
  const years = 18 + Math.floor(34 * random.next() + (12 + tier * 6) * random.next() + 8 * random.next());
  const anyDay = day(-random.int(0, 364));
  return businessDate(`${Number(anyDay.slice(0, 4)) - years - 1}${anyDay.slice(4).replace('02-29', '02-28')}`);
}

function work(random: Random, ageYears: number): readonly [string, string] {
  if (ageYears >= 62) return ['退休', ''];
  if (ageYears <= 22) return ['学生', '教育'];
  return random.pick(WORK);
}

/** When the customer came, left or was merged; a newcomer has `openedOn`. */
export interface Life {
  readonly openedOn?: BusinessDate;
  readonly closedOn?: BusinessDate;
  readonly mergedInto?: number;
}

/** A customer's row. Two numbers of one person carry the same name, papers and address: that is why they will be merged. */
export function customerRow(bank: Bank, customer: number, life: Life = {}): string {
  const { seed, from } = bank.options;
  const day = bank.dayText;
  const person = bank.twins.get(customer) ?? customer;
  const random = seededRandom(`${seed}:person:${person}`);
  const tier = bank.tier[person] ?? 0;
  const isMale = random.next() < 0.49;
  const name = personName(random, isMale);
  const birth = birthDate(random, tier, day);
  const age = Number(from.slice(0, 4)) - Number(birth.slice(0, 4));
  const [occupation, industry] = work(random, age);
  const outlet = bank.organisation.outlets[bank.home[person] ?? 0]?.unit;
  const near = (degrees = 0) => (degrees + (random.next() - 0.5) * 0.05).toFixed(4);
  const [longitude, latitude] = [near(outlet?.longitude), near(outlet?.latitude)];
  const district = (outlet?.city ?? '') + (outlet?.district ?? '');
  const address = `${district}${random.pick(STREETS)}${random.int(1, 999)}号${random.int(1, 30)}幢${random.int(101, 2604)}室`;
  const risk = Math.min(5, Math.max(1, random.int(1, 3) + (tier > 1 ? random.int(0, 2) : 0)));
  const expires = day(random.int(-90, 365));
  const longest = Math.min(9000, (age - 17) * 365);
  const opened = life.openedOn ?? day(-random.int(1, longest));
  const consents = [0.8, 0.7, 0.35].map((share) => (random.next() < share ? 1 : 0));
  const merged = life.mergedInto === undefined ? '' : customerId(life.mergedInto);
  return (
    `${customerId(customer)},${name},居民身份证,${idNumber(person, birth, isMale)},${mobileNumber(person)},${birth},${isMale ? '男' : '女'},` +
    `${occupation},${industry},${district},${longitude},${latitude},${address},C${risk},${expires},${opened},` +
    `${life.closedOn ?? ''},${merged},${consents.join(',')}`
  );
}

/** Makes the rows of positions: `balance` is what the file says, which the faulty first file of a restated day gets wrong. */
export function positionRows(bank: Bank): (position: number, balance: number) => string {
  const h = bank.holdings;
  const day = bank.dayText;
  const outlets = bank.organisation.outlets.map((outlet) => outlet.unit.id);
  const products = PRODUCTS.map((product) => product.code);
  return (position, balance) => {
    const owner = h.owner[position] ?? 0;
    const outlet = h.outlet[position] ?? 0;
    const product = h.product[position] ?? 0;
    const matures = h.matures[position] ?? NO_MATURITY;
    const account = (89e8 + owner + 1) * 1e6 + product * 1e4 + outlet;
    const until = matures === NO_MATURITY || balance === 0 ? '' : day(matures);
    return `${customerId(owner)},${outlets[outlet]},${products[product]},${yuanText(fen(balance))},${account},${until}`;
  };
}
