/** A place on the earth in decimal degrees. Which datum it is doesn't matter as long as all places share it. */
export interface Place {
  readonly longitude: number;
  readonly latitude: number;
}

/** How far a place lies east and north of another one, in metres; negative = west and south. */
export interface Spot {
  readonly east: number;
  readonly north: number;
}

const METRES_A_DEGREE = 111_195;
/** Spots are told to a hundred metres: near enough to find the way, too coarse to name a door. */
const GRAIN = 100;

/** Metres east and north of an origin, each rounded to a hundred: flat, so for places of one city. */
export function spotOf(origin: Place, place: Place): Spot {
  const { east, north } = offset(origin, place);
  return { east: round(east), north: round(north) };
}

/** Metres between two places of one city as the crow flies, rounded to a hundred. */
export function metresBetween(one: Place, other: Place): number {
  const { east, north } = offset(one, other);
  return round(Math.hypot(east, north));
}

function offset(origin: Place, { longitude, latitude }: Place): Spot {
  const narrowing = Math.cos((((origin.latitude + latitude) / 2) * Math.PI) / 180);
  return {
    east: (longitude - origin.longitude) * METRES_A_DEGREE * narrowing,
    north: (latitude - origin.latitude) * METRES_A_DEGREE,
  };
}

/** Adding 0 turns -0 into 0. */
const round = (metres: number): number => Math.round(metres / GRAIN) * GRAIN + 0;
