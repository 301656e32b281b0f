import { beforeEach, expect, test } from "vitest";
import type { Doc } from "../../lib/lines/draft";
import { isSame, ringsOf, writeArea } from "../../lib/lines/grid";
import type { Point } from "../../lib/lines/grid";
import { mosaic, spot } from "../../lib/lines/mosaic";
import { isClosed, withChild } from "../../lib/lines/tiling";
import type { Tiling } from "../../lib/lines/tiling";
import { Desk } from "./desk";

const NAMES = ["甲街道", "乙街道", "丙街道", "丁街道"];
const REACH = 5_000;

function docOf(tiling: Tiling, isEditable = true): Doc {
  const all = NAMES.map((name, place) => ({ id: place + 1, name, code: "", kind: "township", declared_exclave: false }));
  return {
    draft: { number: "JX-1", version: 1, can: { edit: isEditable } },
    parent: { properties: { id: 9, name: "区" }, geometry: writeArea(tiling.parent) },
    around: { features: [] },
    children: { features: all.filter(({ id }) => tiling.children.has(id)).map((properties) => ({ properties, geometry: writeArea(tiling.children.get(id(properties)) ?? []) })) },
    undrawn: all.filter(({ id }) => !tiling.children.has(id)),
    findings: [],
    accepted: false,
    reason: "",
  };
}
const id = (one: { id: number }): number => one.id;

let said: string[];
let changed: Tiling[];
function deskOf(tiling: Tiling, isEditable = true): Desk {
  return new Desk(docOf(tiling, isEditable), tiling, { shown: () => undefined, changed: (drawn) => void changed.push(drawn), said: (words) => void said.push(words) });
}
const has = (tiling: Tiling, child: number, at: Point): boolean => ringsOf(tiling.children.get(child) ?? []).flat().some((point) => isSame(point, at));
const tap = (desk: Desk, at: Point): void => desk.act(desk.aim(at, REACH));

beforeEach(() => {
  said = [];
  changed = [];
});

test("a shared vertex is taken, carried and put down: one step, all its rings", () => {
  const desk = deskOf(mosaic(2, 2));
  expect(desk.hold(desk.aim(spot(1, 1), REACH))).toBe(true);
  desk.drag(spot(1.1, 1.2));
  desk.drag(spot(1.2, 1.1));
  expect(changed).toEqual([]);
  expect([1, 2, 3, 4].every((child) => has(desk.shown, child, spot(1.2, 1.1)))).toBe(true);
  desk.drop();
  expect(changed).toEqual([desk.tiling]);
  expect(isClosed(desk.tiling)).toBe(true);
  expect(said.at(-1)).toBe("点放好了，甲街道、乙街道、丙街道、丁街道的线一起改了。");
  desk.undo();
  expect(desk.tiling).toEqual(mosaic(2, 2));
  desk.redo();
  expect(has(desk.tiling, 1, spot(1.2, 1.1))).toBe(true);
});

test("let go by Esc, nothing has changed", () => {
  const desk = deskOf(mosaic(2, 2));
  desk.hold(desk.aim(spot(1, 1), REACH));
  desk.drag(spot(1.4, 1.4));
  desk.cancel();
  expect(desk.shown).toEqual(mosaic(2, 2));
  expect(changed).toEqual([]);
});

test("the line above is not taken in hand, and it is said why", () => {
  const desk = deskOf(mosaic(2, 2));
  expect(desk.hold(desk.aim(spot(1, 0), REACH))).toBe(false);
  expect(said.at(-1)).toBe("上级的点，不能动，甲街道、乙街道用着它。");
});

test("who may only look takes nothing in hand", () => {
  const desk = deskOf(mosaic(2, 2), false);
  expect(desk.hold(desk.aim(spot(1, 1), REACH))).toBe(false);
});

