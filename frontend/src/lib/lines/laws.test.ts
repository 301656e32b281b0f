/** Whatever an officer does to a closed mosaic, it stays closed, and every step can be taken back. */
import { expect, test } from "vitest";
import { cut, give, split } from "./dissolve";
import { edgesOf, groundOfArea, ringsOf } from "./grid";
import type { Point } from "./grid";
import { begin, redo, step, undo } from "./history";
import { chance, mosaic } from "./mosaic";
import { NotPossible, insertVertex, isClosed, isLocked, isLockedEdge, moveVertex, removeVertex } from "./tiling";
import type { Tiling } from "./tiling";

type Random = (below: number) => number;
type Act = (tiling: Tiling, random: Random) => Tiling;
const one = <T>(all: readonly T[], random: Random): T => all[random(all.length)] as T;
const points = (tiling: Tiling): Point[] => [...tiling.children.values()].flatMap((area) => ringsOf(area).flat());
const edges = (tiling: Tiling): (readonly [Point, Point])[] => [...tiling.children.values()].flatMap((area) => ringsOf(area).flatMap((ring) => [...edgesOf(ring)]));
const around = ([x, y]: Point, random: Random): Point => [x + random(2001) - 1000, y + random(2001) - 1000];

const acts: Record<string, Act> = {
  move: (tiling, random) => {
    const at = one(points(tiling), random);
    return moveVertex(tiling, at, around(at, random));
  },
  onto: (tiling, random) => moveVertex(tiling, one(points(tiling), random), one(points(tiling), random)),
  insert: (tiling, random) => {
    const [a, b] = one(edges(tiling), random);
    return insertVertex(tiling, a, b, around([Math.round((a[0] + b[0]) / 2), Math.round((a[1] + b[1]) / 2)], random));
  },
  remove: (tiling, random) => removeVertex(tiling, one(points(tiling), random)),
  split: (tiling, random) => {
    const ring = one([...tiling.children.values()].flatMap((area) => area.map(([outer]) => outer ?? [])), random);
    return split(tiling, cut(tiling, [one(ring, random), one(ring, random)]), 100 + random(5), random(2) === 1);
  },
  give: (tiling, random) => {
    const ids = [...tiling.children.keys()];
    return ids.length < 4 ? tiling : give(tiling, one(ids, random), one(ids, random), random(2) ? 0 : undefined);
  },
};

function attempt(tiling: Tiling, random: Random, done: Map<string, number>): Tiling {
  const name = one(Object.keys(acts), random);
  try {
    const next = (acts[name] as Act)(tiling, random);
    if (next !== tiling) done.set(name, (done.get(name) ?? 0) + 1);
    return next;
  } catch (error) {
    if (!(error instanceof NotPossible)) throw error;
    return tiling;
  }
}

test("thousands of acts leave no gap and no overlap, and the line above alone", () => {
  const done = new Map<string, number>();
  for (let seed = 1; seed <= 40; seed++) {
    const random = chance(seed);
    const start = mosaic(3, 3, random);
    let tiling = start;
    for (let turn = 0; turn < 80; turn++) {
      tiling = attempt(tiling, random, done);
      expect(isClosed(tiling), `seed ${seed}, act ${turn}`).toBe(true);
    }
    expect(tiling.parent).toBe(start.parent);
  }
  expect([...done.keys()].sort()).toEqual(Object.keys(acts).sort());
  expect([...done.values()].reduce((sum, each) => sum + each)).toBeGreaterThan(600);
});

test("acts that keep rings simple keep the ground: what one loses another wins", () => {
  for (let seed = 1; seed <= 20; seed++) {
    const random = chance(seed);
    let tiling = mosaic(3, 3, random);
    const whole = groundOfArea(tiling.parent);
    for (let turn = 0; turn < 40; turn++) {
      try {
        tiling = (acts[one(["move", "insert", "split", "give"], random)] as Act)(tiling, random);
      } catch (error) {
        if (!(error instanceof NotPossible)) throw error;
      }
    }
    const sum = [...tiling.children.values()].reduce((all, area) => all + groundOfArea(area), 0);
    expect(sum).toBe(whole);
  }
});

test("back and forth ends where it began; a new act forgets what was taken back", () => {
  const random = chance(3);
  let history = begin(mosaic(3, 3, random));
  const seen = [history.present];
  for (let turn = 0; turn < 60; turn++) {
    const next = attempt(history.present, random, new Map());
    if (next !== history.present) seen.push(next);
    history = step(history, next);
  }
  for (const tiling of [...seen].reverse()) {
    expect(history.present).toBe(tiling);
    history = undo(history);
  }
  expect(undo(history)).toBe(history);
  for (const tiling of seen) {
    expect(history.present).toBe(tiling);
    history = redo(history);
  }
  expect(redo(history)).toBe(history);
  expect(redo(undo(history))).toEqual(history);
  const other = mosaic(1, 1);
  const branched = step(undo(history), other);
  expect(branched.future).toEqual([]);
  expect(undo(branched).present).toBe(seen[seen.length - 2]);
  expect(step(branched, other)).toBe(branched);
});

test("whatever is locked was so from the beginning", () => {
  const random = chance(11);
  let tiling = mosaic(4, 4, random);
  const locked = points(tiling).filter((point) => isLocked(tiling, point)).length;
  for (let turn = 0; turn < 50; turn++) tiling = attempt(tiling, random, new Map());
  expect(locked).toBeGreaterThan(0);
  expect(ringsOf(tiling.parent).flatMap((ring) => [...edgesOf(ring)]).every(([a, b]) => isLockedEdge(tiling, a, b))).toBe(true);
  for (const point of ringsOf(tiling.parent).flat()) expect(isLocked(tiling, point)).toBe(true);
});
