import { afterEach, beforeEach, expect, test, vi } from "vitest";
import draft from "./draft";

const FORM = `<form data-draft="raise">
  <textarea name="text"></textarea>
  <input name="place" value="人和街 41 号">
  <input type="radio" name="kind" value="a"><input type="radio" name="kind" value="b">
  <input type="password" name="secret"><input type="hidden" name="csrfmiddlewaretoken" value="x">
  <input name="code" autocomplete="one-time-code"><input name="idcard" data-no-draft>
</form><p data-draft-said hidden></p>`;

let leave: (() => void) | void;

function open(html = FORM): HTMLFormElement {
  leave?.();
  document.body.innerHTML = html;
  const form = document.querySelector("form") as HTMLFormElement;
  leave = draft(form, {});
  return form;
}

function control<T extends HTMLElement>(selector: string): T {
  return document.querySelector(selector) as T;
}

function type(selector: string, value: string): void {
  const field = control<HTMLInputElement>(selector);
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  vi.advanceTimersByTime(500);
}

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
});
afterEach(() => {
  leave?.();
  leave = undefined;
  vi.useRealTimers();
});

test("what was typed is there again after the page was lost", () => {
  open();
  type("textarea", "楼道灯坏了");
  control<HTMLInputElement>("[value=b]").checked = true;
  type("[value=b]", "b");
  expect(control("[data-draft-said]").textContent).toBe("已存在手机里");
  open();
  expect(control<HTMLTextAreaElement>("textarea").value).toBe("楼道灯坏了");
  expect(control<HTMLInputElement>("[value=b]").checked).toBe(true);
  expect(control("[data-draft-said]").textContent).toBe("上次写的还在，已经填好。");
});

test("what the server printed wins over the draft", () => {
  open();
  type("[name=place]", "别处");
  open();
  expect(control<HTMLInputElement>("[name=place]").value).toBe("人和街 41 号");
});

test("secrets, codes and hidden fields are not kept", () => {
  open();
  for (const name of ["secret", "code", "idcard"]) type(`[name=${name}]`, "900417");
  type("textarea", "有字");
  const kept = localStorage.getItem("yukuai:draft:raise") ?? "";
  expect(Object.keys(JSON.parse(kept).fields).sort()).toEqual(["kind", "place", "text"]);
  expect(kept).not.toContain("900417");
});

test("leaving the page at once keeps the last letters", () => {
  open();
  const text = control<HTMLTextAreaElement>("textarea");
  text.value = "灯";
  text.dispatchEvent(new Event("input", { bubbles: true }));
  window.dispatchEvent(new Event("pagehide"));
  expect(localStorage.getItem("yukuai:draft:raise")).toContain("灯");
});

test("a draft is forgotten once it was sent", () => {
  open();
  type("textarea", "楼道灯坏了");
  document.body.innerHTML = `<p data-draft-done="raise"></p>`;
  draft(control("p"), {});
  expect(localStorage.getItem("yukuai:draft:raise")).toBeNull();
});

test("a draft older than a week is not brought back", () => {
  open();
  type("textarea", "旧事");
  vi.setSystemTime(Date.now() + 8 * 24 * 3600 * 1000);
  open();
  expect(control<HTMLTextAreaElement>("textarea").value).toBe("");
  expect(localStorage.getItem("yukuai:draft:raise")).toBeNull();
});