test("a missing township is drawn with taps on the corners, and fits", () => {
  const desk = deskOf(withChild(mosaic(2, 2), 2, []));
  desk.choose(2);
  desk.start("draw");
  for (const at of [spot(1, 0), spot(2, 0), spot(2, 1), spot(1, 1), spot(1, 0)]) tap(desk, at);
  expect(desk.pen).toBeNull();
  expect(isClosed(desk.tiling)).toBe(true);
  expect(said.at(-1)).toBe("乙街道画好了，4 个点。");
});

test("the last point again ends a drawing, and what is left open is traced", () => {
  const desk = deskOf(withChild(mosaic(2, 2), 2, []));
  desk.choose(2);
  desk.start("draw");
  for (const at of [spot(2, 0), spot(2, 1), spot(1, 1), spot(1, 1)]) tap(desk, at);
  expect(isClosed(desk.tiling)).toBe(true);
});

test("a point is taken back, then the whole drawing", () => {
  const desk = deskOf(mosaic(2, 2));
  desk.choose(1);
  desk.start("draw");
  tap(desk, spot(0, 0));
  tap(desk, spot(0.4, 0.5));
  desk.undo();
  expect(desk.points).toEqual([spot(0, 0)]);
  desk.undo();
  desk.undo();
  expect(desk.pen).toBeNull();
  expect(desk.tiling).toEqual(mosaic(2, 2));
});

test("nothing is drawn until it is said for whom", () => {
  const desk = deskOf(mosaic(2, 2));
  desk.start("draw");
  expect(desk.pen).toBeNull();
  expect(said.at(-1)).toBe("先在单子里选要画的地方。");
});

test("a township is cut, one part goes to one not drawn yet, the smaller unless told otherwise", () => {
  const start = mosaic(2, 1);
  const desk = deskOf(start);
  desk.start("cut");
  for (const at of [spot(0, 0), spot(0.3, 0.6), spot(1, 1), spot(1, 1)]) tap(desk, at);
  expect(desk.cut?.halves.id).toBe(1);
  desk.splitTo(4);
  expect([...desk.tiling.children.keys()].sort()).toEqual([1, 2, 4]);
  expect(isClosed(desk.tiling)).toBe(true);
  desk.undo();
  expect(desk.tiling).toBe(start);
});

test("a line that cuts nothing is said to, and can be mended", () => {
  const desk = deskOf(mosaic(2, 1));
  desk.start("cut");
  tap(desk, spot(0.2, 0.2));
  tap(desk, spot(0.6, 0.6));
  desk.complete();
  expect(said.at(-1)).toContain("切线要从");
  expect(desk.points).toHaveLength(2);
});

test("a line is chosen, gets a vertex, and loses it again", () => {
  const desk = deskOf(mosaic(2, 2));
  tap(desk, spot(1, 0.5));
  expect(said.at(-1)).toBe("甲街道、乙街道共用的线。");
  desk.insert();
  expect(has(desk.tiling, 2, spot(1, 0.5))).toBe(true);
  desk.remove();
  expect(desk.tiling).toEqual(mosaic(2, 2));
  desk.remove();
  expect(said.at(-1)).toBe("先选要删的点。");
});

test("a tap into the ground chooses whose it is; Esc lets it go", () => {
  const desk = deskOf(mosaic(2, 2));
  tap(desk, spot(1.5, 0.5));
  expect(desk.child).toBe(2);
  desk.cancel();
  expect(desk.child).toBeNull();
});

test("ground given to the neighbour can be fetched back", () => {
  const desk = deskOf(mosaic(2, 2));
  desk.choose(1);
  desk.give(2);
  expect(desk.tiling.children.has(1)).toBe(false);
  expect(desk.child).toBe(2);
  desk.undo();
  expect(desk.tiling.children.has(1)).toBe(true);
});

test("what the server has put right is a step that can be taken back and is then sent", () => {
  const start = mosaic(2, 2);
  const desk = deskOf(withChild(start, 2, []));
  desk.take(docOf(start), start);
  expect(changed).toEqual([]);
  desk.undo();
  expect(changed).toHaveLength(1);
  expect(desk.tiling.children.has(2)).toBe(false);
});
