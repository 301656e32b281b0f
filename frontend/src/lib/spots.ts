/** What the map knows of its points, without a map: pure. */

export interface Pin {
  number: string;
  title: string;
  state: string;
  due: string;
  place: string;
  url: string;
}
export interface Spot {
  lon: number;
  lat: number;
  /** How many matters: 1 for a pin. */
  count: number;
  pin: Pin | null;
}
export type Seat = [name: string, lon: number, lat: number];
export type Extent = [west: number, south: number, east: number, north: number];
interface Feature {
  geometry: { coordinates: [number, number] };
  properties: Pin & { count?: number };
}

export function readSpots(answer: { features: Feature[] }): Spot[] {
  return answer.features.map(({ geometry, properties }) => ({
    lon: geometry.coordinates[0],
    lat: geometry.coordinates[1],
    count: properties.count ?? 1,
    pin: properties.count === undefined ? properties : null,
  }));
}

/** The address for what is shown; a view wider than the world asks for the world. */
export function addressFor(pins: string, extent: Extent): string {
  const [west, south, east, north] = extent;
  const box = [Math.max(west, -180), Math.max(south, -90), Math.min(east, 180), Math.min(north, 90)];
  return `${pins}&bbox=${box.map((degrees) => degrees.toFixed(6)).join(",")}`;
}

/** Around all of them, with some room; null when there are none. */
export function extentOf(spots: readonly Spot[]): Extent | null {
  if (spots.length === 0) return null;
  const lons = spots.map((spot) => spot.lon);
  const lats = spots.map((spot) => spot.lat);
  const extent: Extent = [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
  const room = Math.max((extent[2] - extent[0]) * 0.1, (extent[3] - extent[1]) * 0.1, 0.002);
  return [extent[0] - room, extent[1] - room, extent[2] + room, extent[3] + room];
}

/** Each place that is named by its pins, at the northernmost of them: above it none of its own lies. */
export function placesOf(spots: readonly Spot[]): { name: string; lon: number; lat: number }[] {
  const groups = new Map<string, Spot[]>();
  for (const spot of spots) {
    if (spot.pin) groups.set(spot.pin.place, [...(groups.get(spot.pin.place) ?? []), spot]);
  }
  return [...groups].map(([name, inside]) => {
    const { lon, lat } = inside.reduce((best, spot) => (spot.lat > best.lat ? spot : best));
    return { name, lon, lat };
  });
}

/** The seat next to a square, by which its line in the list is told from the others. */
export function nearest(seats: readonly Seat[], { lon, lat }: Spot): string {
  const far = ([, east, north]: Seat): number => Math.hypot((east - lon) * Math.cos((lat * Math.PI) / 180), north - lat);
  const [first, ...others] = seats;
  return first ? others.reduce((best, seat) => (far(seat) < far(best) ? seat : best), first)[0] : "";
}

export function countOf(spots: readonly Spot[]): number {
  return spots.reduce((sum, spot) => sum + spot.count, 0);
}

export function say(spots: readonly Spot[]): string {
  const count = countOf(spots);
  if (count === 0) return "这一块没有诉求。移动或缩小地图再看。";
  const isJoined = spots.some((spot) => spot.pin === null);
  return isJoined ? `这一块有 ${count} 件，太密，先看件数；放大看每一件。` : `这一块有 ${count} 件。`;
}

/** A dot grows with what it stands for, slowly. */
export function radiusFor(count: number): number {
  return count === 1 ? 8 : Math.min(12 + 3 * Math.log2(count), 40);
}

/** Between 0 and 1, for the heat: against the densest. */
export function weightFor(count: number, most: number): number {
  return Math.max(Math.sqrt(count / Math.max(most, 1)), 0.15);
}

/** A colour of the tokens (#rrggbb), as pale as wanted. */
export function shade(colour: string, strength: number): string {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  return `rgba(${red}, ${green}, ${blue}, ${strength.toFixed(2)})`;
}
