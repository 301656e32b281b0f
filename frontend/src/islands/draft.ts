/**
 * Keeps what is being typed in this phone until it has been sent.
 *
 * On a form: `data-draft="raise"` names the draft. What the server printed wins; only empty fields
 * are filled again. Passwords, codes, files, hidden fields and `data-no-draft` are never kept.
 * On any other element: `data-draft-done="raise"` says that it was sent, and forgets it.
 */
import type { Island } from "../lib/mount";
import { forget, read, write } from "../lib/store";

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;
interface Draft {
  saved: number;
  fields: Record<string, string[]>;
}

const WEEK = 7 * 24 * 3600 * 1000;
const PAUSE = 400;
const SECRET = new Set(["password", "file", "hidden", "submit", "button"]);

const draft: Island = (element) => {
  const done = element.dataset["draftDone"];
  if (done) forget(keyOf(done));
  const name = element.dataset["draft"];
  if (!name || !(element instanceof HTMLFormElement)) return;
  return keep(element, keyOf(name));
};
export default draft;

const keyOf = (name: string): string => `yukuai:draft:${name}`;

function keep(form: HTMLFormElement, key: string): () => void {
  if (restore(form, key)) say(form, "上次写的还在，已经填好。");
  let timer = 0;
  const save = (): void => {
    window.clearTimeout(timer);
    const fields = gather(form);
    if (!Object.values(fields).some((values) => values.some(Boolean))) return;
    if (write(key, JSON.stringify({ saved: Date.now(), fields }))) say(form, "已存在手机里");
  };
  const later = (): void => {
    window.clearTimeout(timer);
    timer = window.setTimeout(save, PAUSE);
  };
  const now = (): void => {
    if (timer) save();
  };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  window.addEventListener("pagehide", now);
  return () => {
    window.clearTimeout(timer);
    form.removeEventListener("input", later);
    form.removeEventListener("change", later);
    window.removeEventListener("pagehide", now);
  };
}

function controls(form: HTMLFormElement): Control[] {
  return ([...form.elements] as Control[]).filter(
    (c) =>
      c.name && !SECRET.has(c.type) && c.autocomplete !== "one-time-code" && !("noDraft" in c.dataset),
  );
}

const isTick = (c: Control): c is HTMLInputElement => c.type === "radio" || c.type === "checkbox";

function gather(form: HTMLFormElement): Record<string, string[]> {
  const fields: Record<string, string[]> = {};
  for (const control of controls(form)) {
    const values = (fields[control.name] ??= []);
    if (!isTick(control) || control.checked) values.push(control.value);
  }
  return fields;
}

/** True when something was filled again. */
function restore(form: HTMLFormElement, key: string): boolean {
  const kept = JSON.parse(read(key) ?? "null") as Draft | null;
  if (!kept || Date.now() - kept.saved > WEEK) {
    forget(key);
    return false;
  }
  const all = controls(form);
  const fresh = new Set(all.filter((c) => !isPrinted(c, all)).map((c) => c.name));
  const filled = all.filter((c) => fresh.has(c.name) && fill(c, kept.fields[c.name] ?? []));
  for (const control of filled) control.dispatchEvent(new Event("input", { bubbles: true }));
  return filled.length > 0;
}

/** Did the server already print a value for this name? */
function isPrinted(control: Control, all: Control[]): boolean {
  if (isTick(control)) return all.some((c) => c.name === control.name && isTick(c) && c.defaultChecked);
  if (control instanceof HTMLSelectElement) return [...control.options].some((o) => o.defaultSelected);
  return control.defaultValue !== "";
}

function fill(control: Control, values: string[]): boolean {
  if (isTick(control)) {
    control.checked = values.includes(control.value);
    return control.checked;
  }
  const value = values[0] ?? "";
  if (!value || control.value === value) return false;
  control.value = value;
  return true;
}

function say(form: HTMLFormElement, words: string): void {
  const said =
    form.querySelector<HTMLElement>("[data-draft-said]") ??
    document.querySelector<HTMLElement>("[data-draft-said]");
  if (!said) return;
  said.hidden = false;
  if (said.textContent !== words) said.textContent = words;
}
