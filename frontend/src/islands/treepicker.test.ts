import { beforeEach, expect, test, vi } from "vitest";
import treepicker from "./treepicker";

const row = (id: string, label: string, extra = ""): string =>
  `<div class="tree__row">${extra}<label class="tree__pick"><input type="radio" name="to" value="${id}"><span>${label}</span></label></div>`;
const TREE = `<div class="tree" data-label="单位"><ul>
  <li data-node="1" data-open="true">${row("1", "渝中区", '<a class="tree__twig" href="#close1"></a>')}<ul>
    <li data-node="2">${row("2", "城管局")}</li>
    <li data-node="3"><div class="tree__row is-off"><span class="tree__pick"><span>社区</span></span></div></li></ul></li>
  <li data-node="4" data-open="false">${row("4", "江北区", '<a class="tree__twig" href="#open4"></a>')}</li></ul></div>`;

let tree: HTMLElement;
const node = (id: string): HTMLElement => tree.querySelector(`[data-node='${id}']`) as HTMLElement;
function press(key: string): void {
  document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
}
const at = (): string | undefined => (document.activeElement as HTMLElement).dataset["node"];

beforeEach(() => {
  document.body.innerHTML = TREE;
  tree = document.querySelector(".tree") as HTMLElement;
  treepicker(tree, {});
  node("1").focus();
});

test("says what it is to a screen reader", () => {
  expect(tree.getAttribute("role")).toBe("tree");
  expect(tree.getAttribute("aria-label")).toBe("单位");
  expect(node("1").getAttribute("aria-expanded")).toBe("true");
  expect(node("3").getAttribute("aria-disabled")).toBe("true");
  expect(tree.querySelectorAll("[tabindex='0']")).toHaveLength(1);
});

test("arrows walk through what is open", () => {
  press("ArrowDown");
  expect(at()).toBe("2");
  press("ArrowLeft");
  expect(at()).toBe("1");
  press("ArrowRight");
  expect(at()).toBe("2");
  press("End");
  expect(at()).toBe("4");
  press("Home");
  expect(at()).toBe("1");
});

test("right opens a closed branch, left closes an open one", () => {
  const opened = vi.fn((event: Event) => event.preventDefault());
  tree.addEventListener("click", opened);
  node("4").focus();
  press("ArrowRight");
  expect((opened.mock.calls[0]?.[0].target as HTMLElement).getAttribute("href")).toBe("#open4");
  node("1").focus();
  press("ArrowLeft");
  expect((opened.mock.calls[1]?.[0].target as HTMLElement).getAttribute("href")).toBe("#close1");
});

test("Enter picks, and a closed door cannot be picked", () => {
  press("ArrowDown");
  press("Enter");
  expect(tree.querySelector<HTMLInputElement>("[value='2']")?.checked).toBe(true);
  expect(node("2").getAttribute("aria-selected")).toBe("true");
  press("ArrowDown");
  press("Enter");
  expect(node("3").getAttribute("aria-selected")).not.toBe("true");
  expect(tree.querySelector<HTMLInputElement>("[value='2']")?.checked).toBe(true);
});

test("a letter jumps to the next row that begins with it", () => {
  press("江");
  expect(at()).toBe("4");
});

test("focus and choice survive the tree that htmx swaps in", () => {
  tree.addEventListener("click", (event) => (event.target as Element).closest("a") && event.preventDefault());
  tree.querySelector<HTMLInputElement>("[value='2']")?.click();
  node("4").focus();
  press("ArrowRight");
  document.body.innerHTML = TREE;
  tree = document.querySelector(".tree") as HTMLElement;
  treepicker(tree, {});
  expect(at()).toBe("4");
  expect(tree.querySelector<HTMLInputElement>("[value='2']")?.checked).toBe(true);
});
