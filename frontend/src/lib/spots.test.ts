import { expect, test } from "vitest";
import { addressFor, countOf, extentOf, nearest, placesOf, radiusFor, readSpots, say, shade, weightFor } from "./spots";

const PIN = { number: "CQ-1", title: "灯不亮", state: "办理中", due: "", place: "南社区", url: "/work/cases/CQ-1/" };
const point = (lon: number, lat: number, properties: object) => ({
  geometry: { coordinates: [lon, lat] as [number, number] },
  properties: properties as typeof PIN,
});
const spots = readSpots({ features: [point(106.5, 29.5, PIN), point(106.6, 29.6, { count: 7 })] });

test("a pin keeps its matter, a square only its count", () => {
  expect(spots[0]).toEqual({ lon: 106.5, lat: 29.5, count: 1, pin: PIN });
  expect(spots[1]).toEqual({ lon: 106.6, lat: 29.6, count: 7, pin: null });
  expect(countOf(spots)).toBe(8);
});

test("the address asks for what is shown, and never for more than the world", () => {
  expect(addressFor("/p?state=open", [106.5, 29.5, 106.6, 29.6])).toBe(
    "/p?state=open&bbox=106.500000,29.500000,106.600000,29.600000",
  );
  expect(addressFor("/p?", [-400, -120, 400, 120])).toBe("/p?&bbox=-180.000000,-90.000000,180.000000,90.000000");
});

test("the extent holds every point with room around it, also a single one", () => {
  const extent = extentOf(spots);
  expect(extent?.map((degrees) => degrees.toFixed(2))).toEqual(["106.49", "29.49", "106.61", "29.61"]);
  const [west, , east] = extentOf(spots.slice(0, 1)) ?? [0, 0, 0, 0];
  expect(east - west).toBeGreaterThan(0);
  expect(extentOf([])).toBeNull();
});

test("what is said tells pins from squares and from nothing", () => {
  expect(say(spots.slice(0, 1))).toBe("这一块有 1 件。");
  expect(say(spots)).toContain("放大看每一件");
  expect(say([])).toContain("没有诉求");
});

test("dots and heat grow with the count and stay within bounds", () => {
  expect(radiusFor(1)).toBeLessThan(radiusFor(2));
  expect(radiusFor(1_000_000)).toBe(40);
  expect(weightFor(10, 10)).toBe(1);
  expect(weightFor(1, 1_000_000)).toBe(0.15);
});

test("a place is named at its northernmost pin; squares name none", () => {
  const north = { ...PIN, place: "北社区" };
  const three = readSpots({ features: [point(106, 29, PIN), point(106.2, 29.4, PIN), point(107, 30, north)] });
  expect(placesOf([...three, ...spots.slice(1)])).toEqual([
    { name: "南社区", lon: 106.2, lat: 29.4 },
    { name: "北社区", lon: 107, lat: 30 },
  ]);
});

test("a square is called after the seat next to it; without seats it has no name", () => {
  const square = { lon: 106.55, lat: 29.56, count: 7, pin: null };
  expect(nearest([["北镇", 106.55, 29.9], ["南镇", 106.5, 29.5], ["西镇", 105, 29.56]], square)).toBe("南镇");
  expect(nearest([], square)).toBe("");
});

test("a shade keeps the colour and takes its strength", () => {
  expect(shade("#0f5b5e", 0.3)).toBe("rgba(15, 91, 94, 0.30)");
});
