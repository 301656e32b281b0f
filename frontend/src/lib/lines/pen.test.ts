import { expect, test } from "vitest";
import { aim } from "./aim";
import { cut, split } from "./dissolve";
import { groundOfArea, isSame, keyOf, ringsOf } from "./grid";
import type { Point } from "./grid";
import { chance, mosaic, spot } from "./mosaic";
import { back, close, finish, pick, pointsOf, takeUp, turn } from "./pen";
import { insertVertex, isClosed, withChild } from "./tiling";
import type { Tiling } from "./tiling";
import { waysFrom } from "./trace";

const REACH = 5_000;
const near = (tiling: Tiling, [x, y]: Point): ReturnType<typeof aim> => aim(tiling, [x + 800.25, y - 300.5], REACH);

test("a vertex counts before a line, a line before free ground", () => {
  const tiling = mosaic(2, 2);
  expect(near(tiling, spot(1, 1))).toEqual({ kind: "vertex", at: spot(1, 1), isLocked: false });
  expect(near(tiling, spot(0, 1))).toMatchObject({ kind: "vertex", isLocked: true });
  expect(aim(tiling, spot(1.01, 0.5), REACH)).toMatchObject({ kind: "edge", at: spot(1, 0.5), isLocked: false });
  expect(aim(tiling, spot(0.5, 0.01), REACH)).toMatchObject({ kind: "edge", at: spot(0.5, 0), isLocked: true });
  expect(aim(tiling, [spot(0.5, 0.5)[0] + 0.4, spot(0.5, 0.5)[1]], REACH)).toEqual({ kind: "free", at: spot(0.5, 0.5) });
});

test("what is dragged does not catch itself", () => {
  const tiling = mosaic(2, 2);
  expect(aim(tiling, spot(1, 1), REACH, spot(1, 1)).kind).toBe("free");
});

test("a way along the line above has its very vertices, the shorter way round", () => {
  const tiling = mosaic(4, 4, chance(5));
  expect(waysFrom(tiling, spot(0, 0))(spot(3, 0))).toEqual([spot(0, 0), spot(1, 0), spot(2, 0), spot(3, 0)]);
  expect(waysFrom(tiling, spot(0.5, 0.5))(spot(3, 0))).toBeNull();
  expect(waysFrom(tiling, spot(0, 0))(spot(0.5, 0.5))).toBeNull();
});

test("a way turns from the line above into a line between siblings", () => {
  const tiling = mosaic(3, 3);
  expect(waysFrom(tiling, spot(1, 0))(spot(1, 2))).toEqual([spot(1, 0), spot(1, 1), spot(1, 2)]);
});

test("a township drawn along the district's line and its neighbours' fits exactly", () => {
  const whole = mosaic(3, 3, chance(9));
  const missing = whole.children.get(4) as never;
  const tiling = withChild(whole, 4, []);
  expect(isClosed(tiling)).toBe(false);
  const corners = ringsOf(missing).flat() as Point[];
  let pen = takeUp(tiling);
  for (const corner of [...corners, corners[0] as Point]) pen = pick(pen, near(tiling, corner), true);
  const drawn = close(pen);
  expect(isClosed(withChild(drawn.tiling, 4, [[drawn.ring]]))).toBe(true);
});

test("two picks are enough for a long traced line; free ground is joined straight", () => {
  const tiling = withChild(mosaic(5, 2), 1, []);
  const start = pick(takeUp(tiling), near(tiling, spot(0, 0)), true);
  const traced = pick(start, near(tiling, spot(4, 0)), true);
  expect(pointsOf(traced)).toEqual([0, 1, 2, 3, 4].map((column) => spot(column, 0)));
  expect(pointsOf(pick(start, near(tiling, spot(4, 0)), false))).toEqual([spot(0, 0), spot(4, 0)]);
  expect(pointsOf(pick(start, aim(tiling, spot(0.5, 0.5), REACH), true))).toEqual([spot(0, 0), spot(0.5, 0.5)]);
});

test("the last stretch goes the other way round when told to, and back again", () => {
  const tiling = mosaic(2, 1);
  const pen = pick(pick(takeUp(tiling), near(tiling, spot(0, 0)), true), near(tiling, spot(0, 1)), true);
  expect(pointsOf(pen)).toEqual([spot(0, 0), spot(0, 1)]);
  expect(() => turn(pen)).toThrow("没有沿着线");
  const far = pick(pick(takeUp(tiling), near(tiling, spot(0, 0)), true), near(tiling, spot(2, 0)), true);
  expect(pointsOf(turn(far)).map(keyOf)).toEqual([spot(0, 0), spot(0, 1), spot(1, 1), spot(2, 1), spot(2, 0)].map(keyOf));
  expect(pointsOf(turn(turn(far)))).toEqual(pointsOf(far));
});

test("a way never goes back over what is drawn", () => {
  const tiling = mosaic(2, 2);
  let pen = takeUp(tiling);
  for (const corner of [spot(2, 0), spot(2, 1), spot(1, 1), spot(2, 0)]) pen = pick(pen, near(tiling, corner), true);
  expect(close(pen).ring.map(keyOf).sort()).toEqual([spot(1, 0), spot(2, 0), spot(2, 1), spot(1, 1)].map(keyOf).sort());
});

test("on the line above a pick takes the nearer of its vertices", () => {
  const tiling = mosaic(2, 2);
  expect(pointsOf(pick(takeUp(tiling), aim(tiling, spot(0.7, 0.01), REACH), true))).toEqual([spot(1, 0)]);
});

test("a pick on a line between siblings puts a vertex into both, and a step back takes it out", () => {
  const tiling = mosaic(2, 2);
  const pen = pick(pick(takeUp(tiling), near(tiling, spot(0, 0)), false), aim(tiling, spot(1.01, 0.5), REACH), false);
  const { line, tiling: grown } = finish(pen);
  expect(isClosed(grown)).toBe(true);
  const parted = split(grown, cut(grown, line), 9);
  expect(isClosed(parted)).toBe(true);
  expect(ringsOf(parted.children.get(2) ?? []).flat().some((point) => isSame(point, spot(1, 0.5)))).toBe(true);
  expect(finish(back(pen)).tiling).toBe(tiling);
});

test("the same point again is no new pick; a line is no ring", () => {
  const tiling = mosaic(1, 1);
  const pen = pick(takeUp(tiling), near(tiling, spot(0, 0)), true);
  expect(pick(pen, near(tiling, spot(0, 0)), true)).toBe(pen);
  expect(() => close(pick(pen, near(tiling, spot(1, 0)), true))).toThrow("三个");
});

test("a ring drawn clockwise is turned, its ground is the same", () => {
  const tiling: Tiling = { parent: [], children: new Map() };
  let pen = takeUp(tiling);
  for (const at of [spot(0, 0), spot(0, 1), spot(1, 1)]) pen = pick(pen, { kind: "free", at }, true);
  expect(groundOfArea([[close(pen).ring]])).toBe(100_000 ** 2);
});

test("thirty thousand vertices are searched for a way within a moment", () => {
  let tiling = mosaic(12, 12, chance(1));
  const ring = Array.from({ length: 20_000 }, (_, place): Point => [spot(20, 0)[0] + place * 3, spot(20, 0)[1] + (place % 2) * 7]);
  tiling = withChild(tiling, 999, [[[...ring, spot(20, -5)]]]);
  const way = waysFrom(tiling, ring[0] as Point);
  expect(way(ring[9_000] as Point)).toHaveLength(9_001);
  expect(insertVertex(tiling, ring[0] as Point, ring[1] as Point, spot(20, 0.1)).children.size).toBe(145);
});
