import { expect, test } from "vitest";
import { fromGcj02, toGcj02 } from "./gcj02";

test.each([
  [[116.404, 39.915], [116.41024449916938, 39.91640428150164]],
  [[106.5504, 29.5637], [106.55411982901873, 29.56085392071347]],
  [[105.31, 28.17], [105.31333325997193, 28.16661502336314]],
  [[110.19, 32.2], [110.1951062880558, 32.19786148182313]],
] as const)("%j is moved as the published formula moves it", (at, moved) => {
  const found = toGcj02(at);
  expect(found[0]).toBeCloseTo(moved[0], 11);
  expect(found[1]).toBeCloseTo(moved[1], 11);
});

test("there and back is where it began, to a hundredth of a step, all over the city", () => {
  for (let lon = 105.28; lon < 110.2; lon += 0.17) {
    for (let lat = 28.16; lat < 32.21; lat += 0.13) {
      const found = fromGcj02(toGcj02([lon, lat]));
      expect(Math.max(Math.abs(found[0] - lon), Math.abs(found[1] - lat))).toBeLessThan(1e-9);
    }
  }
});

test("outside the box nothing is moved", () => {
  expect(toGcj02([2.35, 48.85])).toEqual([2.35, 48.85]);
  expect(fromGcj02([139.69, 35.69])).toEqual([139.69, 35.69]);
});
