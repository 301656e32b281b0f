/** Ground joined and parted. Lines that two areas share vertex by vertex go; all others stay as they are. */
import { edgesOf, groundOf, groundOfArea, isCrossing, isInside, isOn, isSame, keyOf, oriented, ringsOf } from "./grid";
import type { Area, Point, Polygon, Ring } from "./grid";
import { NotPossible, withChild } from "./tiling";
import type { Tiling } from "./tiling";

const NOT_FITTING = "这两块的线没有对上，请先按建议修好。";

/** Areas that do not overlap, as one. */
export function dissolve(areas: readonly Area[]): Area {
  const onward = new Map<string, Point[]>();
  const point = new Map<string, Point>();
  for (const ring of areas.flatMap((area) => ringsOf(oriented(area)))) {
    for (const [a, b] of edgesOf(ring)) {
      point.set(keyOf(a), a);
      if (!takeOut(onward, b, a)) put(onward, a, b);
    }
  }
  return nested(loopsOf(onward, point));
}

function put(onward: Map<string, Point[]>, a: Point, b: Point): void {
  const from = onward.get(keyOf(a));
  if (from) from.push(b);
  else onward.set(keyOf(a), [b]);
}

function takeOut(onward: Map<string, Point[]>, a: Point, b: Point): boolean {
  const from = onward.get(keyOf(a));
  const place = from?.findIndex((one) => isSame(one, b)) ?? -1;
  if (!from || place < 0) return false;
  from.splice(place, 1);
  if (!from.length) onward.delete(keyOf(a));
  return true;
}

/** Closed ways without a vertex twice: where a way comes back to itself, that much is a ring of its own. */
function loopsOf(onward: Map<string, Point[]>, point: ReadonlyMap<string, Point>): Ring[] {
  const loops: Ring[] = [];
  for (;;) {
    const [start] = onward.keys();
    if (start === undefined) return loops;
    const way: Point[] = [point.get(start) as Point];
    while (way.length) {
      const here = way[way.length - 1] as Point;
      const next = leftmost(way[way.length - 2], here, onward.get(keyOf(here)) ?? []);
      if (!next) throw new NotPossible(NOT_FITTING);
      takeOut(onward, here, next);
      const met = way.findIndex((one) => isSame(one, next));
      if (met < 0) way.push(next);
      else {
        loops.push(way.splice(met));
        if (way.length) way.push(next);
      }
    }
  }
}

/** Coming from `before`, the way that keeps the own ground closest at the left. */
function leftmost(before: Point | undefined, here: Point, ways: readonly Point[]): Point | undefined {
  if (ways.length < 2 || !before) return ways[0];
  const back = Math.atan2(before[1] - here[1], before[0] - here[0]);
  const turn = (to: Point): number => {
    const angle = back - Math.atan2(to[1] - here[1], to[0] - here[0]);
    return angle <= 0 ? angle + 2 * Math.PI : angle;
  };
  return [...ways].sort((one, other) => turn(one) - turn(other))[0];
}

/** Each hole to the smallest outer ring around it. */
function nested(loops: readonly Ring[]): Area {
  if (loops.some((ring) => groundOf(ring) === 0)) throw new NotPossible(NOT_FITTING);
  const outers = loops.filter((ring) => groundOf(ring) > 0).sort((one, other) => groundOf(one) - groundOf(other));
  const polygons: Ring[][] = outers.map((ring) => [ring]);
  for (const hole of loops.filter((ring) => groundOf(ring) < 0)) {
    const around = polygons.find(([outer]) => isWithin(hole, outer as Ring));
    if (!around) throw new NotPossible(NOT_FITTING);
    around.push(hole);
  }
  return polygons;
}

const isWithin = (ring: Ring, outer: Ring): boolean => ring.every((point) => isInside(outer, point) || isAlong(outer, point));
const isAlong = (ring: Ring, point: Point): boolean => {
  for (const [a, b] of edgesOf(ring)) if (isOn(a, b, point)) return true;
  return false;
};

