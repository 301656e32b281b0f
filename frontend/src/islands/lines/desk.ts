/** What the officer is doing: one drawing, one tool, one thing in hand. Knows neither map nor page. */
import { aim } from "../../lib/lines/aim";
import type { Target } from "../../lib/lines/aim";
import { cut, give, split } from "../../lib/lines/dissolve";
import type { Halves } from "../../lib/lines/dissolve";
import { placesOf } from "../../lib/lines/draft";
import type { Doc, Place } from "../../lib/lines/draft";
import { isInside, isSame } from "../../lib/lines/grid";
import type { Point } from "../../lib/lines/grid";
import { begin, redo, step, undo } from "../../lib/lines/history";
import type { History } from "../../lib/lines/history";
import { back, close, finish, lastOf, pick, pointsOf, startOf, takeUp, turn } from "../../lib/lines/pen";
import type { Pen } from "../../lib/lines/pen";
import { NotPossible, insertVertex, isLocked, moveVertex, ownersOf, removeVertex, withChild } from "../../lib/lines/tiling";
import type { Tiling } from "../../lib/lines/tiling";
import { namesOf } from "../../lib/lines/words";

export type Tool = "look" | "draw" | "cut";
/** A cut that waits for the word who gets which half. */
interface Cut {
  readonly halves: Halves;
  readonly tiling: Tiling;
  readonly isLargerGiven: boolean;
}
type Held = { readonly from: Point; readonly to: Point; readonly before: Tiling; readonly after: Tiling };
interface Told {
  shown: () => void;
  changed: (tiling: Tiling) => void;
  said: (words: string) => void;
}

export class Desk {
  tool: Tool = "look";
  /** The chosen child. */
  child: number | null = null;
  target: Target | null = null;
  held: Held | null = null;
  pen: Pen | null = null;
  cut: Cut | null = null;
  isTracing = true;
  /** Where the keyboard stands. */
  cursor: Point | null = null;
  doc: Doc;
  private history: History<Tiling>;

  constructor(
    doc: Doc,
    tiling: Tiling,
    private readonly told: Told,
  ) {
    this.doc = doc;
    this.history = begin(tiling);
  }

  get tiling(): Tiling {
    return this.history.present;
  }

  /** As it would be if what is in hand were let go. */
  get shown(): Tiling {
    return this.held?.after ?? this.cut?.tiling ?? (this.pen && this.pen.picks[this.pen.picks.length - 1]?.tiling) ?? this.tiling;
  }

  get places(): Place[] {
    return placesOf(this.doc);
  }

  get canEdit(): boolean {
    return this.doc.draft.can.edit;
  }

  get canUndo(): boolean {
    return this.history.past.length > 0 || this.pen !== null;
  }

  get canRedo(): boolean {
    return this.history.future.length > 0;
  }

  name(...ids: number[]): string {
    return namesOf(ids, this.places);
  }

  // ---- the server ----

  /** What the server says of the lines as they are. */
  learn(doc: Doc): void {
    this.doc = doc;
    this.told.shown();
  }

  /** The server's own lines: a step like any other, which can be taken back. */
  take(doc: Doc, tiling: Tiling): void {
    this.doc = doc;
    this.letGo();
    this.history = step(this.history, tiling);
    this.told.shown();
  }

  // ---- whole steps ----

  put(tiling: Tiling, words: string): void {
    this.letGo();
    if (tiling !== this.tiling) {
      this.history = step(this.history, tiling);
      this.told.changed(tiling);
    }
    this.say(words);
  }

  undo(): void {
    if (this.pen?.picks.length) return this.backOne();
    if (this.pen || this.held || this.cut) return this.cancel();
    this.travel(undo(this.history), "退回了一步。", "已经是最早的样子。");
  }

  redo(): void {
    this.travel(redo(this.history), "重做了一步。", "没有可以重做的。");
  }

  private travel(history: History<Tiling>, words: string, none: string): void {
    if (history === this.history) return this.say(none);
    this.letGo();
    this.target = null;
    this.history = history;
    this.told.changed(this.tiling);
    this.say(words);
  }

  // ---- choosing ----

  choose(id: number | null): void {
    this.child = id;
    this.say(id === null ? "没有选中地方。" : `选中${this.name(id)}。`);
  }

