/** Mouse, finger and pen: a tap picks, a drag moves what can be moved, else the map. */
import type MapBrowserEvent from "ol/MapBrowserEvent";
import PointerInteraction from "ol/interaction/Pointer";
import type { Target } from "../../lib/lines/aim";
import type { Desk } from "./desk";
import type { Sheet } from "./sheet";
import { fromView, stepsOf } from "./view";

const MOUSE = 10;
const FINGER = 24;

export function handOf(desk: Desk, sheet: Sheet): void {
  const targetOf = (event: MapBrowserEvent): Target => {
    const at = fromView(event.coordinate);
    const isFinger = (event.originalEvent as Partial<PointerEvent>).pointerType === "touch";
    return desk.aim(at, stepsOf(isFinger ? FINGER : MOUSE, sheet.view.getResolution() ?? 1, at));
  };
  let hasMoved = false;
  sheet.map.addInteraction(
    new PointerInteraction({
      handleDownEvent: (event) => {
        desk.cursor = null;
        if (!desk.canEdit || desk.pen || desk.cut || !isPrimary(event)) return false;
        const target = targetOf(event);
        hasMoved = false;
        return target.kind !== "free" && !target.isLocked && isNear(desk, target, sheet);
      },
      handleDragEvent: (event) => {
        if (!desk.held && !desk.hold(targetOf(event))) return;
        hasMoved = true;
        desk.drag(targetOf(event).at);
      },
      handleUpEvent: () => {
        if (hasMoved) desk.drop();
        return false;
      },
      stopDown: (handled) => handled,
    }),
  );
  sheet.map.on("click", (event) => {
    if (!hasMoved) desk.act(targetOf(event));
    hasMoved = false;
  });
  sheet.map.on("pointermove", (event) => {
    if (event.dragging || (event.originalEvent as PointerEvent).pointerType === "touch") return;
    const target = targetOf(event);
    sheet.point(target.at);
    sheet.map.getTargetElement()?.classList.toggle("is-over", target.kind !== "free" && !target.isLocked);
  });
}

const isPrimary = (event: MapBrowserEvent): boolean => (event.originalEvent as PointerEvent).isPrimary && (event.originalEvent as PointerEvent).button === 0;

/** Where vertices are too many to be seen, a drag moves the map; a line is bent only when chosen. */
function isNear(desk: Desk, target: Target, sheet: Sheet): boolean {
  if (sheet.isThicket) return false;
  if (target.kind === "vertex") return true;
  if (target.kind === "free") return false;
  return desk.child !== null && desk.ownersOfLine(target.a, target.b).includes(desk.child);
}
