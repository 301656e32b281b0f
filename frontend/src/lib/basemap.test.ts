import { transform } from "ol/proj";
import { expect, test } from "vitest";
import { SHIFTED, baseLayers, registerShifted } from "./basemap";
import type { BaseMap } from "./basemap";

const CHAOTIANMEN = [106.5877, 29.5671];
const none: BaseMap = { tiles: [], credit: "", datum: "cgcs2000", grid: "w" };
const one: BaseMap = { ...none, tiles: ["https://tiles.example/{z}/{x}/{y}.png"], credit: "示例" };

test("with nothing configured there is no layer", () => {
  expect(baseLayers(none)).toEqual([]);
});

test("each address is a layer, the credit is named once", () => {
  const layers = baseLayers({ ...one, tiles: [...one.tiles, "https://tiles.example/names/{z}/{x}/{y}.png"] });
  expect(layers.map((layer) => layer.getSource()?.getUrls())).toEqual([one.tiles, ["https://tiles.example/names/{z}/{x}/{y}.png"]]);
});

test("a shifted tile is asked for by the shifted place, and laid where the true place is", () => {
  registerShifted();
  const shifted = transform(CHAOTIANMEN, "EPSG:4326", SHIFTED);
  const apart = transform(CHAOTIANMEN, "EPSG:4326", "EPSG:3857").map((along, axis) => (shifted[axis] as number) - along);
  expect(Math.hypot(...apart)).toBeGreaterThan(400);
  expect(Math.hypot(...apart)).toBeLessThan(900);
  const true3857 = transform(CHAOTIANMEN, "EPSG:4326", "EPSG:3857");
  const back = transform(transform(true3857, "EPSG:3857", SHIFTED), SHIFTED, "EPSG:3857");
  expect(back[0]).toBeCloseTo(true3857[0] as number, 3);
  expect(back[1]).toBeCloseTo(true3857[1] as number, 3);
});

test("a GCJ-02 source has the shifted projection on the common tile grid", () => {
  const source = baseLayers({ ...one, datum: "gcj02" })[0]?.getSource();
  expect(source?.getProjection()?.getCode()).toBe(SHIFTED);
  const grid = source?.getTileGrid();
  const plain = baseLayers(one)[0]?.getSource()?.getTileGrid();
  expect(grid?.getTileCoordForCoordAndZ([11_865_000, 3_450_000], 15)).toEqual(plain?.getTileCoordForCoordAndZ([11_865_000, 3_450_000], 15));
});

test("a source in degrees has two tiles side by side at its first zoom", () => {
  const grid = baseLayers({ ...one, grid: "c" })[0]?.getSource()?.getTileGrid();
  expect(grid?.getTileCoordForCoordAndZ([106.5, 29.5], 1)).toEqual([1, 1, 0]);
  expect(grid?.getResolution(1)).toBe(180 / 256);
});