  start(tool: Tool): void {
    if (tool === "draw" && this.child === null) return this.say("先在单子里选要画的地方。");
    this.letGo();
    this.tool = tool;
    this.target = null;
    this.pen = tool === "look" ? null : takeUp(this.tiling);
    this.isTracing = tool === "draw";
    const words = { look: "可以选点、移点。", draw: `开始画${this.name(this.child ?? 0)}。从上级或邻居线上的一个点起。`, cut: "开始切。从要切的地方的边线上一点起。" };
    this.say(words[tool]);
  }

  cancel(): void {
    const had = this.pen ?? this.held ?? this.cut;
    this.letGo();
    this.target = null;
    if (!had) this.child = null;
    this.say(had ? "取消了，没有改。" : "没有选中什么。");
  }

  private letGo(): void {
    this.held = this.pen = this.cut = null;
    this.tool = "look";
  }

  aim(at: readonly [number, number], reach: number): Target {
    const own = this.pen ? [startOf(this.pen), lastOf(this.pen)] : [];
    const shrink = Math.cos((at[1] / 1e7) * (Math.PI / 180));
    const near = own.find((point) => point && Math.hypot((point[0] - at[0]) * shrink, point[1] - at[1]) < reach);
    if (near) return { kind: "vertex", at: near, isLocked: isLocked(this.shown, near) };
    return aim(this.held?.before ?? this.shown, at, reach, this.held?.from);
  }

  /** A click, a tap, or Enter. */
  act(target: Target): void {
    if (this.pen) return this.pickUp(target);
    if (target.kind === "free") {
      this.target = null;
      return this.choose(this.childAt(target.at));
    }
    this.target = target;
    this.say(this.describe(target));
  }

  private childAt(at: Point): number | null {
    for (const [id, area] of this.tiling.children) {
      if (area.some(([outer, ...holes]) => isInside(outer ?? [], at) && !holes.some((hole) => isInside(hole, at)))) return id;
    }
    return null;
  }

  describe(target: Target): string {
    if (target.kind === "free") return "空处。";
    const of = target.kind === "vertex" ? ownersOf(this.shown, target.at) : this.ownersOfLine(target.a, target.b);
    const whose = this.name(...of);
    const what = target.kind === "vertex" ? "点" : "线";
    if (target.isLocked) return `上级的${what}，不能动${whose ? `，${whose}用着它` : ""}。`;
    return of.length > 1 ? `${whose}共用的${what}。` : `${whose}的${what}。`;
  }

  ownersOfLine(a: Point, b: Point): number[] {
    const other = new Set(ownersOf(this.shown, b));
    return ownersOf(this.shown, a).filter((id) => other.has(id));
  }

  // ---- vertices ----

  /** Takes a vertex in hand; on a line, a new one. False when it cannot be moved. */
  hold(target: Target): boolean {
    if (!this.canEdit || this.pen || target.kind === "free") return false;
    if (target.isLocked) {
      this.target = target;
      this.say(this.describe(target));
      return false;
    }
    const before = target.kind === "edge" ? insertVertex(this.tiling, target.a, target.b, target.at) : this.tiling;
    this.held = { from: target.at, to: target.at, before, after: before };
    this.target = { kind: "vertex", at: target.at, isLocked: false };
    this.say(target.kind === "edge" ? "加了一个点，拿在手里。" : `拿起${this.describe(target)}`);
    return true;
  }

  drag(to: Point): void {
    if (!this.held) return;
    const { from, before } = this.held;
    this.attempt(() => {
      this.held = { from, to, before, after: moveVertex(before, from, to) };
      this.target = { kind: "vertex", at: to, isLocked: false };
      this.told.shown();
    });
  }

  drop(): void {
    if (!this.held) return;
    const { from, to, after } = this.held;
    const of = this.name(...ownersOf(after, to));
    const words = isSame(from, to) && after === this.tiling ? "放下了，没有移动。" : `点放好了，${of}的线一起改了。`;
    this.put(after, words);
    this.target = { kind: "vertex", at: to, isLocked: isLocked(after, to) };
    this.told.shown();
  }

  insert(): void {
    const { target } = this;
    if (target?.kind !== "edge") return this.say("先点一下要加点的线。");
    this.attempt(() => {
      this.put(insertVertex(this.tiling, target.a, target.b, target.at), "加了一个点。");
      this.target = { kind: "vertex", at: target.at, isLocked: false };
      this.told.shown();
    });
  }

