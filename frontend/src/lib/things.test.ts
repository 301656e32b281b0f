import { describe, expect, it } from "vitest";
import { badge, drawnFrom, iconOf, isDrawn, isNamed, isOf, isThing, panelOf, pointOf, readSymbols } from "./things";
import type { Overlay } from "./things";

const FACILITIES: Overlay = {
  layer: "facilities",
  since: 13,
  icon: "place",
  icons: { service: "plus", elder: "care" },
  shown: true,
  thing: "/work/map/at/facility/ID/",
};
const plain = (address: string): string => decodeURIComponent(address.replace("data:image/svg+xml,", ""));

describe("what is laid over the map", () => {
  it("has the sign of its category, or the one of its layer", () => {
    expect(["service", "elder", "toilet", undefined].map((category) => iconOf(FACILITIES, category))).toEqual(["plus", "care", "place", "place"]);
  });
  it("is drawn as soon as its first tiles are", () => {
    expect(drawnFrom(FACILITIES)).toBe(12.5);
    expect([12.5, 12.6, 18].map((zoom) => isDrawn(FACILITIES, zoom))).toEqual([false, true, true]);
    expect([16.9, 17].map(isNamed)).toEqual([false, true]);
  });
  it("leads to its panel", () => {
    expect(panelOf(FACILITIES, 12)).toBe("/work/map/at/facility/12/");
  });
  it("is told from what has the same number, or ends with it", () => {
    expect(isThing(FACILITIES, 2, "facility:2")).toBe(true);
    expect(isThing(FACILITIES, 2, "facility:12")).toBe(false);
    expect(isThing(FACILITIES, 2, "building:2")).toBe(false);
    expect([isOf(FACILITIES, "facility:9"), isOf(FACILITIES, ""), isOf(FACILITIES, "facility:")]).toEqual([true, false, false]);
  });
  it("reads a point, and nothing out of nothing", () => {
    expect(pointOf("106.5,29.5")).toEqual([106.5, 29.5]);
    expect(["", "1", "a,b", "1,2,3"].map(pointOf)).toEqual([null, null, null, null]);
  });
  it("takes its drawing from the icon set", () => {
    const symbols = readSymbols('<svg xmlns="http://www.w3.org/2000/svg"><symbol id="i-plus" viewBox="0 0 24 24"><path d="M12 5v14"/></symbol></svg>');
    expect(Object.keys(symbols)).toEqual(["plus"]);
    const square = plain(badge(symbols["plus"]!, { round: false, ink: "#123456", chosen: false }));
    expect(square).toContain("M12 5v14");
    expect(square).toContain("<rect");
    expect(square).toContain('stroke="#123456" stroke-width="2"');
    const disc = plain(badge("", { round: true, ink: "#123456", chosen: true }));
    expect(disc).toContain("<circle");
    expect(disc).toContain('stroke-width="5"');
  });
});
