import type { Report } from './findings.ts';
import { type Band, entryTitle, portfolioOf, type Scheme, type Seat, seatTitle } from './scheme.ts';

/** Whether every customer whom `narrow` takes is also taken by `wide`. */
function covers(wide: Seat, narrow: Seat): boolean {
  const loans = wide.when?.has_loan === undefined || wide.when.has_loan === narrow.when?.has_loan;
  const outlets = wide.when?.home_outlet;
  return loans && (outlets === undefined || (narrow.when?.home_outlet?.every((outlet) => outlets.includes(outlet)) ?? false));
}

function meet(a: Seat, b: Seat): boolean {
  if (a.when?.has_loan !== undefined && b.when?.has_loan !== undefined && a.when.has_loan !== b.when.has_loan) return false;
  const [left, right] = [a.when?.home_outlet, b.when?.home_outlet];
  return !left || !right || left.some((outlet) => right.includes(outlet));
}

/** Seats of one kind in one band: they are tried from top to bottom, so each must take others, or all whom those above take. */
export function lintSlot(scheme: Scheme, band: Band, b: number, slot: Seat['seat'], report: Report): void {
  const seats = band.seats.map((seat, s) => ({ seat, s })).filter(({ seat }) => seat.seat === slot);
  seats.forEach(({ seat, s }, i) => {
    for (const { seat: above } of seats.slice(0, i)) {
      const [title, aboveTitle] = [seatTitle(scheme, seat), seatTitle(scheme, above)];
      const path = ['bands', b, 'seats', s];
      if (!meet(above, seat)) continue;
      if (!covers(seat, above) && !covers(above, seat))
        report(
          'error',
          'seats-cross',
          [...path, 'when'],
          `「${aboveTitle.zh}」与「${title.zh}」的适用客户部分重叠：后一席位须与前者互不重叠，或包含前者的全部客户`,
          `"${aboveTitle.en}" and "${title.en}" take partly the same customers: the later seat must take others, or all of the earlier one's`,
        );
      else if (covers(above, seat) && !above.limit)
        report(
          covers(seat, above) ? 'info' : 'warning',
          'seat-unreachable',
          path,
          `「${aboveTitle.zh}」不限户数，只有在本机构无人担任时客户才会到「${title.zh}」`,
          `"${aboveTitle.en}" has no limit: customers come to "${title.en}" only where nobody holds it`,
        );
      else if (!covers(seat, above))
        report(
          'error',
          'seats-cross',
          [...path, 'when'],
          `「${title.zh}」只承接「${aboveTitle.zh}」的部分客户：应放在它的上面`,
          `"${title.en}" takes only part of the customers of "${aboveTitle.en}": put it above`,
        );
    }
  });
  if (seats.length === 0) return;
  for (const hasLoan of [true, false]) {
    const open = seats.filter(({ seat }) => seat.when?.has_loan === undefined || seat.when.has_loan === hasLoan);
    const who = hasLoan ? { zh: '有贷款', en: 'with a loan' } : { zh: '无贷款', en: 'without a loan' };
    const kind = slot === 'lead' ? { zh: '主管户', en: 'lead' } : { zh: '共同管户', en: 'joint' };
    if (open.length === 0 || open.every(({ seat }) => seat.when?.home_outlet))
      report(
        'warning',
        'no-rule',
        ['bands', b, 'seats'],
        `「${band.title.zh}」中${who.zh}的客户没有适用于全部网点的${kind.zh}席位`,
        `no ${kind.en} seat of "${band.title.en}" takes customers ${who.en} of every outlet`,
      );
  }
}

/** Whether a band's seats can do what the band asks. */
export function lintTeam(scheme: Scheme, band: Band, b: number, report: Report): void {
  const path = ['bands', b, 'seats'];
  const leads = band.seats.filter((seat) => seat.seat === 'lead');
  const joints = band.seats.filter((seat) => seat.seat === 'joint');
  if (band.cover === 'all' && leads.length === 0)
    report(
      'error',
      'cover-without-seat',
      path,
      `「${band.title.zh}」要求 100% 管户，但没有主管户席位`,
      `"${band.title.en}" must be covered, but has no lead seat`,
    );
  if (joints.length > 0 && leads.length === 0)
    report(
      'warning',
      'joint-alone',
      path,
      `「${band.title.zh}」只有共同管户席位，没有主管户席位`,
      `"${band.title.en}" has a joint seat and no lead seat`,
    );
  for (const joint of joints) {
    const shared = joint.staff.find((entry) =>
      leads.some((lead) => lead.staff.some((other) => entryKey(other) === entryKey(entry))),
    );
    if (shared)
      report(
        'info',
        'same-people',
        path,
        `「${band.title.zh}」的主管户与共同管户都由${entryTitle(scheme, shared).zh}担任：每户需两名不同的人`,
        `lead and joint seats of "${band.title.en}" both use ${entryTitle(scheme, shared).en}: each customer needs two different people`,
      );
  }
}

function entryKey(entry: Seat['staff'][number]): string {
  return `${entry.role ?? ''}/${entry.group ?? ''}`;
}

/** Seats that name one portfolio count together: one limit, and with a limit the same people, or richer bands would use up poorer ones' places. */
export function lintPortfolios(scheme: Scheme, report: Report): void {
  const first = new Map<string, Seat>();
  scheme.bands.forEach((band, b) => {
    band.seats.forEach((seat, s) => {
      const portfolio = portfolioOf(band, seat);
      const other = first.get(portfolio);
      if (!other) {
        first.set(portfolio, seat);
        return;
      }
      const limit = (one: Seat) => `${one.limit?.initial ?? ''}/${one.limit?.at_most ?? ''}`;
      const people = (one: Seat) =>
        `${one.pool} ${one.staff.map((entry) => `${entryKey(entry)}/${entry.share ?? ''}`).join(' ')}`;
      if (limit(seat) !== limit(other))
        report(
          'error',
          'portfolio-limits',
          ['bands', b, 'seats', s],
          `管户包「${portfolio}」的各席位户数限制不一致`,
          `the seats of portfolio "${portfolio}" have different limits`,
        );
      else if (seat.limit && people(seat) !== people(other))
        report(
          'error',
          'portfolio-people',
          ['bands', b, 'seats', s],
          `管户包「${portfolio}」有户数限制，各席位须由同样的人员担任`,
          `portfolio "${portfolio}" has a limit, so its seats must be filled from the same people`,
        );
      if (seat.seat !== other.seat)
        report(
          'error',
          'portfolio-seats',
          ['bands', b, 'seats', s],
          `管户包「${portfolio}」不能既是主管户又是共同管户`,
          `portfolio "${portfolio}" cannot be both lead and joint`,
        );
    });
  });
}
