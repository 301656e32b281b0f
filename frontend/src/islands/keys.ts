/**
 * Staff shortcuts, mounted on <body>: any element with `data-key="D"` answers to its key; j and k walk
 * through the rows of `table[data-keys]`, Enter follows as always; Escape closes the drawer; ? tells
 * them all and can switch them off (WCAG 2.1.4).
 */
import type { Island } from "../lib/mount";
import { forget, read, write } from "../lib/store";

const OFF = "yukuai:keys-off";
const FIXED: [string, string][] = [
  ["j k", "下一行、上一行"],
  ["Enter", "打开这一行"],
  ["Esc", "关上侧栏"],
  ["?", "这张表"],
];

const keys: Island = () => {
  const press = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape") {
      closeDrawer();
      return;
    }
    if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key !== "?" && read(OFF)) return;
    if (act(event.key)) event.preventDefault();
  };
  document.addEventListener("keydown", press);
  return () => document.removeEventListener("keydown", press);
};
export default keys;

function act(key: string): boolean {
  if (key === "?") return help();
  if (key === "j" || key === "k") return walk(key === "j" ? 1 : -1);
  const element = shortcuts().find((e) => e.dataset["key"]?.toLowerCase() === key.toLowerCase());
  if (!element) return false;
  if (element instanceof HTMLInputElement && element.type !== "radio") element.focus();
  else element.click();
  return true;
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  const isPress = target instanceof HTMLInputElement && ["radio", "checkbox"].includes(target.type);
  return target.isContentEditable || (!isPress && target.matches("input, textarea, select"));
}

function shortcuts(): HTMLElement[] {
  const all = [...document.querySelectorAll<HTMLElement>("[data-key]")];
  return all.filter((e) => e.getAttribute("aria-disabled") !== "true" && !e.closest("[hidden]"));
}

function walk(step: number): boolean {
  const rows = [...document.querySelectorAll<HTMLElement>("table[data-keys] tbody tr")];
  const links = rows.map((row) => row.querySelector<HTMLElement>("a[href]")).filter((a) => a !== null);
  if (!links.length) return false;
  const at = links.findIndex((a) => a.closest("tr")?.contains(document.activeElement));
  const next = at < 0 ? (step > 0 ? 0 : links.length - 1) : at + step;
  links[Math.max(0, Math.min(links.length - 1, next))]?.focus();
  return true;
}

function closeDrawer(): void {
  document.querySelector<HTMLElement>(".drawer [data-close]")?.click();
}

function help(): boolean {
  const box = document.createElement("dialog");
  box.className = "dialog";
  box.setAttribute("aria-labelledby", "keys-title");
  const title = make("h2", "快捷键");
  title.id = "keys-title";
  const list = make("dl", "");
  list.className = "keys";
  const named = shortcuts().map((e): [string, string] => [e.dataset["key"] ?? "", nameOf(e)]);
  for (const [key, words] of [...named, ...FIXED]) {
    const term = make("dt", "");
    term.append(make("kbd", key));
    list.append(term, make("dd", words));
  }
  box.append(title, list, footer(box));
  box.addEventListener("close", () => box.remove());
  document.body.append(box);
  box.showModal();
  return true;
}

function footer(box: HTMLDialogElement): HTMLElement {
  const foot = make("div", "");
  foot.className = "dialog__foot";
  const toggle = make("button", read(OFF) ? "用快捷键" : "不用快捷键");
  const close = make("button", "关上");
  toggle.className = close.className = "btn";
  toggle.addEventListener("click", () => {
    if (read(OFF)) forget(OFF);
    else write(OFF, "1");
    box.close();
  });
  close.addEventListener("click", () => box.close());
  foot.append(toggle, close);
  return foot;
}

function nameOf(element: HTMLElement): string {
  const label = element.getAttribute("aria-label");
  if (label) return label;
  if (element instanceof HTMLInputElement) return element.labels?.[0]?.textContent?.trim() ?? element.placeholder;
  const copy = element.cloneNode(true) as HTMLElement;
  for (const kbd of copy.querySelectorAll("kbd, .vh")) kbd.remove();
  return copy.textContent?.replace(/\s+/g, " ").trim() ?? "";
}

function make(tag: string, words: string): HTMLElement {
  const element = document.createElement(tag);
  element.textContent = words;
  return element;
}
