import { expect, test } from "vitest";
import type { Doc } from "../../lib/lines/draft";
import { writeArea } from "../../lib/lines/grid";
import { mosaic, spot } from "../../lib/lines/mosaic";
import { isClosed } from "../../lib/lines/tiling";
import { Desk } from "./desk";
import { keyboardOf } from "./keyboard";
import type { Sheet } from "./sheet";
import { toView } from "./view";

const start = mosaic(2, 2);
const named = [1, 2, 3, 4].map((id) => ({ properties: { id, name: `${id}号`, code: "", kind: "", declared_exclave: false }, geometry: writeArea(start.children.get(id) ?? []) }));
const doc: Doc = {
  draft: { number: "JX-1", version: 1, can: { edit: true } },
  parent: { properties: { id: 9, name: "区" }, geometry: writeArea(start.parent) },
  around: { features: [] },
  children: { features: named },
  undrawn: [],
  findings: [],
  accepted: true,
  reason: "",
};

function setting(): { desk: Desk; view: HTMLElement; press: (...keys: string[]) => void; said: string[] } {
  document.body.innerHTML = `<section><div tabindex="0"></div><input></section>`;
  const [root, view] = [document.querySelector("section") as HTMLElement, document.querySelector("div") as HTMLElement];
  const said: string[] = [];
  const desk = new Desk(doc, start, { shown: () => undefined, changed: () => undefined, said: (words) => void (words && said.push(words)) });
  // A sheet of ten metres a pixel whose middle is a little off the vertex all four share.
  const middle = toView([spot(1, 1)[0] + 4_000, spot(1, 1)[1]]);
  const sheet = { view: { getResolution: () => 10, getCenter: () => middle }, follow: () => undefined, home: () => undefined, zoom: () => undefined };
  keyboardOf(desk, sheet as unknown as Sheet, view, root);
  const press = (...keys: string[]): void => {
    for (const key of keys) {
      const [name, ...with_] = key.split("+").reverse();
      const options = { key: name as string, bubbles: true, cancelable: true, ctrlKey: with_.includes("Ctrl"), shiftKey: with_.includes("Shift") };
      view.dispatchEvent(new KeyboardEvent("keydown", options));
    }
  };
  return { desk, view, press, said };
}

test("the crosshair takes the vertex beside it, carries it by small steps, and puts it down", () => {
  const { desk, press, said } = setting();
  press("Enter");
  expect(said.at(-1)).toBe("拿起1号、2号、3号、4号共用的点。");
  press("ArrowRight", "ArrowRight", "Shift+ArrowUp", "Enter");
  expect(isClosed(desk.tiling)).toBe(true);
  const [x, y] = desk.target?.at ?? [0, 0];
  expect(x).toBeGreaterThan(spot(1, 1)[0]);
  expect(y - spot(1, 1)[1]).toBeGreaterThan(3 * (x - spot(1, 1)[0]));
  press("Ctrl+z");
  expect(desk.tiling).toBe(start);
  press("Ctrl+y");
  expect(desk.tiling).not.toBe(start);
  press("Ctrl+Shift+z");
  expect(said.at(-1)).toBe("没有可以重做的。");
});

test("Esc puts a vertex back where it was", () => {
  const { desk, press } = setting();
  press("Enter", "ArrowLeft", "Escape");
  expect(desk.held).toBeNull();
  expect(desk.tiling).toBe(start);
});

test("N and P walk from vertex to vertex of the chosen place", () => {
  const { desk, press, said } = setting();
  press("n");
  expect(said.at(-1)).toContain("先选一个地方");
  desk.choose(1);
  press("n");
  expect(desk.cursor).toEqual(spot(0, 0));
  press("p");
  expect(desk.cursor).toEqual(spot(0, 1));
});

test("Delete takes out the chosen vertex, or says why not", () => {
  const { desk, press, said } = setting();
  press("Enter", "Enter", "Delete");
  expect(said.at(-1)).toBe("几条线在这个点会合，不能删。可以移动它。");
  expect(desk.tiling).toBe(start);
});

test("in a field the keys are the field's own", () => {
  const { desk } = setting();
  desk.choose(1);
  desk.erase();
  const input = document.querySelector("input") as HTMLInputElement;
  const undo = new KeyboardEvent("keydown", { key: "z", ctrlKey: true, bubbles: true, cancelable: true });
  input.dispatchEvent(undo);
  expect(undo.defaultPrevented).toBe(false);
  expect(desk.tiling.children.has(1)).toBe(false);
});
