import { expect, test } from "vitest";
import { groundOf, isCrossing, isInside, keyOf, oriented, readArea, sideOf, toDegrees, toSteps, writeArea } from "./grid";
import type { Point } from "./grid";
import { chance } from "./mosaic";

test("what is on the grid comes back bit for bit, with seven decimals", () => {
  const random = chance(7);
  for (let turn = 0; turn < 5000; turn++) {
    const text = `${105 + random(5)}.${String(random(10_000_000)).padStart(7, "0")}`;
    const degree = Number(text);
    expect(toDegrees(toSteps([degree, 29.5]))[0]).toBe(degree);
  }
});

test("a polygon and a multipolygon are read alike, an end that repeats the start is one vertex", () => {
  const ring = [[106.5, 29.5], [106.6, 29.5], [106.6, 29.6], [106.5, 29.5]];
  const area = readArea({ type: "Polygon", coordinates: [ring] });
  expect(area).toEqual(readArea({ type: "MultiPolygon", coordinates: [[ring]] }));
  expect(area[0]?.[0]).toHaveLength(3);
  expect(writeArea(area)).toEqual({ type: "MultiPolygon", coordinates: [[ring]] });
});

test("nothing drawn is nothing", () => {
  expect(readArea(null)).toEqual([]);
  expect(writeArea([])).toBeNull();
});

test("the side is exact where a double would round", () => {
  const far = 1_800_000_000;
  expect(sideOf([-far, -far], [far, far], [far - 1, far - 1])).toBe(0);
  expect(sideOf([-far, -far], [far, far + 1], [1, 1])).toBe(-1);
  expect(sideOf([-far, -far], [far, far - 1], [0, 0])).toBe(1);
});

test("outer rings run counter-clockwise, holes clockwise", () => {
  const square: Point[] = [[0, 0], [0, 9], [9, 9], [9, 0]];
  const hole: Point[] = [[2, 2], [4, 2], [4, 4], [2, 4]];
  const [polygon] = oriented([[square, hole]]);
  expect(polygon?.map((ring) => Math.sign(groundOf(ring)))).toEqual([1, -1]);
  expect(new Set(polygon?.[0]?.map(keyOf))).toEqual(new Set(square.map(keyOf)));
});

test("on the line is not inside", () => {
  const ring: Point[] = [[0, 0], [10, 0], [10, 10], [0, 10]];
  expect([[5, 5], [10, 5], [0, 0], [11, 5], [-1, 0]].map((point) => isInside(ring, point as unknown as Point))).toEqual([true, false, false, false, false]);
});

test.each([
  ["an end in common is no crossing", [[0, 0], [4, 4], [4, 4], [8, 0]], false],
  ["through each other", [[0, 0], [4, 4], [0, 4], [4, 0]], true],
  ["an end on the middle of the other", [[0, 0], [4, 4], [2, 2], [9, 0]], true],
  ["one along the other", [[0, 0], [4, 4], [0, 0], [9, 9]], true],
  ["the same line back", [[0, 0], [4, 4], [4, 4], [0, 0]], true],
  ["apart", [[0, 0], [4, 4], [5, 5], [9, 9]], false],
] as const)("%s", (_words, [a, b, c, d], crosses) => {
  expect(isCrossing(a, b, c, d)).toBe(crosses);
});
