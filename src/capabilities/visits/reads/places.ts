import type { Place } from '../../../kernel/place.ts';
import { openCustomer, type Tx } from '../../../platform/db/transaction.ts';

interface PlaceRow {
  readonly longitude: number | null;
  readonly latitude: number | null;
}

/** Where customers live, of those of whom the bank knows it. They must be of the reader's scope: each is opened in turn. */
export async function placesOf(tx: Tx, customerIds: readonly string[]): Promise<ReadonlyMap<string, Place>> {
  const places = new Map<string, Place>();
  for (const customerId of new Set(customerIds)) {
    await openCustomer(tx, customerId);
    const { rows } = await tx.client.query<PlaceRow>(
      'select longitude, latitude from customers.customer where customer_id = $1',
      [customerId],
    );
    const place = placeOf(rows[0]);
    if (place !== undefined) places.set(customerId, place);
  }
  return places;
}

export interface NamedPlace {
  readonly name: string;
  readonly place: Place;
}

export async function placeOfUnit(tx: Tx, unitNo: number): Promise<NamedPlace | undefined> {
  const { rows } = await tx.client.query<PlaceRow & { name: string }>(
    'select name, longitude, latitude from organisation.org_unit where unit_no = $1',
    [unitNo],
  );
  const place = placeOf(rows[0]);
  return rows[0] === undefined || place === undefined ? undefined : { name: rows[0].name, place };
}

const LANDMARKS_MAX = 12;

/** The open outlets nearest to a place, itself left out. */
export async function outletsNear(tx: Tx, { longitude, latitude }: Place): Promise<NamedPlace[]> {
  const { rows } = await tx.client.query<{ name: string; longitude: number; latitude: number }>(
    `select name, longitude, latitude from organisation.org_unit
      where level = 'outlet' and closed_on is null and longitude is not null and latitude is not null
        and (longitude <> $1 or latitude <> $2)
      order by ((longitude - $1) * cos(radians($2))) ^ 2 + (latitude - $2) ^ 2, unit_no limit ${LANDMARKS_MAX}`,
    [longitude, latitude],
  );
  return rows.map(({ name, ...place }) => ({ name, place }));
}

function placeOf(row: PlaceRow | undefined): Place | undefined {
  if (row === undefined || row.longitude === null || row.latitude === null) return undefined;
  return { longitude: row.longitude, latitude: row.latitude };
}
