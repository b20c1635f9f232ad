import { addDays, type BusinessDate, daysFromTo } from '../../../kernel/business-date.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import { measureDays } from '../../closing/contract.ts';
import { standingAtSql } from '../../closing/index.ts';
import { carriedBands } from '../rules/band.ts';
import { bandThresholdsFen, type Scheme } from '../rules/scheme.ts';

/** A scheme in force, with the first day of its bands. */
export interface ActiveScheme {
  readonly schemeId: string;
  readonly scheme: Scheme;
  readonly activatedOn: BusinessDate | undefined;
}

/** SQL of the band of `column` (balance-days, bigint) on a day: average >= limit exactly when balance-days >= limit × days. */
export function bandSql(column: string, scheme: Scheme, day: BusinessDate): string {
  const days = measureDays(day, scheme.measure);
  const arms = bandThresholdsFen(scheme).map((fen, band) => `when ${column} >= ${BigInt(fen) * BigInt(days)} then ${band}`);
  return `(case ${arms.reverse().join(' ')} else -1 end)::smallint`;
}

/** SQL of the average of `column` in fen, rounded down (decision 0002). */
export function averageSql(column: string, scheme: Scheme, day: BusinessDate): string {
  const days = measureDays(day, scheme.measure);
  return `((${column} - ((${column} % ${days}) + ${days}) % ${days}) / ${days})`;
}

/** What a step of the bands looks at: a day, and all customers or those of a table. */
interface Step {
  readonly day: BusinessDate;
  readonly last: BusinessDate;
  readonly only?: string;
}

/**
 * One day's step of the grace rule for everybody at once, the same as `stepBand`: up at once; down after the scheme's months below,
 * then to the day's band (decision 0003). Who moves, or begins or ends being at risk, is left in stage_change under `work`.
 */
export async function stepBands(tx: Tx, active: ActiveScheme, step: Step, work: string): Promise<void> {
  const { day, last, only } = step;
  const at = `date '${day}'`;
  const falls = `${at} >= (coalesce(below_since, ${at}) + interval '${active.scheme.grace.months} months')::date`;
  await tx.client.query(
    `insert into coverage.stage_change (customer_id, work, band, band_since, below_since, was_band, was_band_since, was_below_since)
     select customer_id, $1, next, case when next = band then band_since else ${at} end,
            case when raw < next then coalesce(below_since, ${at}) end, band, band_since, below_since
       from (select *, case when raw >= band or ${falls} then raw else band end as next
               from (select s.customer_id, s.band, s.band_since, s.below_since, ${bandSql('b.balance_days', active.scheme, day)} as raw
                       from coverage.standing s join ${standingAtSql(day, active.scheme.measure, last)} b on b.customer_id = s.customer_id
                      ${only === undefined ? '' : `where s.customer_id in (select customer_id from ${only})`}) x
              where raw <> band or below_since is not null) y
      where next <> band or (raw < next and below_since is null) or (raw >= next and below_since is not null)`,
    [work],
  );
  await recordBands(tx, active.schemeId, day, work);
}

/** Writes what stage_change says of bands: the stretches that end on the day, and how things stand from it. */
async function recordBands(tx: Tx, schemeId: string, day: BusinessDate, work: string): Promise<void> {
  await tx.client.query(
    `insert into coverage.band_history (customer_id, since, until, band, scheme_id)
     select customer_id, was_band_since, $2::date, was_band, $3 from coverage.stage_change
      where work = $1 and band <> was_band and was_band_since < $2::date`,
    [work, day, schemeId],
  );
  await tx.client.query(
    `insert into coverage.risk_history (customer_id, since, until)
     select customer_id, was_below_since, $2::date from coverage.stage_change
      where work = $1 and was_below_since < $2::date and below_since is null`,
    [work, day],
  );
  await tx.client.query(
    `update coverage.standing s set band = x.band, band_since = x.band_since, below_since = x.below_since
       from coverage.stage_change x where x.work = $1 and x.customer_id = s.customer_id`,
    [work],
  );
}

/**
 * SQL of how everybody would stand if `next` were put in force on the newest closed day, after `was`: one step of the grace rule
 * from what goes on. Grace goes on for those who are below their band now and whose average is measured the same way: they are
 * held at the lower limit of their old band, in whichever band of the new version it lies, and their months go on counting.
 * Everybody else goes by the day's average. `carried` = the band held at, -1 for nothing; was_… = as they stand now.
 */
function takenOverSql(next: Scheme, was: ActiveScheme | undefined, last: BusinessDate): string {
  const goesOn = was !== undefined && was.scheme.measure === next.measure;
  const held = goesOn ? carriedBands(bandThresholdsFen(was.scheme), bandThresholdsFen(next)) : [];
  const arms = held.map((band, old) => `when s.below_since is not null and s.band = ${old} then ${band}`);
  const carried = arms.length === 0 ? '-1' : `case ${arms.join(' ')} else -1 end`;
  const falls = `date '${last}' >= (was_below_since + interval '${next.grace.months} months')::date`;
  return `(select customer_id, case when stays then carried else raw end::smallint as band, case when stays then was_below_since end as below_since,
      carried::smallint as carried, was_band, was_band_since, was_below_since
    from (select *, raw < carried and not ${falls} as stays
      from (select s.customer_id, ${bandSql('b.balance_days', next, last)} as raw, ${carried} as carried,
                   s.band as was_band, s.band_since as was_band_since, s.below_since as was_below_since
              from coverage.standing s left join ${standingAtSql(last, next.measure, last)} b on b.customer_id = s.customer_id) x) y)`;
}

