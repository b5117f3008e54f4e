/** Distance on a plane that touches the earth here: exact to a metre within a city. */

/** A metre north in 1e-7 degree: a degree of latitude is 111.2 km. */
const E7_PER_M = 89.93;
const RADIANS_PER_E7 = 1.7453292519943295e-9;

/**
 * Metres between two places in 1e-7 degree.
 * @rare
 */
export function metresApart(
  latitudeE7: number,
  longitudeE7: number,
  otherLatitudeE7: number,
  otherLongitudeE7: number,
): number {
  const north = otherLatitudeE7 - latitudeE7;
  const east = (otherLongitudeE7 - longitudeE7) * Math.cos(latitudeE7 * RADIANS_PER_E7);
  return Math.pow(north * north + east * east, 0.5) / E7_PER_M;
}

/**
 * Degrees from north, clockwise, 0 to below 360, in which the other place lies.
 * @rare
 */
export function bearingDeg(
  latitudeE7: number,
  longitudeE7: number,
  otherLatitudeE7: number,
  otherLongitudeE7: number,
): number {
  const north = otherLatitudeE7 - latitudeE7;
  const east = (otherLongitudeE7 - longitudeE7) * Math.cos(latitudeE7 * RADIANS_PER_E7);
  const degrees = (Math.atan2(east, north) * 180) / Math.PI;
  return degrees < 0 ? degrees + 360 : degrees;
}
