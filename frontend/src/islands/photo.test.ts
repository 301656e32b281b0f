import { beforeEach, expect, test, vi } from "vitest";
import { album, refusal } from "./photo";

const FIELD = `<form><div data-max="3"><div data-thumbs hidden><label data-add></label></div>
  <template data-thumb><div class="thumb--img"><img><button type="button"></button></div></template>
  <input type="file" multiple><p class="field__error" hidden><span data-said></span></p></div></form>`;

let element: HTMLElement;
let input: HTMLInputElement;

beforeEach(() => {
  URL.createObjectURL = vi.fn(() => "blob:x");
  URL.revokeObjectURL = vi.fn();
  document.body.innerHTML = FIELD;
  element = document.querySelector("[data-max]") as HTMLElement;
  input = document.querySelector("input") as HTMLInputElement;
  album(element, (file) => Promise.resolve(new File(["small"], `small-${file.name}`, { type: "image/jpeg" })));
});

async function choose(...names: string[]): Promise<void> {
  const list = new DataTransfer();
  for (const name of names) list.items.add(new File(["x"], name, { type: name.endsWith("txt") ? "text/plain" : "image/png" }));
  input.files = list.files;
  input.dispatchEvent(new Event("change"));
  await new Promise((done) => setTimeout(done, 0));
}
const kept = (): string[] => [...(input.files ?? [])].map((f) => f.name);
const said = (): string => element.querySelector("[data-said]")?.textContent ?? "";

test("chosen photos are shown, made smaller, and stay in the form", async () => {
  await choose("a.png", "b.png");
  expect(kept()).toEqual(["small-a.png", "small-b.png"]);
  expect(element.querySelectorAll("img")).toHaveLength(2);
  expect(element.querySelector("img")?.alt).toBe("第 1 张照片");
});

test("choosing again adds, up to the limit, and says what was left out", async () => {
  await choose("a.png", "b.png");
  await choose("c.png", "d.png");
  expect(kept()).toEqual(["small-a.png", "small-b.png", "small-c.png"]);
  expect(said()).toBe("最多 3 张，多出的 1 张没有放进来。");
  expect(element.querySelector<HTMLElement>("[data-add]")?.hidden).toBe(true);
});

test("one can be taken out again", async () => {
  await choose("a.png", "b.png");
  element.querySelector<HTMLElement>("[data-at='0']")?.click();
  expect(kept()).toEqual(["small-b.png"]);
});

test("other files are refused in words", async () => {
  await choose("a.txt");
  expect(kept()).toEqual([]);
  expect(said()).toBe("这里只收照片，别的文件没有放进来。");
  expect(refusal(0, 0, 3)).toBe("");
});
