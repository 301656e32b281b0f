import { beforeEach, expect, test } from "vitest";
import counter from "./counter";

let text: HTMLTextAreaElement;
let said: HTMLElement;

beforeEach(() => {
  document.body.innerHTML = `<form><textarea id="t"></textarea></form><span data-for="t" data-max="5">0 / 5 字</span>`;
  text = document.querySelector("textarea") as HTMLTextAreaElement;
  said = document.querySelector("span") as HTMLElement;
  counter(said, {});
});

function type(value: string): void {
  text.value = value;
  text.dispatchEvent(new Event("input"));
}

test("counts while one types, a rare character once", () => {
  type("𠮷野家");
  expect(said.textContent).toBe("3 / 5 字");
  expect(said.classList.contains("is-over")).toBe(false);
});

test("says when there are too many", () => {
  type("六个字太多了");
  expect(said.textContent).toBe("6 / 5 字");
  expect(said.classList.contains("is-over")).toBe(true);
  expect(said.getAttribute("aria-live")).toBe("polite");
});

test("starts again when the form is emptied", async () => {
  type("灯坏了");
  document.querySelector("form")?.reset();
  await new Promise((done) => setTimeout(done));
  expect(said.textContent).toBe("0 / 5 字");
});
