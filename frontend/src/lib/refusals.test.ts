import { beforeEach, expect, test } from "vitest";
import { placeError } from "./refusals";

let target: HTMLElement;

beforeEach(() => {
  document.body.innerHTML = `<div id="errors"></div><div id="row"></div>`;
  target = document.getElementById("row") as HTMLElement;
});

function swap(status: number, responseText: string): Parameters<typeof placeError>[0] {
  const xhr = { status, responseText, getResponseHeader: () => null } as unknown as XMLHttpRequest;
  const detail = { xhr, target, shouldSwap: status < 400, isError: status >= 400 };
  placeError(detail);
  return detail;
}

test("a refusal is shown in #errors, not in place of what was asked for", () => {
  const detail = swap(403, `<div class="note" data-answer="error">不能派单。</div>`);
  expect(detail.target.id).toBe("errors");
  expect(detail.shouldSwap).toBe(true);
});

test("a form sent back with its errors goes where it came from", () => {
  const detail = swap(422, "<form>还差 1 处</form>");
  expect(detail.target.id).toBe("row");
  expect(detail.shouldSwap).toBe(true);
});

test("a whole error page is not put into a part of a page", () => {
  const detail = swap(502, "<!DOCTYPE html><html></html>");
  expect(detail.shouldSwap).toBe(false);
  expect(document.getElementById("errors")?.textContent).toContain("没有送到");
});

test("a good answer is left alone", () => {
  expect(swap(200, "<p>好</p>").target.id).toBe("row");
});
