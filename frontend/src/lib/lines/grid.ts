/**
 * Lines on the grid of the engine: whole steps of 1e-7 degree of CGCS2000 (EPSG:4490). What was read
 * is written back bit for bit; nothing here ever goes through a projection.
 */

export type Point = readonly [x: number, y: number];
/** Open: the first vertex is not said again at the end. */
export type Ring = readonly Point[];
/** The outer ring, then holes. */
export type Polygon = readonly Ring[];
export type Area = readonly Polygon[];
type Position = readonly number[];
export type Geometry =
  | { type: "Polygon"; coordinates: readonly (readonly Position[])[] }
  | { type: "MultiPolygon"; coordinates: readonly (readonly (readonly Position[])[])[] };

const STEPS = 1e7;
/** Products of differences below this are exact in a double. */
const EXACT = 2 ** 52;

export const toSteps = ([lon = 0, lat = 0]: Position): Point => [Math.round(lon * STEPS), Math.round(lat * STEPS)];
export const toDegrees = ([x, y]: Point): [number, number] => [x / STEPS, y / STEPS];
export const keyOf = (point: Point): string => `${point[0]},${point[1]}`;
export const isSame = (a: Point, b: Point): boolean => a[0] === b[0] && a[1] === b[1];

export function readArea(geometry: Geometry | null): Area {
  if (!geometry) return [];
  const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  return polygons
    .map((rings) => rings.map((ring) => tidy(ring.map(toSteps))).filter((ring) => ring.length > 2))
    .filter((rings) => rings.length > 0);
}

export function writeArea(area: Area): Geometry | null {
  if (!area.length) return null;
  const coordinates = area.map((rings) => rings.map((ring) => [...ring, ring[0] as Point].map(toDegrees)));
  return { type: "MultiPolygon", coordinates };
}

/** No vertex twice in a row, nor the first again at the end. */
export function tidy(ring: Ring): Ring {
  return ring.filter((point, place) => !isSame(point, ring[(place + 1) % ring.length] as Point) || ring.length === 1);
}

export const ringsOf = (area: Area): Ring[] => area.flat();

/** Each vertex with the next one, the last with the first. */
export function* edgesOf(ring: Ring): Generator<readonly [Point, Point]> {
  for (let place = 0; place < ring.length; place++) {
    yield [ring[place] as Point, ring[(place + 1) % ring.length] as Point];
  }
}

/** On which side of a→b lies c: 1 left, -1 right, 0 on it. Exact. */
export function sideOf(a: Point, b: Point, c: Point): -1 | 0 | 1 {
  const left = (b[0] - a[0]) * (c[1] - a[1]);
  const right = (b[1] - a[1]) * (c[0] - a[0]);
  if (Math.abs(left) < EXACT && Math.abs(right) < EXACT) return Math.sign(left - right) as -1 | 0 | 1;
  const exactly = BigInt(b[0] - a[0]) * BigInt(c[1] - a[1]) - BigInt(b[1] - a[1]) * BigInt(c[0] - a[0]);
  return exactly > 0n ? 1 : exactly < 0n ? -1 : 0;
}

/** Twice the signed ground of a ring in square steps; positive when counter-clockwise. */
export function groundOf(ring: Ring): number {
  const [from] = ring;
  if (!from) return 0;
  let sum = 0;
  for (const [a, b] of edgesOf(ring)) {
    sum += (a[0] - from[0]) * (b[1] - from[1]) - (b[0] - from[0]) * (a[1] - from[1]);
  }
  return sum;
}

export const groundOfArea = (area: Area): number =>
  area.reduce(
    (sum, [outer, ...holes]) =>
      sum + Math.abs(groundOf(outer ?? [])) - holes.reduce((all, hole) => all + Math.abs(groundOf(hole)), 0),
    0,
  );

/** Inside a ring; on its line counts as outside. */
export function isInside(ring: Ring, point: Point): boolean {
  let inside = false;
  for (const [a, b] of edgesOf(ring)) {
    if (isOn(a, b, point)) return false;
    if (a[1] > point[1] === b[1] > point[1]) continue;
    if (sideOf(a, b, point) === (b[1] > a[1] ? 1 : -1)) inside = !inside;
  }
  return inside;
}

export function isOn(a: Point, b: Point, point: Point): boolean {
  if (point[0] < Math.min(a[0], b[0]) || point[0] > Math.max(a[0], b[0])) return false;
  if (point[1] < Math.min(a[1], b[1]) || point[1] > Math.max(a[1], b[1])) return false;
  return sideOf(a, b, point) === 0;
}

/** Do two stretches have more in common than an end of each? */
export function isCrossing(a: Point, b: Point, c: Point, d: Point): boolean {
  const one = sideOf(a, b, c);
  const two = sideOf(a, b, d);
  const three = sideOf(c, d, a);
  const four = sideOf(c, d, b);
  if (one * two < 0 && three * four < 0) return true;
  const touches = (p: Point, q: Point, r: Point): boolean => isOn(p, q, r) && !isSame(p, r) && !isSame(q, r);
  return touches(a, b, c) || touches(a, b, d) || touches(c, d, a) || touches(c, d, b) || (isSame(a, d) && isSame(b, c)) || (isSame(a, c) && isSame(b, d));
}

/** Outer rings counter-clockwise, holes clockwise: ground is always at the left. */
export function oriented(area: Area): Area {
  return area.map((rings) => rings.map((ring, place) => (groundOf(ring) > 0 === (place === 0) ? ring : [...ring].reverse())));
}
