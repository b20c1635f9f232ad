import type { z } from 'zod';
import type { BusinessDate } from '../../../kernel/business-date.ts';
import { maskName } from '../../../kernel/mask.ts';
import { metresBetween, type Place, spotOf } from '../../../kernel/place.ts';
import type { Person } from '../../../platform/auth/session.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import { queueOf } from '../../engagement/index.ts';
import type { visitsSchema } from '../contract.ts';
import { minutesToGo, roundLength, STOPS_MAX, shortestRound } from '../rules/round.ts';
import { outletsNear, placeOfUnit, placesOf } from './places.ts';

type Visits = z.input<typeof visitsSchema>;
interface Planned {
  readonly appointment_id: string;
  readonly customer_id: string;
  readonly name: string;
  readonly starts_at: Date;
  readonly ends_at: Date;
  readonly place: string;
}
type Stop = Planned & { readonly at: Place | undefined };

/** A day's visits on the map: the way from one's unit through them by the hour, a shorter order, and whom else one could see. */
export async function visitsOn(tx: Tx, person: Person, day: BusinessDate, now: Date): Promise<Visits> {
  const planned = await plannedOn(tx, person.scope.staffId, day);
  const waiting = await waitingFor(tx, person, new Set(planned.map((one) => one.customer_id)), now);
  const unit = await placeOfUnit(tx, person.unitNo);
  const places = await placesOf(
    tx,
    [...planned, ...waiting].map((one) => one.customer_id),
  );
  const stops = planned.map((one) => ({ ...one, at: places.get(one.customer_id) }));
  const origin = unit?.place ?? stops.find(({ at }) => at !== undefined)?.at;
  const start = unit === undefined ? null : { name: unit.name };
  if (origin === undefined)
    return { start, stops: byTheHour(stops, undefined), metres: 0, shorter: null, near: [], landmarks: [] };
  const outlets = await outletsNear(tx, origin);
  return {
    start,
    stops: byTheHour(stops, origin),
    ...wayThrough(stops, origin),
    near: nearTo(
      origin,
      stops.flatMap(({ at }) => at ?? []),
      waiting.flatMap((one) => {
        const place = places.get(one.customer_id);
        return place === undefined ? [] : [{ ...one, place }];
      }),
    ),
    landmarks: outlets.map(({ name, place }) => ({ name, at: spotOf(origin, place) })),
  };
}

/** Visits of a person on a day by Beijing's clock, with customers whom they may still see. */
async function plannedOn(tx: Tx, staffId: string, day: BusinessDate): Promise<Planned[]> {
  const { rows } = await tx.client.query<Planned>(
    `select a.appointment_id, a.customer_id, c.name, a.starts_at, a.ends_at, a.place
       from appointments.appointment a join coverage.card c on c.customer_id = a.customer_id
      where a.staff_id = $1 and a.kind = 'visit' and a.state = 'planned' and a.starts_at >= ($2::date::timestamp at time zone 'Asia/Shanghai')
        and a.starts_at < (($2::date + 1)::timestamp at time zone 'Asia/Shanghai')
      order by a.starts_at, a.appointment_id limit 50`,
    [staffId, day],
  );
  return rows;
}

interface Waiting {
  readonly customer_id: string;
  readonly name: string;
  readonly tierTitle: { readonly zh: string; readonly en: string };
  readonly reason: { readonly zh: string; readonly en: string };
}
/** Of the queue, as many as are looked at for whom one could see on the way. */
const LOOKED_AT = 40;

async function waitingFor(tx: Tx, person: Person, planned: ReadonlySet<string>, now: Date): Promise<Waiting[]> {
  const { items } = await queueOf(tx, person, {}, { limit: LOOKED_AT }, now);
  return items.flatMap(({ customerId, name, tierTitle, followUps: [first] }) =>
    first === undefined || planned.has(customerId) ? [] : [{ customer_id: customerId, name, tierTitle, reason: first.title }],
  );
}

/** Each stop with the way to it from the one before, and whether the time between is enough. */
function byTheHour(stops: readonly Stop[], origin: Place | undefined): Visits['stops'] {
  let before: { readonly at: Place | undefined; readonly ends_at?: Date } = { at: origin };
  return stops.map((stop) => {
    const metres = before.at === undefined || stop.at === undefined ? null : metresBetween(before.at, stop.at);
    const free = before.ends_at === undefined ? undefined : (stop.starts_at.getTime() - before.ends_at.getTime()) / 60_000;
    before = { at: stop.at ?? before.at, ends_at: stop.ends_at };
    return {
      ...{
        appointmentId: stop.appointment_id,
        customerId: stop.customer_id,
        name: maskName(stop.name),
        place: stop.place,
        metres,
      },
      ...{ startsAt: stop.starts_at.toISOString(), endsAt: stop.ends_at.toISOString() },
      at: origin === undefined || stop.at === undefined ? null : spotOf(origin, stop.at),
      shortMinutes: metres === null || free === undefined ? 0 : Math.max(0, Math.ceil(minutesToGo(metres) - free)),
    };
  });
}

/** How long the way is by the hour, and the order in which it would be shortest. */
function wayThrough(stops: readonly Stop[], origin: Place): Pick<Visits, 'metres' | 'shorter'> {
  const placed = stops.flatMap(({ appointment_id, at }) => (at === undefined ? [] : [{ id: appointment_id, at }]));
  const matrix = distances([origin, ...placed.map(({ at }) => at)]);
  const metres = roundLength(
    matrix,
    placed.map((_, n) => n + 1),
  );
  if (placed.length > STOPS_MAX) return { metres, shorter: null };
  const best = shortestRound(matrix);
  const appointmentIds = best.order.flatMap((n) => placed[n - 1]?.id ?? []);
  return { metres, shorter: best.metres < metres ? { appointmentIds, metres: best.metres } : null };
}

/** On the way: within so many metres of a stop; on a day without visits, a round that one could make from one's unit. */
const ON_THE_WAY = 1500;
const ROUND_WITHIN = 8000;
const NEAR_MAX = 8;

function nearTo(
  origin: Place,
  stops: readonly Place[],
  waiting: readonly (Waiting & { readonly place: Place })[],
): Visits['near'] {
  const from = stops.length === 0 ? [origin] : stops;
  const within = stops.length === 0 ? ROUND_WITHIN : ON_THE_WAY;
  const near = waiting
    .map((one) => ({ ...one, metres: Math.min(...from.map((place) => metresBetween(place, one.place))) }))
    .filter(({ metres }) => metres <= within);
  const chosen = stops.length === 0 ? asRound(origin, near.slice(0, NEAR_MAX)) : [...near].sort((a, b) => a.metres - b.metres);
  return chosen.slice(0, NEAR_MAX).map(({ customer_id, name, tierTitle, reason, place, metres }) => ({
    ...{ customerId: customer_id, name, tierTitle, reason, metres },
    at: spotOf(origin, place),
  }));
}

function asRound<T extends { readonly place: Place }>(origin: Place, places: readonly T[]): T[] {
  return shortestRound(distances([origin, ...places.map(({ place }) => place)])).order.flatMap((n) => places[n - 1] ?? []);
}

const distances = (places: readonly Place[]): number[][] => places.map((a) => places.map((b) => metresBetween(a, b)));
