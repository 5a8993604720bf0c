/** The mean radius of the Earth, IUGG. */
const earth = 6371.0088;
const degree = Math.PI / 180;

/** Kilometres between two places on a sphere of the Earth's mean radius, by the haversine formula; degrees. */
export function haversine(latitude1: number, longitude1: number, latitude2: number, longitude2: number): number {
  const up = Math.sin(((latitude2 - latitude1) * degree) / 2);
  const along = Math.sin(((longitude2 - longitude1) * degree) / 2);
  const square = up * up + Math.cos(latitude1 * degree) * Math.cos(latitude2 * degree) * along * along;
  return 2 * earth * Math.asin(Math.min(1, Math.sqrt(square)));
}
