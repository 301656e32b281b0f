/**
 * A file field for a few photos: shows what was chosen, takes one out again, makes them smaller.
 * The input keeps the files, so the form is sent as it would be without scripts.
 */
import { shrink } from "../lib/images";
import type { Island } from "../lib/mount";

type Shrink = (file: File) => Promise<File>;

const photo: Island = (element) => album(element, shrink);
export default photo;

export function album(element: HTMLElement, make: Shrink): (() => void) | undefined {
  const input = element.querySelector<HTMLInputElement>("input[type=file]");
  const shelf = element.querySelector<HTMLElement>("[data-thumbs]");
  const template = element.querySelector<HTMLTemplateElement>("template[data-thumb]");
  if (!input || !shelf || !template || !canKeepFiles()) return undefined;
  const most = Number(element.dataset["max"] ?? 3);
  let files: File[] = [];
  let urls: string[] = [];

  const render = (): void => {
    for (const url of urls) URL.revokeObjectURL(url);
    urls = files.map((file) => URL.createObjectURL(file));
    for (const old of shelf.querySelectorAll(".thumb--img")) old.remove();
    files.forEach((_, at) => shelf.querySelector("[data-add]")?.before(thumb(template, urls[at] ?? "", at)));
    const add = shelf.querySelector<HTMLElement>("[data-add]");
    if (add) add.hidden = files.length >= most;
  };
  const keep = (): void => {
    const list = new DataTransfer();
    for (const file of files) list.items.add(file);
    input.files = list.files;
    render();
  };
  const choose = async (): Promise<void> => {
    const chosen = [...(input.files ?? [])];
    const pictures = chosen.filter((f) => f.type.startsWith("image/") || f.type === "");
    const room = most - files.length;
    say(element, refusal(chosen.length - pictures.length, pictures.length - room, most));
    element.setAttribute("aria-busy", "true");
    files = [...files, ...(await Promise.all(pictures.slice(0, Math.max(0, room)).map(make)))];
    element.setAttribute("aria-busy", "false");
    keep();
  };
  const drop = (event: Event): void => {
    const button = (event.target as Element).closest<HTMLElement>("[data-at]");
    if (!button) return;
    files = files.filter((_, at) => at !== Number(button.dataset["at"]));
    say(element, "");
    keep();
    shelf.querySelector<HTMLElement>("button")?.focus();
  };
  const onChange = (): void => void choose();
  const onReset = (): void => {
    files = [];
    render();
  };
  shelf.hidden = false;
  input.classList.add("vh");
  input.addEventListener("change", onChange);
  shelf.addEventListener("click", drop);
  input.form?.addEventListener("reset", onReset);
  render();
  return () => {
    input.removeEventListener("change", onChange);
    shelf.removeEventListener("click", drop);
    input.form?.removeEventListener("reset", onReset);
    for (const url of urls) URL.revokeObjectURL(url);
  };
}

function thumb(template: HTMLTemplateElement, url: string, at: number): Node {
  const copy = template.content.cloneNode(true) as DocumentFragment;
  const image = copy.querySelector("img");
  const button = copy.querySelector("button");
  if (image) Object.assign(image, { src: url, alt: `第 ${at + 1} 张照片` });
  if (button) {
    button.dataset["at"] = String(at);
    button.setAttribute("aria-label", `去掉第 ${at + 1} 张照片`);
  }
  return copy;
}

export function refusal(strangers: number, tooMany: number, most: number): string {
  if (strangers > 0) return "这里只收照片，别的文件没有放进来。";
  if (tooMany > 0) return `最多 ${most} 张，多出的 ${tooMany} 张没有放进来。`;
  return "";
}

function say(element: HTMLElement, words: string): void {
  const said = element.querySelector<HTMLElement>("[data-said]");
  if (!said) return;
  said.textContent = words;
  const line = said.closest<HTMLElement>(".field__error");
  if (line) line.hidden = !words;
}

/** Old browsers cannot put files back into an input; they keep the plain one. */
function canKeepFiles(): boolean {
  try {
    return typeof new DataTransfer().items.add === "function";
  } catch {
    return false;
  }
}
