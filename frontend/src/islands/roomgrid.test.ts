import { beforeEach, expect, test } from "vitest";
import roomgrid from "./roomgrid";

const room = (name: string): string => `<td><a class="room" href="#${name}">${name}</a></td>`;

beforeEach(() => {
  document.body.innerHTML = `<div>
    <table><tr><th>2</th>${room("201")}<td></td>${room("203")}</tr><tr><th>1</th>${room("101")}${room("102")}<td></td></tr></table>
    <table><tr><th>2</th>${room("B201")}</tr><tr><th>1</th>${room("B101")}</tr></table></div>`;
  roomgrid(document.querySelector("div") as HTMLElement, {});
});

function go(from: string, ...keys: string[]): string | null {
  [...document.querySelectorAll<HTMLElement>("a")].find((a) => a.textContent === from)?.focus();
  for (const key of keys)
    document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  return document.activeElement?.textContent ?? null;
}

test("walks along a floor, over empty places and into the next entrance", () => {
  expect(go("201", "ArrowRight")).toBe("203");
  expect(go("201", "ArrowRight", "ArrowRight")).toBe("B201");
  expect(go("B201", "ArrowLeft", "ArrowLeft")).toBe("201");
});

test("walks up and down a stack and stays at its ends", () => {
  expect(go("201", "ArrowDown")).toBe("101");
  expect(go("101", "ArrowDown")).toBe("101");
  expect(go("102", "ArrowUp")).toBe("102");
});

test("Home and End go to the ends of the floor", () => {
  expect(go("102", "End")).toBe("B101");
  expect(go("B201", "Home")).toBe("201");
});
