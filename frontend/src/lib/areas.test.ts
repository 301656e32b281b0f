import { describe, expect, it } from "vitest";
import { around, askBox, boxOf, canPart, classOf, isNamedAt, isWithin, levelAt, radiusFor, stepOf, weightFor, wordsOf } from "./areas";

describe("areas of the map", () => {
  it("colours smaller areas the closer one looks", () => {
    expect([6, 8.9, 9, 11.4, 11.5, 18].map(levelAt)).toEqual(["district", "district", "township", "township", "community", "community"]);
  });
  it("names a level where there is room for its names", () => {
    expect([8, 12, 14].map((zoom) => isNamedAt("township", zoom))).toEqual([false, true, false]);
    expect(isNamedAt("zone", 12)).toBe(true);
    expect(isNamedAt("river", 12)).toBe(false);
  });
  it("does not take 1.11. for a part of 1.1.", () => {
    expect(isWithin("1.1.4.", ["1.1."])).toBe(true);
    expect(isWithin("1.11.", ["1.1."])).toBe(false);
    expect(isWithin("1.1.", [])).toBe(false);
  });
  it("puts a number into the class that begins at or below it", () => {
    const bounds = [0, 1, 3, 9];
    expect([0, 1, 2, 3, 8, 9, 500].map((value) => classOf(value, bounds))).toEqual([0, 1, 1, 2, 2, 3, 3]);
    expect(wordsOf(bounds)).toEqual(["0", "1", "3", "9+"]);
    expect(wordsOf([0])).toEqual(["0"]);
  });
  it("spreads few classes over the whole ramp", () => {
    expect([0, 1, 2].map((index) => stepOf(index, 3))).toEqual([0, 3, 5]);
    expect([0, 1, 2, 3, 4, 5].map((index) => stepOf(index, 6))).toEqual([0, 1, 2, 3, 4, 5]);
    expect(stepOf(0, 1)).toBe(0);
  });
  it("lets discs and heat grow, and stop growing", () => {
    expect(radiusFor(1)).toBe(8);
    expect(radiusFor(2)).toBe(15);
    expect(radiusFor(1_000_000)).toBe(30);
    expect(weightFor(1)).toBeCloseTo(1 / 6);
    expect(weightFor(1_000_000)).toBe(1);
  });
  it("asks for a little more than what lies in a square", () => {
    expect(askBox([106.5, 29.5, 106.5, 29.5])).toBe("106.4999990,29.4999990,106.5000010,29.5000010");
  });
  it("looks closer only where that parts something", () => {
    expect(canPart([106.5, 29.5, 106.6, 29.6], 12)).toBe(true);
    expect(canPart([106.5, 29.5, 106.5, 29.5], 12)).toBe(false);
    expect(canPart([106.5, 29.5, 106.6, 29.6], 18)).toBe(false);
  });
  it("reads a box, and says when there is none", () => {
    expect(boxOf("1,2,3,4")).toEqual([1, 2, 3, 4]);
    expect([boxOf(""), boxOf("1,2,3"), boxOf("a,b,c,d")]).toEqual([null, null, null]);
    expect(around([])).toBe(null);
    expect(around([[1, 2, 3, 4], [0, 3, 2, 9]])).toEqual([0, 2, 3, 9]);
  });
});
