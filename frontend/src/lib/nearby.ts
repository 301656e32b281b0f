/** How far things are from where somebody stands: reckoned here, told to nobody. Pure. */

export type Point = [id: number, name: string, lon: number, lat: number, url: string];
const METRES_A_DEGREE = 111_320;
const WALKED_A_MINUTE = 75;

export function metres(lon: number, lat: number, toLon: number, toLat: number): number {
  const east = (toLon - lon) * Math.cos(((lat + toLat) / 2) * (Math.PI / 180));
  return Math.round(Math.hypot(east, toLat - lat) * METRES_A_DEGREE);
}

/** The same words as `registry/nearby.py`. */
export function sayDistance(far: number): string {
  if (far < 60) return "就在旁边";
  if (far < 1500) {
    const step = far < 300 ? 10 : 100;
    const near = Math.round(far / step) * step;
    return `约 ${near} 米，走路 ${Math.max(1, Math.ceil(far / WALKED_A_MINUTE))} 分钟`;
  }
  return `约 ${(Math.round(far / 100) / 10).toFixed(1)} 公里`;
}

export function byDistance(points: readonly Point[], lon: number, lat: number): { id: number; far: number }[] {
  return points
    .map(([id, , toLon, toLat]) => ({ id, far: metres(lon, lat, toLon, toLat) }))
    .sort((one, other) => one.far - other.far || one.id - other.id);
}
