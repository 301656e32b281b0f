import { expect, test } from "vitest";
import { isSame, keyOf, readArea, ringsOf, writeArea } from "./grid";
import type { Point } from "./grid";
import { mosaic, spot } from "./mosaic";
import { NotPossible, changedBetween, insertVertex, isClosed, isLocked, moveVertex, ownersOf, removeVertex, withChild } from "./tiling";
import type { Tiling } from "./tiling";

const CENTRE = spot(1, 1);
const four = (): Tiling => mosaic(2, 2);
const has = (tiling: Tiling, id: number, at: Point): boolean =>
  ringsOf(tiling.children.get(id) ?? []).some((ring) => ring.some((point) => isSame(point, at)));

test("a vertex of four is moved in all four, and the mosaic stays closed", () => {
  const to: Point = [CENTRE[0] + 1234, CENTRE[1] - 99];
  const moved = moveVertex(four(), CENTRE, to);
  expect(ownersOf(moved, to)).toEqual([1, 2, 3, 4]);
  expect(ownersOf(moved, CENTRE)).toEqual([]);
  expect(isClosed(moved)).toBe(true);
});

test("moving one child's copy alone would have opened a gap: the check sees it", () => {
  const tiling = four();
  const shifted = withChild(tiling, 1, [[[spot(0, 0), spot(1, 0), [CENTRE[0] - 1, CENTRE[1]], spot(0, 1)]]]);
  expect(isClosed(shifted)).toBe(false);
});

test("a vertex of the line above cannot be moved or taken out", () => {
  const tiling = four();
  expect(isLocked(tiling, spot(1, 0))).toBe(true);
  expect(() => moveVertex(tiling, spot(1, 0), spot(1, 0.2))).toThrow(NotPossible);
  expect(() => removeVertex(tiling, spot(0, 0))).toThrow("这个点在上级的线上，不能动。");
});

test("a vertex put into a shared line is in both rings, in order", () => {
  const at = spot(1.05, 0.5);
  const grown = insertVertex(four(), spot(1, 0), CENTRE, at);
  expect([1, 2, 3, 4].filter((id) => has(grown, id, at))).toEqual([1, 2]);
  expect(isClosed(grown)).toBe(true);
});

test("no vertex is put into the line above, nor where there is no line", () => {
  const tiling = four();
  expect(() => insertVertex(tiling, spot(0, 0), spot(1, 0), spot(0.5, 0))).toThrow("上级的线");
  expect(() => insertVertex(tiling, spot(0, 0), CENTRE, spot(0.5, 0.5))).toThrow("这里没有线。");
});

test("what was put in can be taken out again, and all is as before", () => {
  const tiling = four();
  const at = spot(0.5, 1.1);
  const grown = insertVertex(tiling, spot(0, 1), CENTRE, at);
  expect(removeVertex(grown, at)).toEqual(tiling);
});

test("where lines meet no vertex is taken out", () => {
  expect(() => removeVertex(four(), CENTRE)).toThrow("会合");
});

test("nobody's whole ground is moved away", () => {
  const alone: Tiling = { parent: [], children: new Map([[1, [[[spot(0, 0), spot(1, 0), spot(0, 1)]]]]]) };
  expect(() => moveVertex(alone, spot(1, 0), spot(0, 1))).toThrow("没有了");
  expect(() => removeVertex(alone, spot(1, 0))).toThrow("没有了");
});

test("nobody's ground is turned inside out", () => {
  expect(() => moveVertex(four(), CENTRE, spot(-1, -1))).toThrow("没有了");
});

test("a vertex dropped on its neighbour becomes one with it", () => {
  const at = spot(1, 0.5);
  const grown = insertVertex(four(), spot(1, 0), CENTRE, at);
  const joined = moveVertex(grown, at, CENTRE);
  expect(isClosed(joined)).toBe(true);
  expect(joined).toEqual(four());
});

test("only what has changed is told, and what is gone as null", () => {
  const tiling = four();
  const moved = moveVertex(withChild(tiling, 4, []), spot(0.9, 1), spot(0.9, 1));
  expect([...changedBetween(tiling, moved)]).toEqual([[4, null]]);
  const grown = insertVertex(tiling, spot(1, 0), CENTRE, spot(1, 0.4));
  expect([...changedBetween(tiling, grown).keys()]).toEqual([1, 2]);
});

test("what is not touched is written back with the very numbers that were read", () => {
  const text = '{"type":"MultiPolygon","coordinates":[[[[106.5000001,29.5999999],[106.6000003,29.5],[106.7,29.7000007],[106.5000001,29.5999999]]]]}';
  expect(JSON.stringify(writeArea(readArea(JSON.parse(text) as never)))).toBe(text);
  expect(keyOf([1, 2])).toBe("1,2");
});
