import type { BusinessDate } from '../kernel/business-date.ts';
import { seededRandom } from '../kernel/random.ts';

/** A holding as it stands, since the day on which it was bought or added to. */
export interface DemoHolding {
  readonly customerId: string;
  readonly productCode: string;
  readonly balanceFen: number;
  readonly since: BusinessDate;
  /** Who leads the customer, and everybody of their unit. */
  readonly staffId: string;
  readonly colleagues: readonly string[];
}

/** Some are bought at the counter or on the phone, by nobody's merit. */
const ADVISED = 0.6;
/** Who leads the customer has sold it, mostly. */
const OWN = 0.8;

/** Sales that agree with what customers hold, as lines of a `sales` file. Same seed, same sales. */
export function demoSales(holdings: readonly DemoHolding[], seed: string): string {
  const lines = holdings.flatMap((one) => {
    const random = seededRandom(`${seed} sale ${one.customerId} ${one.productCode}`);
    if (random.next() > ADVISED) return [];
    const seller = random.next() < OWN || one.colleagues.length === 0 ? one.staffId : random.pick(one.colleagues);
    const id = `S${one.since.replaceAll('-', '')}-${one.customerId}-${one.productCode}`;
    return [`${id},${one.customerId},${seller},${one.productCode},${(one.balanceFen / 100).toFixed(2)},${one.since}`];
  });
  return `${['id,customer_id,staff_id,product_code,amount,on', ...lines].join('\n')}\n`;
}
