/** 楼栋图: the arrow keys walk from room to room, Home and End to the ends of a floor. Tab still works. */
import type { Island } from "../lib/mount";

const STEPS: Record<string, [number, number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

const roomgrid: Island = (element) => {
  const press = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const cell = (event.target as Element).closest("td");
    if (!cell || !element.contains(cell)) return;
    const to = aim(element, cell, event.key);
    if (!to) return;
    event.preventDefault();
    to.focus();
  };
  element.addEventListener("keydown", press);
  return () => element.removeEventListener("keydown", press);
};
export default roomgrid;

function aim(plan: HTMLElement, cell: HTMLTableCellElement, key: string): HTMLElement | null {
  const line = lineOf(plan, floorOf(cell));
  const at = line.indexOf(cell);
  if (key === "Home") return find(line, 0, 1);
  if (key === "End") return find(line, line.length - 1, -1);
  const [down, right] = STEPS[key] ?? [0, 0];
  if (right) return find(line, at + right, right);
  return down ? findDown(cell, down) : null;
}

/** A floor through all entrances: side by side they are one line. */
function lineOf(plan: HTMLElement, floor: string): HTMLTableCellElement[] {
  const rows = [...plan.querySelectorAll<HTMLTableRowElement>("tr")].filter((row) => nameOf(row) === floor);
  return rows.flatMap((row) => [...row.querySelectorAll("td")]);
}

function floorOf(cell: HTMLTableCellElement): string {
  return nameOf(cell.closest("tr"));
}

function nameOf(row: Element | null): string {
  return row?.querySelector("th")?.textContent?.trim() ?? "";
}

/** The next cell of a line that has a room, empty places left out. */
function find(line: HTMLTableCellElement[], from: number, step: number): HTMLElement | null {
  for (let at = from; at >= 0 && at < line.length; at += step) {
    const room = line[at]?.querySelector<HTMLElement>("a.room");
    if (room) return room;
  }
  return null;
}

function findDown(cell: HTMLTableCellElement, step: number): HTMLElement | null {
  let row = sibling(cell.closest("tr"), step);
  while (row) {
    const room = row.cells[cell.cellIndex]?.querySelector<HTMLElement>("a.room");
    if (room) return room;
    row = sibling(row, step);
  }
  return null;
}

function sibling(row: Element | null, step: number): HTMLTableRowElement | null {
  return (step > 0 ? row?.nextElementSibling : row?.previousElementSibling) as HTMLTableRowElement | null;
}