/** Puts everybody into the bands of a scheme that begins on the newest closed day. Whose grace goes on is kept for replays. */
export async function rebaseBands(tx: Tx, was: ActiveScheme | undefined, next: ActiveScheme, last: BusinessDate): Promise<void> {
  const work = `rebase ${next.schemeId}`;
  await tx.client.query(
    `insert into coverage.stage_change (customer_id, work, band, band_since, below_since, was_band, was_band_since, was_below_since)
     select customer_id, $1, band, case when band >= 0 then date '${last}' end, below_since, was_band, was_band_since, was_below_since
       from ${takenOverSql(next.scheme, was, last)} t where was_band >= 0 or was_below_since is not null or band >= 0`,
    [work],
  );
  await tx.client.query('delete from coverage.carried_grace');
  if (was !== undefined) {
    await tx.client.query(
      `insert into coverage.carried_grace (customer_id, band, below_since)
       select customer_id, carried, was_below_since from ${takenOverSql(next.scheme, was, last)} t where carried >= 0`,
    );
    // Even a band of the same number is another band now: its stretch under the old scheme is over.
    await tx.client.query(
      `insert into coverage.band_history (customer_id, since, until, band, scheme_id)
       select customer_id, was_band_since, $2::date, was_band, $3 from coverage.stage_change where work = $1 and was_band_since < $2::date`,
      [work, last, was.schemeId],
    );
    await tx.client.query(
      `insert into coverage.risk_history (customer_id, since, until)
       select customer_id, was_below_since, $2::date from coverage.stage_change
        where work = $1 and was_below_since < $2::date and below_since is null`,
      [work, last],
    );
  }
  await tx.client.query(
    `update coverage.standing s set band = x.band, band_since = x.band_since, below_since = x.below_since
       from coverage.stage_change x where x.work = $1 and x.customer_id = s.customer_id`,
    [work],
  );
  await clearWork(tx, work);
}

/** Works out the bands of a table's customers anew, day by day, after their past has changed. */
export async function replayBands(
  tx: Tx,
  active: ActiveScheme,
  restated: { readonly from: BusinessDate; readonly to: BusinessDate; readonly changed: string },
): Promise<void> {
  const { to, changed } = restated;
  const begin = active.activatedOn ?? restated.from;
  const from = restated.from > begin ? restated.from : begin;
  await rewindBands(tx, from, from === begin, changed);
  for (const day of daysFromTo(from, to)) {
    const work = `replay ${day}`;
    await stepBands(tx, active, { day, last: to, only: changed }, work);
    await clearWork(tx, work);
  }
}

/** Puts band and risk of a table's customers back to the evening before `from`; when the scheme began on it, to what it took over. */
async function rewindBands(tx: Tx, from: BusinessDate, begins: boolean, changed: string): Promise<void> {
  const who = `customer_id in (select customer_id from ${changed})`;
  const before = `date '${addDays(from, -1)}'`;
  if (begins) {
    await tx.client.query(
      `update coverage.standing s set band = coalesce(g.band, -1), below_since = g.below_since,
              band_since = case when g.band is not null then date '${from}' end
         from coverage.standing t left join coverage.carried_grace g on g.customer_id = t.customer_id
        where t.customer_id = s.customer_id and s.${who}`,
    );
    // The stretches of the scheme before it stay over, but for those that it took over: these are open again.
    await tx.client.query(`delete from coverage.band_history where since >= date '${from}' and ${who}`);
    await tx.client.query(
      `delete from coverage.risk_history r where r.${who} and (r.until > date '${from}'
          or exists (select 1 from coverage.carried_grace g where g.customer_id = r.customer_id and g.below_since = r.since))`,
    );
    return;
  }
  await tx.client.query(
    `update coverage.standing s
        set band = case when s.band_since < date '${from}' then s.band else coalesce(h.band, -1) end,
            band_since = case when s.band_since < date '${from}' then s.band_since else h.since end,
            below_since = case when s.below_since < date '${from}' then s.below_since else r.since end
       from coverage.standing t
       left join coverage.band_history h on h.customer_id = t.customer_id and h.since <= ${before} and h.until > ${before}
       left join coverage.risk_history r on r.customer_id = t.customer_id and r.since <= ${before} and r.until > ${before}
      where t.customer_id = s.customer_id and s.${who}`,
  );
  // What began earlier and ended later is open again.
  for (const table of ['band_history', 'risk_history']) {
    await tx.client.query(`delete from coverage.${table} where until > ${before} and ${who}`);
  }
}

export async function clearWork(tx: Tx, work: string): Promise<void> {
  await tx.client.query('delete from coverage.stage_change where work = $1', [work]);
}

/**
 * SQL of `customer_id, band` on a closed day: with grace under the scheme in force; for another scheme on the newest day as if it
 * were put in force then, so that comparing, simulating and activating say the same; else by the day's average alone.
 */
export function bandsAtSql(
  { schemeId, scheme }: Pick<ActiveScheme, 'schemeId' | 'scheme'>,
  active: ActiveScheme | undefined,
  day: BusinessDate,
  last: BusinessDate,
): string {
  if (active !== undefined && active.schemeId !== schemeId && day === last) {
    return `(select customer_id, band from ${takenOverSql(scheme, active, last)} t)`;
  }
  const begins = active?.schemeId === schemeId ? active.activatedOn : undefined;
  if (begins === undefined || day < begins) {
    return `(select customer_id, ${bandSql('balance_days', scheme, day)} as band from ${standingAtSql(day, scheme.measure, last)} raw)`;
  }
  if (day === last) return '(select customer_id, band from coverage.standing)';
  const at = `date '${day}'`;
  return `(select s.customer_id, case when s.band_since <= ${at} then s.band else coalesce(h.band, -1) end as band
    from coverage.standing s left join coverage.band_history h on h.customer_id = s.customer_id and h.since <= ${at} and h.until > ${at})`;
}
