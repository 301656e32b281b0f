/** All of it without a mouse: a crosshair that walks, Enter that picks. */
import { isSame, ringsOf } from "../../lib/lines/grid";
import type { Point } from "../../lib/lines/grid";
import type { Desk } from "./desk";
import type { Sheet } from "./sheet";
import { fromView, stepsOf } from "./view";

const STEP = 10;
const STRIDE = 80;
const REACH = 9;
const ARROWS: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

export function keyboardOf(desk: Desk, sheet: Sheet, view: HTMLElement, root: HTMLElement): () => void {
  const steps = (pixels: number, at: Point): number => Math.max(1, Math.round(stepsOf(pixels, sheet.view.getResolution() ?? 1, at)));
  const middle = (): Point => {
    const [x, y] = fromView(sheet.view.getCenter() ?? [0, 0]);
    return [Math.round(x), Math.round(y)];
  };
  const walk = ([east, north]: [number, number], isFar: boolean): void => {
    const { held } = desk;
    const from = held?.to ?? desk.cursor ?? middle();
    const far = steps((isFar ? STRIDE : STEP) / (held ? 10 : 1), from);
    const to: Point = [from[0] + east * far, from[1] + north * far];
    desk.cursor = to;
    sheet.follow(to);
    if (held) return desk.drag(to);
    const target = desk.aim(to, steps(REACH, to));
    desk.say(target.kind === "free" ? "" : desk.describe(target));
  };
  const enter = (): void => {
    if (desk.held) return desk.drop();
    const at = desk.cursor ?? middle();
    desk.cursor = at;
    const target = desk.aim(at, steps(REACH, at));
    if (desk.pen || target.kind === "free" || !desk.hold(target)) desk.act(target);
  };
  /** From vertex to vertex of the chosen child. */
  const leap = (by: 1 | -1): void => {
    const points = ringsOf(desk.tiling.children.get(desk.child ?? -1) ?? []).flat();
    if (!points.length) return desk.say("先选一个地方，再按 N 走到它的点。");
    const now = points.findIndex((point) => desk.cursor && isSame(point, desk.cursor));
    const to = points[(now + by + points.length) % points.length] as Point;
    desk.cursor = to;
    sheet.follow(to);
    desk.say(desk.describe(desk.aim(to, 1)));
  };
  const keys: Record<string, () => void> = {
    Enter: enter,
    Delete: () => desk.remove(),
    Backspace: () => desk.remove(),
    n: () => leap(1),
    p: () => leap(-1),
    t: () => desk.trace(!desk.isTracing),
    r: () => desk.otherWay(),
    f: () => desk.complete(),
    Home: () => sheet.home(),
    "+": () => sheet.zoom(1),
    "=": () => sheet.zoom(1),
    "-": () => sheet.zoom(-1),
  };
  const onView = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = ARROWS[event.key];
    const act = arrow ? () => walk(arrow, event.shiftKey) : keys[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  const onRoot = (event: KeyboardEvent): void => {
    const isWriting = (event.target as Element).closest("input:not([type=checkbox]), textarea, select");
    if (event.key === "Escape") {
      event.stopPropagation();
      return desk.cancel();
    }
    if (isWriting || !(event.ctrlKey || event.metaKey)) return;
    const key = event.key.toLowerCase();
    if (key !== "z" && key !== "y") return;
    event.preventDefault();
    if (key === "y" || event.shiftKey) desk.redo();
    else desk.undo();
  };
  view.addEventListener("keydown", onView);
  root.addEventListener("keydown", onRoot);
  return () => {
    view.removeEventListener("keydown", onView);
    root.removeEventListener("keydown", onRoot);
  };
}
