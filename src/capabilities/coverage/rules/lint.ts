import type { Words } from '../../../kernel/refusal.ts';
import type { PlaceOf } from '../../../kernel/yaml-file.ts';
import { type Finding, type Path, type Report, reporter } from './findings.ts';
import { lintPortfolios, lintSlot, lintTeam } from './lint-seats.ts';
import type { Group, Scheme, Seat } from './scheme.ts';

/**
 * Checks what a scheme means (`parseScheme` has checked its form): gaps and overlaps of bands, impossible limits and shares,
 * seats that nobody can reach, customers whom no seat takes. Staff and customers of today are checked by `checkStaffing`.
 */
export function lintScheme(scheme: Scheme, placeOf?: PlaceOf): Finding[] {
  const { findings, report } = reporter(placeOf);
  lintGroups(scheme, report);
  lintLadder(scheme, report);
  scheme.bands.forEach((band, b) => {
    band.seats.forEach((seat, s) => {
      lintSeat(scheme, seat, ['bands', b, 'seats', s], report);
    });
    for (const slot of ['lead', 'joint'] as const) lintSlot(scheme, band, b, slot, report);
    lintTeam(scheme, band, b, report);
  });
  lintPortfolios(scheme, report);
  return findings;
}

function yuan(amount: number): Words {
  return {
    zh: `${(amount / 10_000).toLocaleString('en-US', { maximumFractionDigits: 4 })} 万`,
    en: amount.toLocaleString('en-US'),
  };
}

function lintGroups(scheme: Scheme, report: Report): void {
  const groups = scheme.groups ?? [];
  groups.forEach((group, g) => {
    const path = ['groups', g];
    if (groups.findIndex((other) => other.group === group.group) !== g)
      report('error', 'group-twice', path, `人员组「${group.group}」定义了两次`, `group "${group.group}" is defined twice`);
    if ((group.first_of === undefined) === (group.any_of === undefined))
      report(
        'error',
        'group-people',
        path,
        `人员组「${group.group}」须在 first_of 与 any_of 中写且只写一个`,
        `group "${group.group}" needs either first_of or any_of`,
      );
    if (group.except && !groups.some((other) => other.group === group.except))
      report(
        'error',
        'group-unknown',
        [...path, 'except'],
        `没有定义人员组「${group.except}」`,
        `there is no group "${group.except}"`,
      );
    if (exceptsItself(groups, group))
      report(
        'error',
        'group-circle',
        [...path, 'except'],
        `人员组「${group.group}」绕回自身`,
        `group "${group.group}" excludes itself in a circle`,
      );
  });
}

function exceptsItself(groups: readonly Group[], start: Group): boolean {
  let at = groups.find((group) => group.group === start.except);
  for (let hops = 0; at && hops <= groups.length; hops++) {
    if (at.group === start.group) return true;
    const next = at.except;
    at = groups.find((group) => group.group === next);
  }
  return false;
}

/** Bands from high to low, each ending where the one above begins, the highest open at the top. */
function lintLadder(scheme: Scheme, report: Report): void {
  scheme.bands.forEach((band, b) => {
    const path = ['bands', b];
    const above = scheme.bands[b - 1];
    const name = band.title;
    if (scheme.bands.findIndex((other) => other.band === band.band) !== b)
      report('error', 'band-twice', [...path, 'band'], `层级标识「${band.band}」重复`, `band id "${band.band}" is used twice`);
    if (band.to !== undefined && band.to <= band.from)
      report(
        'error',
        'band-empty',
        [...path, 'to'],
        `「${name.zh}」的上限不高于下限`,
        `"${name.en}" ends where it begins, or below`,
      );
    if (!above) {
      if (band.to === undefined) return;
      report(
        'error',
        'gap',
        [...path, 'to'],
        `${yuan(band.to).zh}及以上的客户没有层级：最高层级不应写上限`,
        `customers from ${yuan(band.to).en} have no band: the highest band has no upper limit`,
      );
      return;
    }
    if (band.from >= above.from) {
      report(
        'error',
        'order',
        [...path, 'from'],
        `层级须从高到低排列：「${name.zh}」不低于其上的「${above.title.zh}」`,
        `bands run from high to low: "${name.en}" is not below "${above.title.en}"`,
      );
      return;
    }
    const to = band.to ?? Infinity;
    if (to > above.from)
      report(
        'error',
        'overlap',
        [...path, 'to'],
        `「${name.zh}」与「${above.title.zh}」重叠：上限应为 ${yuan(above.from).zh}`,
        `"${name.en}" overlaps "${above.title.en}": it should end at ${yuan(above.from).en}`,
      );
    if (to < above.from)
      report(
        'error',
        'gap',
        [...path, 'to'],
        `${yuan(to).zh}至 ${yuan(above.from).zh}之间的客户没有层级`,
        `customers from ${yuan(to).en} to ${yuan(above.from).en} have no band`,
      );
  });
}

function lintSeat(scheme: Scheme, seat: Seat, path: Path, report: Report): void {
  seat.staff.forEach((entry, e) => {
    const at = [...path, 'staff', e];
    if ((entry.role === undefined) === (entry.group === undefined))
      report('error', 'staff-entry', at, '每一项须在 role 与 group 中写且只写一个', 'each entry needs either a role or a group');
    if (entry.group && !scheme.groups?.some((group) => group.group === entry.group))
      report(
        'error',
        'group-unknown',
        [...at, 'group'],
        `没有定义人员组「${entry.group}」`,
        `there is no group "${entry.group}"`,
      );
  });
  const shares = seat.staff.flatMap((entry) => entry.share ?? []);
  const sum = shares.reduce((total, share) => total + share, 0);
  if (shares.length > 0 && shares.length < seat.staff.length)
    report('error', 'shares', [...path, 'staff'], '分担比例须每一项都写，或都不写', 'give every entry a share, or none');
  else if (shares.length > 0 && sum !== 100)
    report('error', 'shares', [...path, 'staff'], `分担比例合计 ${sum}%，应为 100%`, `the shares add up to ${sum}%, not 100%`);
  const { initial, at_most } = seat.limit ?? {};
  if (seat.limit && initial === undefined && at_most === undefined)
    report(
      'error',
      'limit-empty',
      [...path, 'limit'],
      'limit 须写 initial 或 at_most；不限户数则整项省略',
      'limit needs initial or at_most; leave it out for no limit',
    );
  if (initial !== undefined && at_most !== undefined && at_most < initial)
    report(
      'error',
      'limit-order',
      [...path, 'limit'],
      `上限 ${at_most} 户小于初始 ${initial} 户`,
      `at most ${at_most} is less than initial ${initial}`,
    );
}
