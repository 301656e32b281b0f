import { expect, test } from "vitest";
import { cut, dissolve, give, split } from "./dissolve";
import { groundOfArea, keyOf, ringsOf } from "./grid";
import type { Area, Point } from "./grid";
import { mosaic, spot } from "./mosaic";
import { insertVertex, isClosed, withChild } from "./tiling";
import type { Tiling } from "./tiling";

const CELL = 2 * 100_000 ** 2;
const square = (column: number, row: number, size = 1): Area => [
  [[spot(column, row), spot(column + size, row), spot(column + size, row + size), spot(column, row + size)]],
];

test("neighbours become one without the line between them", () => {
  const joined = dissolve([square(0, 0), square(1, 0)]);
  expect(joined).toHaveLength(1);
  expect(groundOfArea(joined)).toBe(2 * CELL);
  expect(new Set(ringsOf(joined).flat().map(keyOf)).size).toBe(6);
});

test("a ring of eight leaves a hole in the middle", () => {
  const { children } = mosaic(3, 3);
  const around = dissolve([...children].filter(([id]) => id !== 5).map(([, area]) => area));
  expect(around.map((rings) => rings.length)).toEqual([2]);
  expect(groundOfArea(around)).toBe(8 * CELL);
});

test("what only touches in a corner stays two pieces", () => {
  expect(dissolve([square(0, 0), square(1, 1)])).toHaveLength(2);
});

test("a hole that touches the outer line in a vertex is a hole, and no ring visits a vertex twice", () => {
  const { children } = mosaic(3, 3);
  const pieces = [...children].filter(([id]) => id !== 1 && id !== 5).map(([, area]) => area);
  for (const ring of ringsOf(dissolve(pieces))) expect(new Set(ring.map(keyOf)).size).toBe(ring.length);
  expect(groundOfArea(dissolve(pieces))).toBe(7 * CELL);
});

test("a child cut from border to border gives both halves the same new line", () => {
  const tiling = mosaic(2, 2);
  const middle = spot(0.4, 0.6);
  const halves = cut(tiling, [spot(0, 0), middle, spot(1, 1)]);
  expect(halves.id).toBe(1);
  const parted = split(tiling, halves, 9);
  expect(isClosed(parted)).toBe(true);
  const [kept, given] = [parted.children.get(1) as Area, parted.children.get(9) as Area];
  expect([kept, given].map((area) => ringsOf(area).flat().some((point) => keyOf(point) === keyOf(middle)))).toEqual([true, true]);
  expect(groundOfArea(kept) + groundOfArea(given)).toBe(CELL);
  expect(groundOfArea(kept)).toBeGreaterThan(groundOfArea(given));
  expect(split(tiling, halves, 9, true).children.get(1)).toEqual(given);
});

test("the half given to a neighbour is one with it", () => {
  const tiling = mosaic(2, 2);
  const parted = split(tiling, cut(tiling, [spot(1, 0), spot(0.7, 0.5), spot(1, 1)]), 2);
  expect(isClosed(parted)).toBe(true);
  expect(parted.children.get(2)).toHaveLength(1);
});

test("a hole goes with the half it lies in", () => {
  const outer = square(0, 0, 4);
  const lake: Point[] = [spot(3, 1), spot(3, 1.5), spot(3.5, 1.5), spot(3.5, 1)];
  const tiling: Tiling = { parent: [], children: new Map([[1, [[outer[0]?.[0] ?? [], lake]]]]) };
  const { parts } = cut(tiling, [spot(0, 0), spot(2, 2.5), spot(4, 4)]);
  expect(parts.map((rings) => rings.length).sort()).toEqual([1, 2]);
  expect(groundOfArea([parts[0]]) + groundOfArea([parts[1]])).toBe(groundOfArea([...tiling.children.values()].flat()));
});

test.each([
  ["ends in free ground", [spot(0, 0), spot(0.5, 0.5)]],
  ["runs along the border", [spot(0, 0), spot(1, 0)]],
  ["leaves the child", [spot(0, 0), spot(1.5, 0.5), spot(1, 1)]],
  ["runs outside", [spot(0, 0), spot(-0.5, 0.5), spot(0, 1)]],
  ["crosses itself", [spot(0, 0), spot(0.8, 0.4), spot(0.8, 0.8), spot(0.4, 0.1), spot(1, 1)]],
  ["comes back", [spot(0, 0), spot(0.5, 0.5), spot(0, 0)]],
  ["is a point", [spot(0, 0)]],
] as const)("a line that %s cuts nothing", (_words, line) => {
  expect(() => cut(mosaic(1, 1), line)).toThrow("切线");
});

test("a half does not go to the child it comes from", () => {
  const tiling = mosaic(1, 1);
  expect(() => split(tiling, cut(tiling, [spot(0, 0), spot(1, 1)]), 1)).toThrow("另一个地方");
});

test("a child given to its neighbour is gone, and the mosaic stays closed", () => {
  const merged = give(mosaic(2, 2), 1, 2);
  expect([...merged.children.keys()].sort()).toEqual([2, 3, 4]);
  expect(isClosed(merged)).toBe(true);
});

test("one piece of two is given, the other stays", () => {
  const tiling = mosaic(3, 1);
  const loose = withChild(withChild(tiling, 3, []), 1, [...(tiling.children.get(1) ?? []), ...(tiling.children.get(3) ?? [])]);
  const given = give(loose, 1, 2, 1);
  expect(given.children.get(1)).toEqual(tiling.children.get(1));
  expect(isClosed(given)).toBe(true);
  expect(() => give(given, 3, 2)).toThrow("没有可以并过去的地");
});

test("cut and given back is as before, but for the ends of the cut", () => {
  const tiling = insertVertex(mosaic(2, 1), spot(1, 0), spot(1, 1), spot(1, 0.5));
  const parted = split(tiling, cut(tiling, [spot(0, 0), spot(0.3, 0.6), spot(1, 0.5)]), 9);
  const whole = give(parted, 9, 1);
  expect(new Set(ringsOf(whole.children.get(1) ?? []).flat().map(keyOf))).toEqual(new Set(ringsOf(tiling.children.get(1) ?? []).flat().map(keyOf)));
  expect(isClosed(whole)).toBe(true);
});
