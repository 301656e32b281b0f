/**
 * The page /raise/offline/: its form (named by `data-form`) puts matters into the queue, the list says
 * where each stands, and whatever waits is sent when there is a network (parts/offline_queue.html).
 */
import type { Island } from "../lib/mount";
import type { Matter } from "../lib/queue";
import { add, all, remove, send } from "../lib/queue";

const SYNC = "/raise/sync/";
const EVERY = 30_000;
const clock = (): number => Date.now();

/** From any page: send what waits, say nothing. */
export const sendWaiting = (hurry = false): Promise<void> => send(SYNC, clock, hurry);

const offlineQueue: Island = (element) => {
  const form = document.getElementById(element.dataset["form"] ?? "") as HTMLFormElement | null;
  let mending: string | undefined;
  let busy = false;

  const draw = async (): Promise<void> => render(element, await all(), busy);
  const flush = async (hurry: boolean): Promise<void> => {
    if (busy || !navigator.onLine) return draw();
    busy = true;
    await draw();
    await sendWaiting(hurry);
    busy = false;
    await draw();
  };
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (!form?.reportValidity()) return;
    await add(new FormData(form), clock(), mending);
    mending = undefined;
    form.reset();
    say(element, "已存在手机里");
    await flush(true);
    element.scrollIntoView({ block: "start" });
  };
  const press = async (event: Event): Promise<void> => {
    const button = (event.target as Element).closest<HTMLElement>("[data-act]");
    if (!button) return;
    const uuid = button.closest<HTMLElement>("[data-uuid]")?.dataset["uuid"] ?? "";
    if (button.dataset["act"] === "retry") return flush(true);
    if (button.dataset["act"] === "drop") await remove(uuid);
    if (button.dataset["act"] === "mend" && form) {
      mending = uuid;
      refill(form, (await all()).find((m) => m.client_uuid === uuid));
    }
    await draw();
  };
  const onSubmit = (event: Event): void => void submit(event);
  const onPress = (event: Event): void => void press(event);
  const onOnline = (): void => void flush(true);
  const onOffline = (): void => void draw();
  form?.addEventListener("submit", onSubmit);
  element.addEventListener("click", onPress);
  window.addEventListener("online", onOnline);
  window.addEventListener("offline", onOffline);
  const timer = window.setInterval(() => void (document.hidden || flush(false)), EVERY);
  void flush(false);
  return () => {
    window.clearInterval(timer);
    form?.removeEventListener("submit", onSubmit);
    element.removeEventListener("click", onPress);
    window.removeEventListener("online", onOnline);
    window.removeEventListener("offline", onOffline);
  };
};
export default offlineQueue;

function render(element: HTMLElement, matters: Matter[], busy: boolean): void {
  const waiting = matters.filter((m) => m.state === "waiting").length;
  show(element, "[data-offline]", !navigator.onLine);
  show(element, "[data-retry]", waiting > 0 && navigator.onLine);
  show(element, "[data-list]", matters.length > 0);
  for (const place of element.querySelectorAll("[data-count]")) {
    place.textContent = waiting ? `您写的 ${waiting} 件事存在这台手机里，有网就自动提交，不会重复。` : "先写下来，存在这台手机里，有网就自动提交，不会重复。";
  }
  element.querySelector("[data-list]")?.replaceChildren(...matters.map((m) => row(element, m, busy)));
}

function row(element: HTMLElement, matter: Matter, busy: boolean): Node {
  const copy = stencil(element, "row");
  const item = copy.firstElementChild as HTMLElement;
  const kind = matter.state === "waiting" && busy ? "sending" : matter.state;
  item.dataset["uuid"] = matter.client_uuid;
  fill(item, "[data-title]", matter.title);
  fill(item, "[data-when]", `${hour(matter.written)} 写好`);
  fill(item, "[data-photos]", matter.photoCount ? `照片 ${matter.photoCount} 张` : "");
  fill(item, "[data-sentence]", matter.state === "refused" ? (matter.sentence ?? "") : "");
  fill(item, "[data-number]", matter.number ? `单号 ${matter.number}` : "");
  fill(item, "[data-code]", matter.code ? `查询码 ${matter.code}` : "");
  const link = item.querySelector<HTMLAnchorElement>("[data-url]");
  if (link) link.hidden = !matter.url;
  if (link && matter.url) link.href = matter.url;
  show(item, "[data-act=mend]", matter.state === "refused");
  show(item, "[data-act=drop]", matter.state === "sent");
  item.querySelector("[data-chip-place]")?.replaceChildren(stencil(element, `chip-${kind}`));
  return copy;
}

function stencil(element: HTMLElement, name: string): DocumentFragment {
  const template = element.querySelector<HTMLTemplateElement>(`template[data-stencil="${name}"]`);
  return (template?.content.cloneNode(true) as DocumentFragment | undefined) ?? new DocumentFragment();
}

function fill(item: HTMLElement, selector: string, words: string): void {
  const place = item.querySelector<HTMLElement>(selector);
  if (!place) return;
  place.textContent = words;
  place.hidden = !words;
}

function show(element: HTMLElement, selector: string, visible: boolean): void {
  for (const part of element.querySelectorAll<HTMLElement>(selector)) part.hidden = !visible;
}

function say(element: HTMLElement, words: string): void {
  const said = element.querySelector<HTMLElement>("[data-said]");
  if (said) said.textContent = words;
}

function hour(at: number): string {
  const time = new Date(at);
  return `${time.getHours()}:${String(time.getMinutes()).padStart(2, "0")}`;
}

/** Photos of a refused matter must be chosen again: a page may not fill a file field by itself. */
function refill(form: HTMLFormElement, matter?: Matter): void {
  if (!matter) return;
  form.reset();
  for (const [name, value] of matter.fields) {
    const field = form.elements.namedItem(name);
    if (field instanceof RadioNodeList) field.value = value;
    else if (field instanceof HTMLInputElement && field.type === "checkbox") field.checked = true;
    else if (field && "value" in field) (field as HTMLInputElement).value = value;
  }
  form.scrollIntoView({ block: "start" });
  form.querySelector<HTMLElement>("textarea, input:not([type=hidden])")?.focus();
}
