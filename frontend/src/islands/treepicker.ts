/**
 * The keyboard of an ARIA tree over a server-rendered list of radio buttons (parts/tree.html):
 * up and down walk, left and right close and open, Home and End, letters jump, Enter or space picks.
 * Without it the list is still a list of radio buttons and links.
 */
import type { Island } from "../lib/mount";

const JUMP_PAUSE = 600;

/** What the last tree on this page knew, for the one that htmx puts in its place. */
const before = { focus: "", picked: "" };

const treepicker: Island = (tree) => {
  resume(tree);
  dress(tree);
  go(tree, takeFocus(tree));
  let typed = "";
  let timer = 0;
  const press = (event: KeyboardEvent): void => {
    const item = (event.target as Element).closest<HTMLElement>("[role=treeitem]");
    if (!item || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const isLetter = [...event.key].length === 1 && event.key !== " ";
    if (isLetter) {
      window.clearTimeout(timer);
      timer = window.setTimeout(() => (typed = ""), JUMP_PAUSE);
      typed += event.key;
    }
    if (isLetter ? jump(tree, item, typed) : move(tree, item, event.key)) {
      event.preventDefault();
      event.stopPropagation();
    }
  };
  const picked = (): void => {
    before.picked = tree.querySelector<HTMLInputElement>("input:checked")?.value ?? "";
    mark(tree);
  };
  const fromSearch = (event: KeyboardEvent): void => {
    const isSearch = (event.target as Element).matches("[data-tree-search]");
    if (isSearch && event.key === "ArrowDown" && go(tree, tree.querySelector<HTMLElement>("[tabindex='0']"))) {
      event.preventDefault();
    }
  };
  const clicked = (event: Event): void => {
    const item = (event.target as Element).closest<HTMLElement>("[role=treeitem]");
    if (item) rove(tree, item);
  };
  tree.addEventListener("keydown", press);
  tree.addEventListener("change", picked);
  tree.addEventListener("click", clicked);
  document.addEventListener("keydown", fromSearch);
  return () => {
    window.clearTimeout(timer);
    tree.removeEventListener("keydown", press);
    tree.removeEventListener("change", picked);
    tree.removeEventListener("click", clicked);
    document.removeEventListener("keydown", fromSearch);
  };
};
export default treepicker;

const items = (tree: HTMLElement): HTMLElement[] => [...tree.querySelectorAll<HTMLElement>("[role=treeitem]")];
const radioOf = (item: HTMLElement): HTMLInputElement | null =>
  item.querySelector<HTMLInputElement>(":scope > .tree__row input[type=radio]");
const twigOf = (item: HTMLElement): HTMLAnchorElement | null =>
  item.querySelector<HTMLAnchorElement>(":scope > .tree__row a.tree__twig");
const parentOf = (item: HTMLElement): HTMLElement | null =>
  item.parentElement?.closest<HTMLElement>("[role=treeitem]") ?? null;

/** A choice survives the swap even if the server did not know of it yet. */
function resume(tree: HTMLElement): void {
  if (!before.picked || tree.querySelector("input:checked")) return;
  const radio = tree.querySelector<HTMLInputElement>(`input[value="${CSS.escape(before.picked)}"]`);
  if (radio) radio.checked = true;
}

function takeFocus(tree: HTMLElement): HTMLElement | null {
  const id = before.focus;
  before.focus = "";
  return id ? tree.querySelector<HTMLElement>(`[data-node="${CSS.escape(id)}"]`) : null;
}

/** Lists become a tree; radio buttons and twigs leave the tab order to the items. */
function dress(tree: HTMLElement): void {
  tree.setAttribute("role", "tree");
  if (tree.dataset["label"]) tree.setAttribute("aria-label", tree.dataset["label"]);
  for (const list of tree.querySelectorAll("ul")) list.setAttribute("role", list.parentElement === tree ? "none" : "group");
  for (const item of tree.querySelectorAll<HTMLElement>("[data-node]")) {
    item.setAttribute("role", "treeitem");
    item.tabIndex = -1;
    if (item.dataset["open"]) item.setAttribute("aria-expanded", item.dataset["open"]);
    if (item.querySelector(":scope > .is-off")) item.setAttribute("aria-disabled", "true");
    const radio = radioOf(item);
    if (radio) radio.tabIndex = -1;
    const twig = twigOf(item);
    if (twig) twig.tabIndex = -1;
  }
  mark(tree);
  const all = items(tree);
  const start = all.find((i) => i.getAttribute("aria-selected") === "true") ?? all[0];
  if (start) start.tabIndex = 0;
}

function mark(tree: HTMLElement): void {
  for (const item of items(tree)) {
    const radio = radioOf(item);
    if (radio) item.setAttribute("aria-selected", String(radio.checked));
  }
}

function rove(tree: HTMLElement, to: HTMLElement): void {
  for (const item of items(tree)) item.tabIndex = item === to ? 0 : -1;
}

function go(tree: HTMLElement, to: HTMLElement | null | undefined): boolean {
  if (!to) return false;
  rove(tree, to);
  to.focus();
  return true;
}

function move(tree: HTMLElement, item: HTMLElement, key: string): boolean {
  const all = items(tree);
  const at = all.indexOf(item);
  switch (key) {
    case "ArrowDown":
      return go(tree, all[at + 1]);
    case "ArrowUp":
      return go(tree, all[at - 1]);
    case "Home":
      return go(tree, all[0]);
    case "End":
      return go(tree, all[all.length - 1]);
    case "ArrowRight":
      return item.getAttribute("aria-expanded") === "false" ? toggle(item) : go(tree, inside(item, all[at + 1]));
    case "ArrowLeft":
      return item.getAttribute("aria-expanded") === "true" && twigOf(item) ? toggle(item) : go(tree, parentOf(item));
    case "Enter":
    case " ":
      return pick(item);
    default:
      return false;
  }
}

const inside = (item: HTMLElement, other?: HTMLElement): HTMLElement | null =>
  other && item.contains(other) ? other : null;

function toggle(item: HTMLElement): boolean {
  const twig = twigOf(item);
  if (!twig) return false;
  before.focus = item.dataset["node"] ?? "";
  twig.click();
  return true;
}

function pick(item: HTMLElement): boolean {
  radioOf(item)?.click();
  return true;
}

function jump(tree: HTMLElement, from: HTMLElement, typed: string): boolean {
  const all = items(tree);
  const at = all.indexOf(from) + (typed.length > 1 ? 0 : 1);
  const round = [...all.slice(at), ...all.slice(0, at)];
  return go(tree, round.find((item) => labelOf(item).startsWith(typed)));
}

const labelOf = (item: HTMLElement): string =>
  item.querySelector(":scope > .tree__row .tree__pick > span")?.textContent?.trim() ?? "";