  remove(): void {
    if (this.pen) return this.backOne();
    const target = this.target;
    if (target?.kind !== "vertex") return this.say("先选要删的点。");
    this.attempt(() => {
      this.put(removeVertex(this.tiling, target.at), "删了一个点。");
      this.target = null;
      this.told.shown();
    });
  }

  // ---- drawing and cutting ----

  private pickUp(target: Target): void {
    const { pen } = this;
    if (!pen) return;
    this.attempt(() => {
      const [first, last] = [startOf(pen), lastOf(pen)];
      if (last && isSame(last, target.at)) return pen.picks.length > 1 ? this.complete() : this.say("这是起点，再点别处。");
      this.pen = pick(pen, target, this.isTracing);
      if (this.tool === "draw" && first && isSame(first, target.at)) return this.complete();
      const via = this.pen.picks[this.pen.picks.length - 1]?.via.length ?? 0;
      this.say(`第 ${this.pen.picks.length} 点。${via ? `沿着线走了 ${via + 1} 段。` : ""}${this.landing(target)}`);
    });
  }

  private landing(target: Target): string {
    if (target.kind === "free") return "";
    if (target.isLocked) return "落在上级的点上。";
    const whose = target.kind === "vertex" ? this.name(...ownersOf(this.shown, target.at)) : this.name(...this.ownersOfLine(target.a, target.b));
    if (!whose) return "";
    return target.kind === "vertex" ? `落在${whose}的点上。` : `在${whose}的线上加了一个点。`;
  }

  backOne(): void {
    if (!this.pen?.picks.length) return this.cancel();
    this.pen = back(this.pen);
    this.say(`退回一点，还有 ${this.pen.picks.length} 点。`);
  }

  otherWay(): void {
    this.attempt(() => {
      if (this.pen) this.pen = turn(this.pen);
      this.say("换了另一个方向。");
    });
  }

  trace(isTracing: boolean): void {
    this.isTracing = isTracing;
    this.say(isTracing ? "两点之间沿着已有的线走。" : "两点之间走直线。");
  }

  complete(): void {
    const { pen, child } = this;
    if (!pen) return;
    this.attempt(() => {
      if (this.tool === "cut") return this.completeCut(pen);
      if (child === null) return;
      const first = startOf(pen);
      const whole = first && this.isTracing ? pick(pen, { kind: "vertex", at: first, isLocked: false }, true) : pen;
      const { ring, tiling } = close(whole);
      this.put(withChild(tiling, child, [[ring]]), `${this.name(child)}画好了，${ring.length} 个点。`);
    });
  }

  private completeCut(pen: Pen): void {
    const { line, tiling } = finish(pen);
    const halves = cut(tiling, line);
    this.pen = null;
    this.cut = { halves, tiling, isLargerGiven: false };
    this.child = halves.id;
    this.say(`${this.name(halves.id)}切成两块。选哪一块给谁。`);
  }

  flip(): void {
    if (!this.cut) return;
    this.cut = { ...this.cut, isLargerGiven: !this.cut.isLargerGiven };
    this.say(this.cut.isLargerGiven ? "给大的一块。" : "给小的一块。");
  }

  splitTo(id: number): void {
    const waiting = this.cut;
    if (!waiting) return;
    this.attempt(() => {
      const parted = split(waiting.tiling, waiting.halves, id, waiting.isLargerGiven);
      this.put(parted, `切开了，一块归${this.name(id)}。`);
    });
  }

  give(into: number, piece?: number): void {
    const from = this.child;
    if (from === null) return;
    this.attempt(() => {
      this.put(give(this.tiling, from, into, piece), `${this.name(from)}${piece === undefined ? "" : `的第 ${piece + 1} 块`}并给了${this.name(into)}。`);
      this.child = into;
      this.told.shown();
    });
  }

  erase(): void {
    if (this.child === null) return;
    this.put(withChild(this.tiling, this.child, []), `${this.name(this.child)}的线擦掉了，可以重画。`);
  }

  /** Points of what is being drawn, the place of the keyboard or mouse not among them. */
  get points(): Point[] {
    return this.pen ? pointsOf(this.pen) : [];
  }

  say(words: string): void {
    this.told.said(words);
    this.told.shown();
  }

  private attempt(act: () => void): void {
    try {
      act();
    } catch (error) {
      if (!(error instanceof NotPossible)) throw error;
      this.say(error.message);
    }
  }
}
