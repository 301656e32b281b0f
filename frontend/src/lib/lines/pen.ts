/** A line being drawn, pick by pick; between two vertices of lines that are there it follows them. */
import { nearerEnd } from "./aim";
import type { Target } from "./aim";
import { groundOf, isSame, tidy } from "./grid";
import type { Point, Ring } from "./grid";
import { NotPossible, insertVertex } from "./tiling";
import type { Tiling } from "./tiling";
import { waysFrom } from "./trace";
import type { Way } from "./trace";

interface Pick {
  readonly at: Point;
  /** What was traced on the way here, without the ends. */
  readonly via: readonly Point[];
  /** The tiling with the vertex this pick has put into a line. */
  readonly tiling: Tiling;
}
export interface Pen {
  readonly tiling: Tiling;
  readonly picks: readonly Pick[];
}

export const takeUp = (tiling: Tiling): Pen => ({ tiling, picks: [] });
const last = ({ picks }: Pen): Pick | undefined => picks[picks.length - 1];
const tilingOf = (pen: Pen): Tiling => last(pen)?.tiling ?? pen.tiling;

/** On the line above only its own vertices count; on a line between siblings a vertex is put in. */
export function pick(pen: Pen, target: Target, isTracing: boolean): Pen {
  const at = target.kind === "edge" && target.isLocked ? nearerEnd(target) : target.at;
  let tiling = tilingOf(pen);
  if (target.kind === "edge" && !target.isLocked) tiling = insertVertex(tiling, target.a, target.b, at);
  const from = last(pen)?.at;
  if (from && isSame(from, at)) return pen;
  const isClosing = isSame(at, startOf(pen) ?? at);
  const via = from && isTracing ? inner(waysOn(pen, isClosing, tiling)(at)) : [];
  return { ...pen, picks: [...pen.picks, { at, via, tiling }] };
}

const inner = (way: readonly Point[] | null): readonly Point[] => (way ?? []).slice(1, -1);

/** Where lines lead from the last pick, without going over what is drawn; to the start only to close. */
export function waysOn(pen: Pen, isClosing: boolean, tiling = tilingOf(pen)): Way {
  const drawn = pointsOf(pen);
  const from = drawn.pop() as Point;
  return waysFrom(tiling, from, isClosing ? drawn.slice(1) : drawn);
}

export const back = (pen: Pen): Pen => ({ ...pen, picks: pen.picks.slice(0, -1) });

/** The last stretch the other way round. */
export function turn(pen: Pen): Pen {
  const [here, before] = [last(pen), pen.picks[pen.picks.length - 2]];
  if (!here || !before || !here.via.length) throw new NotPossible("这一段没有沿着线走，没有另一个方向。");
  const drawn = pointsOf(back(pen)).filter((point) => !isSame(point, before.at) && !isSame(point, here.at));
  const via = inner(waysFrom(here.tiling, before.at, [...drawn, ...here.via])(here.at));
  if (!via.length) throw new NotPossible("这两个点之间没有另一条路。");
  return { ...pen, picks: [...pen.picks.slice(0, -1), { ...here, via }] };
}

export const pointsOf = ({ picks }: Pen): Point[] => picks.flatMap(({ via, at }) => [...via, at]);
export const startOf = ({ picks }: Pen): Point | undefined => picks[0]?.at;
export const lastOf = (pen: Pen): Point | undefined => last(pen)?.at;

/** The ring that was drawn, and the tiling with the vertices it has put in. */
export function close(pen: Pen): { ring: Ring; tiling: Tiling } {
  const ring = tidy(pointsOf(pen));
  if (ring.length < 3 || groundOf(ring) === 0) throw new NotPossible("至少要三个不在一条直线上的点。");
  return { ring: groundOf(ring) > 0 ? ring : [...ring].reverse(), tiling: tilingOf(pen) };
}

/** The line that was drawn. */
export function finish(pen: Pen): { line: readonly Point[]; tiling: Tiling } {
  return { line: pointsOf(pen), tiling: tilingOf(pen) };
}
