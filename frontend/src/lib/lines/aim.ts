/** What a finger, a mouse or the crosshair means: a vertex first, then a line, else free ground. */
import { edgesOf, ringsOf } from "./grid";
import type { Area, Point } from "./grid";
import { isLocked, isLockedEdge } from "./tiling";
import type { Tiling } from "./tiling";

export type Target =
  | { readonly kind: "vertex"; readonly at: Point; readonly isLocked: boolean }
  | { readonly kind: "edge"; readonly at: Point; readonly a: Point; readonly b: Point; readonly isLocked: boolean }
  | { readonly kind: "free"; readonly at: Point };

/** `reach` in steps of latitude. `at` need not be whole; what comes back is. */
export function aim(tiling: Tiling, at: readonly [number, number], reach: number, besides?: Point): Target {
  const shrink = Math.cos((at[1] / 1e7) * (Math.PI / 180));
  const areas = [...tiling.children.values(), tiling.parent];
  const vertex = nearestVertex(areas, at, reach, shrink, besides);
  if (vertex) return { kind: "vertex", at: vertex, isLocked: isLocked(tiling, vertex) };
  const edge = nearestEdge(areas, at, reach, shrink, besides);
  if (edge) return { kind: "edge", ...edge, isLocked: isLockedEdge(tiling, edge.a, edge.b) };
  return { kind: "free", at: [Math.round(at[0]), Math.round(at[1])] };
}

type Spot = readonly [number, number];

function nearestVertex(areas: readonly Area[], at: Spot, reach: number, shrink: number, besides?: Point): Point | null {
  let [best, found]: [number, Point | null] = [reach * reach, null];
  for (const area of areas) {
    for (const ring of ringsOf(area)) {
      for (const point of ring) {
        const far = ((point[0] - at[0]) * shrink) ** 2 + (point[1] - at[1]) ** 2;
        if (far < best && !(besides && besides[0] === point[0] && besides[1] === point[1])) [best, found] = [far, point];
      }
    }
  }
  return found;
}

interface Foot {
  at: Point;
  a: Point;
  b: Point;
}

function nearestEdge(areas: readonly Area[], at: Spot, reach: number, shrink: number, besides?: Point): Foot | null {
  let [best, found]: [number, Foot | null] = [reach, null];
  for (const area of areas) {
    for (const ring of ringsOf(area)) {
      for (const [a, b] of edgesOf(ring)) {
        if (besides && [a, b].some((end) => end[0] === besides[0] && end[1] === besides[1])) continue;
        const [along, rise] = [(b[0] - a[0]) * shrink, b[1] - a[1]];
        const share = ((at[0] - a[0]) * shrink * along + (at[1] - a[1]) * rise) / (along * along + rise * rise);
        if (share <= 0 || share >= 1) continue;
        const foot: Spot = [a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])];
        const far = Math.hypot((foot[0] - at[0]) * shrink, foot[1] - at[1]);
        if (far < best) [best, found] = [far, { a, b, at: [Math.round(foot[0]), Math.round(foot[1])] }];
      }
    }
  }
  return found;
}

/** The end of a line nearer to a point on it. */
export function nearerEnd({ at, a, b }: { at: Point; a: Point; b: Point }): Point {
  const far = (end: Point): number => Math.hypot(end[0] - at[0], end[1] - at[1]);
  return far(a) <= far(b) ? a : b;
}
