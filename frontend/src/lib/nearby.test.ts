import { describe, expect, it } from "vitest";
import { byDistance, metres, sayDistance } from "./nearby";
import type { Point } from "./nearby";

describe("nearby", () => {
  it("says distances in plain words", () => {
    expect([10, 100, 420, 1499, 1600].map(sayDistance)).toEqual([
      "就在旁边",
      "约 100 米，走路 2 分钟",
      "约 400 米，走路 6 分钟",
      "约 1500 米，走路 20 分钟",
      "约 1.6 公里",
    ]);
  });

  it("knows a hundredth of a degree in Chongqing", () => {
    expect(metres(106.55, 29.56, 106.55, 29.57)).toBe(1113);
    expect(metres(106.55, 29.56, 106.56, 29.56)).toBe(968);
  });

  it("puts the nearest first", () => {
    const points: Point[] = [
      [1, "远", 106.6, 29.56, "/1/"],
      [2, "近", 106.551, 29.56, "/2/"],
    ];
    expect(byDistance(points, 106.55, 29.56).map((one) => one.id)).toEqual([2, 1]);
  });
});