/** The ground of one child, or one piece of it, goes to another. */
export function give(tiling: Tiling, from: number, into: number, piece?: number): Tiling {
  const area = tiling.children.get(from);
  if (!area?.length || from === into) throw new NotPossible("没有可以并过去的地。");
  const given = piece === undefined ? area : area.slice(piece, piece + 1);
  const kept = piece === undefined ? [] : area.filter((_, place) => place !== piece);
  const joined = dissolve([tiling.children.get(into) ?? [], given]);
  return withChild(withChild(tiling, from, kept), into, joined);
}

export interface Halves {
  /** Which child, and what of it the line does not touch. */
  readonly id: number;
  readonly rest: Area;
  /** The larger first. */
  readonly parts: readonly [Polygon, Polygon];
}

/** A child cut by a line from one vertex of an outer ring to another. */
export function cut(tiling: Tiling, line: readonly Point[]): Halves {
  const [first, last] = [line[0], line[line.length - 1]];
  if (!first || !last || line.length < 2 || isSame(first, last)) throw new NotPossible("切线要从一条边的点画到另一条边的点。");
  for (const [id, area] of tiling.children) {
    for (const [place, polygon] of oriented(area).entries()) {
      const parts = partsOf(polygon, line);
      if (!parts) continue;
      parts.sort((one, other) => groundOfArea([other]) - groundOfArea([one]));
      return { id, rest: area.filter((_, other) => other !== place), parts };
    }
  }
  throw new NotPossible("切线要从一个地方的边线画到它的另一处边线，中间不碰别的线。");
}

/** The child keeps the larger part, or the smaller if so wished; the other goes to `to`. */
export function split(tiling: Tiling, { id, rest, parts }: Halves, to: number, isLargerGiven = false): Tiling {
  if (to === id) throw new NotPossible("请选另一个地方来接这一半。");
  const [kept, given] = isLargerGiven ? [parts[1], parts[0]] : parts;
  const joined = dissolve([tiling.children.get(to) ?? [], [given]]);
  return withChild(withChild(tiling, id, [...rest, kept]), to, joined);
}

function partsOf([outer = [], ...holes]: Polygon, line: readonly Point[]): [Polygon, Polygon] | null {
  const from = outer.findIndex((point) => isSame(point, line[0] as Point));
  const to = outer.findIndex((point) => isSame(point, line[line.length - 1] as Point));
  if (from < 0 || to < 0 || !isThrough(outer, holes, line)) return null;
  const inner = line.slice(1, -1);
  const halves: [Ring, Ring] = [
    [...stretch(outer, to, from), ...inner],
    [...stretch(outer, from, to), ...[...inner].reverse()],
  ];
  if (halves.some((ring) => groundOf(ring) <= 0)) return null;
  const [left, right] = halves.map((ring) => [ring, ...holes.filter((hole) => isWithin(hole, ring))]) as [Ring[], Ring[]];
  return [left, right];
}

/** From one place of a ring to another, both included. */
function stretch(ring: Ring, from: number, to: number): Point[] {
  return from <= to ? ring.slice(from, to + 1) : [...ring.slice(from), ...ring.slice(0, to + 1)];
}

/** Does the line run through the inside, touching nothing but with its ends? */
function isThrough(outer: Ring, holes: readonly Ring[], line: readonly Point[]): boolean {
  for (let place = 1; place < line.length; place++) {
    const [a, b] = [line[place - 1] as Point, line[place] as Point];
    for (const ring of [outer, ...holes]) {
      for (const [c, d] of edgesOf(ring)) if (isCrossing(a, b, c, d)) return false;
    }
    for (let other = 1; other < place; other++) {
      if (isCrossing(line[other - 1] as Point, line[other] as Point, a, b)) return false;
    }
    const isEnd = place === line.length - 1;
    if (!isEnd && !isInside(outer, b)) return false;
  }
  if (line.length > 2) return !holes.some((hole) => isInside(hole, line[1] as Point));
  return isDiagonal(outer, line[0] as Point, line[1] as Point);
}

/** A straight line between two vertices that crosses nothing: does it run inside? */
function isDiagonal(outer: Ring, a: Point, b: Point): boolean {
  const doubled = outer.map(([x, y]): Point => [2 * x, 2 * y]);
  return isInside(doubled, [a[0] + b[0], a[1] + b[1]]);
}
