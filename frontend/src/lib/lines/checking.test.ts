import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Checking } from "./checking";
import type { State } from "./checking";
import { Refused, tilingOf, withShapes } from "./draft";
import type { Doc } from "./draft";
import { readArea, writeArea } from "./grid";
import { forget, kept } from "./keep";
import { mosaic, spot } from "./mosaic";
import { moveVertex, withChild } from "./tiling";
import type { Tiling } from "./tiling";

const NUMBER = "XJ-2026-0001";
const start = mosaic(2, 2);
const moved = moveVertex(start, spot(1, 1), spot(1.1, 1.1));
const further = moveVertex(moved, spot(1.1, 1.1), spot(1.2, 1.1));

function docOf(tiling: Tiling, version: number): Doc {
  const features = [...tiling.children].map(([id, area]) => ({ properties: { id, name: `${id}号`, code: "", kind: "", declared_exclave: false }, geometry: writeArea(area) }));
  return {
    draft: { number: NUMBER, version, can: { edit: true } },
    parent: { properties: { id: 0, name: "上级" }, geometry: writeArea(tiling.parent) },
    around: { features: [] },
    children: { features },
    undrawn: [],
    findings: [],
    accepted: true,
    reason: "",
  };
}

interface Setting {
  checking: Checking;
  sent: { version: number; ids: string[] }[];
  states: State[];
  versions: number[];
  answers: (Refused | null)[];
}

function setting(): Setting {
  const [sent, states, versions, answers]: [Setting["sent"], State[], number[], Setting["answers"]] = [[], [], [], []];
  const ask = async (_what: string, body?: object): Promise<Doc> => {
    const { version, children } = body as { version: number; children: object };
    sent.push({ version, ids: Object.keys(children) });
    const answer = answers.shift();
    if (answer) throw answer;
    return docOf(start, version + 1);
  };
  const told = { checked: (doc: Doc) => void versions.push(doc.draft.version), state: (state: State) => void states.push(state) };
  return { checking: new Checking(ask, NUMBER, docOf(start, 3), start, told), sent, states, versions, answers };
}

beforeEach(() => vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(async () => {
  vi.useRealTimers();
  await forget(NUMBER);
});

test("several changes in a moment are one question, with those children alone that are others", async () => {
  const { checking, sent, states, versions } = setting();
  checking.change(moved);
  checking.change(withChild(further, 4, start.children.get(4) ?? []));
  await vi.advanceTimersByTimeAsync(599);
  expect(sent).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(sent).toEqual([{ version: 3, ids: ["1", "2", "3"] }]);
  expect(versions).toEqual([4]);
  expect(states).toEqual(["waiting", "waiting", "checking", "clean"]);
});

test("what was changed while the server looked is sent afterwards, upon the new version", async () => {
  const { checking, sent } = setting();
  checking.change(moved);
  const asked = checking.flush();
  checking.change(further);
  expect(await asked).toBe(true);
  expect(sent.map(({ version }) => version)).toEqual([3, 4]);
});

test("without a network it is kept, tried again, and forgotten only when the server has it", async () => {
  const { checking, sent, states, answers } = setting();
  answers.push(new Refused(0, ""), new Refused(502, ""));
  checking.change(moved);
  expect(await checking.flush()).toBe(false);
  expect(states.at(-1)).toBe("offline");
  const drawn = await kept(NUMBER);
  expect(drawn?.version).toBe(3);
  expect(withShapes(start, drawn?.shapes ?? {})).toEqual(moved);
  await vi.advanceTimersByTimeAsync(4_000);
  expect(sent).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(8_000);
  expect(sent).toHaveLength(3);
  expect(states.at(-1)).toBe("clean");
  await vi.waitFor(async () => expect(await kept(NUMBER)).toBeUndefined());
});

test("upon another's version nothing is sent until the officer has chosen; then all of his", async () => {
  const { checking, sent, states, answers } = setting();
  answers.push(new Refused(409, "有人改过"));
  checking.change(moved);
  await checking.flush();
  checking.change(further);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(sent).toHaveLength(1);
  expect(states.at(-1)).toBe("stale");
  const theirs = docOf(moved, 9);
  checking.rebase(theirs, tilingOf(theirs));
  await vi.advanceTimersByTimeAsync(600);
  expect(sent[1]).toEqual({ version: 9, ids: ["1", "2", "3", "4"] });
});

test("what cannot be read waits for the next change, and is not sent again by itself", async () => {
  const { checking, sent, states, answers } = setting();
  answers.push(new Refused(422, "坐标不对"));
  checking.change(moved);
  await checking.flush();
  await vi.advanceTimersByTimeAsync(60_000);
  expect([sent.length, states.at(-1)]).toEqual([1, "refused"]);
  checking.change(further);
  await vi.advanceTimersByTimeAsync(600);
  expect([sent.length, states.at(-1)]).toEqual([2, "clean"]);
});

test("taken back before it was sent, there is nothing to send", async () => {
  const { checking, sent } = setting();
  checking.change(moved);
  checking.change(start);
  await vi.advanceTimersByTimeAsync(600);
  expect(sent).toEqual([]);
  expect(checking.isSent).toBe(true);
});

test("lines read twice are the same value, so that nothing looks changed", () => {
  const again = tilingOf(docOf(start, 3), start);
  expect(again).toBe(start);
  const other = tilingOf(docOf(moved, 4), start);
  expect(other.parent).toBe(start.parent);
  expect(other.children.get(1)).toEqual(readArea(writeArea(moved.children.get(1) ?? [])));
});
