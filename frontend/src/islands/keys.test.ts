import { afterEach, beforeEach, expect, test, vi } from "vitest";
import keys from "./keys";

let leave: (() => void) | void;

beforeEach(() => {
  localStorage.clear();
  document.body.innerHTML = `
    <label for="q">找单号</label><input id="q" data-key="/">
    <button id="d" data-key="D">去派单 <kbd>D</kbd></button>
    <button id="off" data-key="B" aria-disabled="true">办结</button>
    <table data-keys><tbody>
      <tr class="group"><th>今天</th></tr>
      <tr><td><a href="#1" id="a1">一</a></td></tr>
      <tr><td><a href="#2" id="a2">二</a></td></tr>
    </tbody></table>
    <aside class="drawer"><a href="#" data-close>关闭</a></aside>`;
  leave = keys(document.body, {});
});
afterEach(() => leave?.());

function press(key: string, target: Element = document.body): void {
  target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
}
const find = (id: string): HTMLElement => document.getElementById(id) as HTMLElement;

test("/ goes to the search field", () => {
  press("/");
  expect(document.activeElement?.id).toBe("q");
});

test("j and k walk through the rows and stop at the ends", () => {
  press("j");
  expect(document.activeElement?.id).toBe("a1");
  press("j");
  press("j");
  expect(document.activeElement?.id).toBe("a2");
  press("k");
  expect(document.activeElement?.id).toBe("a1");
});

test("a key presses its button, but not while one is typing", () => {
  const pressed = vi.fn();
  find("d").addEventListener("click", pressed);
  press("d", find("q"));
  expect(pressed).not.toHaveBeenCalled();
  press("d");
  expect(pressed).toHaveBeenCalledOnce();
});

test("a refused act has no shortcut", () => {
  const pressed = vi.fn();
  find("off").addEventListener("click", pressed);
  press("b");
  expect(pressed).not.toHaveBeenCalled();
});

test("Escape closes the drawer, even from a field", () => {
  const closed = vi.fn();
  document.querySelector("[data-close]")?.addEventListener("click", closed);
  press("Escape", find("q"));
  expect(closed).toHaveBeenCalledOnce();
});

test("? tells the keys of this page and can switch them off", () => {
  press("?");
  const box = document.querySelector("dialog") as HTMLDialogElement;
  expect(box.querySelector("dl")?.textContent).toContain("去派单");
  expect(box.querySelector("dl")?.textContent).toContain("找单号");
  box.querySelector("button")?.click();
  press("j");
  expect(document.activeElement?.id).not.toBe("a1");
});
