/**
 * The shifted coordinates of Chinese internet maps. The formula is known only as others have written
 * it down; the constants are those in common use (Krasovsky 1940). Nothing outside the box around
 * China is moved. The engine's coordinates.py says the same for what is imported.
 */

type Degrees = readonly [lon: number, lat: number];
const SEMI_MAJOR = 6_378_245;
const ECCENTRICITY2 = 0.00669342162296594323;
const [WEST, EAST, SOUTH, NORTH] = [72.004, 137.8347, 0.8293, 55.8271];
/** Each divides what is left by about a thousand. */
const ROUNDS = 6;

export function toGcj02(at: Degrees): [number, number] {
  if (!isInChina(at)) return [at[0], at[1]];
  const [east, north] = shift(at);
  return [at[0] + east, at[1] + north];
}

export function fromGcj02(at: Degrees): [number, number] {
  let found: [number, number] = [at[0], at[1]];
  if (!isInChina(at)) return found;
  for (let round = 0; round < ROUNDS; round++) {
    const [east, north] = shift(found);
    found = [at[0] - east, at[1] - north];
  }
  return found;
}

const isInChina = ([lon, lat]: Degrees): boolean => lon >= WEST && lon <= EAST && lat >= SOUTH && lat <= NORTH;
const degrees = (radians: number): number => (radians * 180) / Math.PI;

/** By how many degrees a point is moved. */
function shift([lon, lat]: Degrees): [number, number] {
  const [x, y] = [lon - 105, lat - 35];
  const latitude = (lat * Math.PI) / 180;
  const bulge = 1 - ECCENTRICITY2 * Math.sin(latitude) ** 2;
  const meridian = (SEMI_MAJOR * (1 - ECCENTRICITY2)) / bulge ** 1.5;
  const vertical = SEMI_MAJOR / Math.sqrt(bulge);
  const root = Math.sqrt(Math.abs(x));
  const small = waves(x, [6, 20], [2, 20]);
  const east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + small + waves(x, [1, 20], [1 / 3, 40], [1 / 12, 150], [1 / 30, 300]);
  const north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + small + waves(y, [1, 20], [1 / 3, 40], [1 / 12, 160], [1 / 30, 320]);
  return [degrees(east / (vertical * Math.cos(latitude))), degrees(north / meridian)];
}

const waves = (along: number, ...all: readonly (readonly [often: number, height: number])[]): number =>
  all.reduce((sum, [often, height]) => sum + height * Math.sin(along * Math.PI * often), 0) * (2 / 3);
