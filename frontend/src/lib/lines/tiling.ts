/**
 * The areas of siblings and of the area above them. A vertex several rings have is one thing: it is
 * moved, put in and taken out in all of them. Nothing is changed in place, so a step back is the
 * former value.
 */
import { edgesOf, groundOf, isSame, keyOf, oriented, ringsOf, tidy } from "./grid";
import type { Area, Point, Ring } from "./grid";

export interface Tiling {
  readonly parent: Area;
  readonly children: ReadonlyMap<number, Area>;
}

/** What cannot be done, in a sentence for the officer. */
export class NotPossible extends Error {}

const LOCKED = "这个点在上级的线上，不能动。";
const vertices = new WeakMap<Area, ReadonlySet<string>>();
const lines = new WeakMap<Area, ReadonlySet<string>>();

const edgeKey = (a: Point, b: Point): string => {
  const [one, other] = [keyOf(a), keyOf(b)];
  return one < other ? `${one} ${other}` : `${other} ${one}`;
};

function known(cache: WeakMap<Area, ReadonlySet<string>>, area: Area, keys: (ring: Ring) => string[]): ReadonlySet<string> {
  let set = cache.get(area);
  if (!set) cache.set(area, (set = new Set(ringsOf(area).flatMap(keys))));
  return set;
}

/** A vertex of the line above: it belongs to the level above. */
export function isLocked({ parent }: Tiling, point: Point): boolean {
  return known(vertices, parent, (ring) => ring.map(keyOf)).has(keyOf(point));
}

/** A stretch of the line above. */
export function isLockedEdge({ parent }: Tiling, a: Point, b: Point): boolean {
  return known(lines, parent, (ring) => [...edgesOf(ring)].map(([one, other]) => edgeKey(one, other))).has(edgeKey(a, b));
}

/** Whose rings have this vertex. */
export function ownersOf({ children }: Tiling, point: Point): number[] {
  return [...children].filter(([, area]) => ringsOf(area).some((ring) => ring.some((one) => isSame(one, point)))).map(([id]) => id);
}

/** The line of one child, or none. */
export function withChild(tiling: Tiling, id: number, area: Area): Tiling {
  const children = new Map(tiling.children);
  if (area.length) children.set(id, area);
  else children.delete(id);
  return { ...tiling, children };
}

export function moveVertex(tiling: Tiling, from: Point, to: Point): Tiling {
  if (isLocked(tiling, from)) throw new NotPossible(LOCKED);
  if (isSame(from, to)) return tiling;
  return inEveryRing(tiling, (ring) =>
    ring.some((point) => isSame(point, from)) ? tidy(ring.map((point) => (isSame(point, from) ? to : point))) : ring,
  );
}

/** A new vertex between two that follow each other, on both sides of their line. */
export function insertVertex(tiling: Tiling, a: Point, b: Point, at: Point): Tiling {
  if (isLockedEdge(tiling, a, b)) throw new NotPossible("这一段是上级的线，不能加点。请从它已有的点引线。");
  if (isSame(a, at) || isSame(b, at)) return tiling;
  const grown = inEveryRing(tiling, (ring) => {
    const added: Point[] = [];
    for (const [one, other] of edgesOf(ring)) {
      added.push(one);
      if ((isSame(one, a) && isSame(other, b)) || (isSame(one, b) && isSame(other, a))) added.push(at);
    }
    return added.length === ring.length ? ring : added;
  });
  if (grown === tiling) throw new NotPossible("这里没有线。");
  return grown;
}

export function removeVertex(tiling: Tiling, at: Point): Tiling {
  if (isLocked(tiling, at)) throw new NotPossible(LOCKED);
  if (neighboursOf(tiling, at).size !== 2) throw new NotPossible("几条线在这个点会合，不能删。可以移动它。");
  return inEveryRing(tiling, (ring) =>
    ring.some((point) => isSame(point, at)) ? tidy(ring.filter((point) => !isSame(point, at))) : ring,
  );
}

function neighboursOf({ children }: Tiling, at: Point): Set<string> {
  const found = new Set<string>();
  for (const area of children.values()) {
    for (const ring of ringsOf(area)) {
      for (const [a, b] of edgesOf(ring)) {
        if (isSame(a, at)) found.add(keyOf(b));
        if (isSame(b, at)) found.add(keyOf(a));
      }
    }
  }
  return found;
}

/** Nothing is left of it, or it is turned inside out. */
const isGone = (before: Ring, after: Ring): boolean => after.length < 3 || groundOf(before) > 0 !== groundOf(after) > 0 || groundOf(after) === 0;

/** The same value when no ring has changed. */
function inEveryRing(tiling: Tiling, change: (ring: Ring) => Ring): Tiling {
  let isChanged = false;
  const children = new Map<number, Area>();
  for (const [id, area] of tiling.children) {
    let isTouched = false;
    const next = area.map((rings) =>
      rings.map((ring) => {
        const other = change(ring);
        if (other === ring) return ring;
        if (isGone(ring, other)) throw new NotPossible("这样一来有一块地就没有了，没有改。");
        isTouched = true;
        return other;
      }),
    );
    isChanged ||= isTouched;
    children.set(id, isTouched ? next : area);
  }
  return isChanged ? { ...tiling, children } : tiling;
}

/**
 * Do the directed lines of the children have their way back in a sibling, and is what is left over
 * the line above? With valid rings that is: no gap, no overlap, nothing beyond.
 */
export function isClosed({ parent, children }: Tiling): boolean {
  const left = new Map<string, number>();
  const count = (area: Area, by: number): void => {
    for (const ring of ringsOf(oriented(area))) {
      for (const [a, b] of edgesOf(ring)) {
        const key = edgeKey(a, b);
        left.set(key, (left.get(key) ?? 0) + (key.startsWith(`${keyOf(a)} `) ? by : -by));
      }
    }
  };
  for (const area of children.values()) count(area, 1);
  count(parent, -1);
  return [...left.values()].every((rest) => rest === 0);
}

/** The children whose line is another, by id; null for one that has none any more. */
export function changedBetween(before: Tiling, after: Tiling): Map<number, Area | null> {
  const found = new Map<number, Area | null>();
  for (const id of new Set([...before.children.keys(), ...after.children.keys()])) {
    if (before.children.get(id) !== after.children.get(id)) found.set(id, after.children.get(id) ?? null);
  }
  return found;
}
