/** What the map knows of its areas, colours and squares, without a map: pure. */

export type Box = [west: number, south: number, east: number, north: number];
export type Level = "district" | "township" | "community";
export interface Figures {
  /** Where each class begins, the first at 0. */
  bounds: number[];
  values: Record<string, number>;
}

const LEVELS: [from: number, level: Level][] = [
  [11.5, "community"],
  [9, "township"],
  [0, "district"],
];
const NAMED: Record<string, [from: number, until: number]> = {
  district: [0, 10.5],
  township: [10, 14],
  community: [13.2, 99],
  group: [16, 99],
  grid: [16, 99],
  compound: [15.5, 99],
};
export const SMALL = new Set(["group", "grid", "compound"]);
const SAME: Record<string, string> = { zone: "township" };

/** Which areas are coloured at a zoom. */
export function levelAt(zoom: number): Level {
  return (LEVELS.find(([from]) => zoom >= from) ?? LEVELS[2]!)[1];
}

/** The level that a layer of the tiles stands for. */
export function levelOf(layer: string): string {
  return SAME[layer] ?? layer;
}

export function isNamedAt(kind: string, zoom: number): boolean {
  const [from, until] = NAMED[levelOf(kind)] ?? [99, 0];
  return zoom >= from && zoom < until;
}

/** A path ends with a dot: `1.1.` is not above `1.11.`. */
export function isWithin(path: string, places: readonly string[]): boolean {
  return places.some((place) => path.startsWith(place));
}

export function classOf(value: number, bounds: readonly number[]): number {
  let found = 0;
  bounds.forEach((from, at) => {
    if (value >= from) found = at;
  });
  return found;
}

/** Which step of the ramp a class has: with few classes they lie apart. */
export function stepOf(index: number, classes: number): number {
  return classes < 2 ? 0 : Math.round((index * 5) / (classes - 1));
}

export function wordsOf(bounds: readonly number[]): string[] {
  return bounds.map((from, at) => (at === bounds.length - 1 && at > 0 ? `${from}+` : String(from)));
}

/** A disc grows with what it stands for, slowly. */
export function radiusFor(count: number): number {
  return count === 1 ? 8 : Math.min(13 + 2 * Math.log2(count), 30);
}

/** Between 0 and 1, for the heat. */
export function weightFor(count: number): number {
  return Math.min(Math.log2(1 + count) / 6, 1);
}

/** A little larger than what it holds, so that one point has a box too. */
export function askBox([west, south, east, north]: Box): string {
  const room = 1e-6;
  return [west - room, south - room, east + room, north + room].map((degrees) => degrees.toFixed(7)).join(",");
}

/** Whether looking closer would part what lies in a box. */
export function canPart([west, south, east, north]: Box, zoom: number): boolean {
  return zoom < 17.5 && Math.max(east - west, north - south) > 0.00005;
}

export function boxOf(text: string): Box | null {
  const numbers = text.split(",").map(Number);
  return numbers.length === 4 && numbers.every(Number.isFinite) && text !== "" ? (numbers as Box) : null;
}

export function around(boxes: readonly Box[]): Box | null {
  const [first, ...others] = boxes;
  if (!first) return null;
  return others.reduce<Box>(
    (whole, box) => [Math.min(whole[0], box[0]), Math.min(whole[1], box[1]), Math.max(whole[2], box[2]), Math.max(whole[3], box[3])],
    first,
  );
}
