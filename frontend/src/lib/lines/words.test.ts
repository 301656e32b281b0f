import { expect, test } from "vitest";
import type { Finding } from "./draft";
import { mosaic } from "./mosaic";
import { namesOf, sizeOf, sorted, squareMetres, summary } from "./words";

const finding = (key: string, severity: Finding["severity"], size_m2: number): Finding => ({
  key, severity, size_m2, check: "gap", title: "缝隙", sentence: "", fix: "", who: [], place: null, geometry: null, owners: [],
});

test.each([
  [0, ""],
  [0.4, "不到 1 平方米"],
  [1234.6, "约 1,235 平方米"],
  [45_600, "约 4.6 公顷"],
  [999_000, "约 99.9 公顷"],
  [2_340_000, "约 2.3 平方公里"],
  [23_400_000_000, "约 23,400 平方公里"],
])("%d square metres", (square, words) => {
  expect(sizeOf(square)).toBe(words);
});

test("the worst first, then the largest", () => {
  const found = sorted([finding("a", "note", 9), finding("b", "refused", 1), finding("c", "refused", 5), finding("d", "confirm", 99)]);
  expect(found.map(({ key }) => key)).toEqual(["c", "b", "d", "a"]);
});

test("the summary counts by what is to be done", () => {
  expect(summary([finding("a", "refused", 1), finding("b", "note", 1), finding("c", "note", 1)], false)).toBe("检查过了：1 处必须改，2 处小毛病会自动处理。");
  expect(summary([], true)).toBe("检查过了，严丝合缝，可以提交。");
  expect(summary([], false)).toBe("还没有画完。");
});

test("names stand in the order of the ids, unknown ones are left out", () => {
  expect(namesOf([2, 9, 1], [{ id: 1, name: "大溪沟" }, { id: 2, name: "上清寺" }])).toBe("上清寺、大溪沟");
});

test("a cell of a hundredth of a degree is a little more than a square kilometre here", () => {
  expect(squareMetres(mosaic(1, 1).parent)).toBeCloseTo(1_078_500, -4);
});
