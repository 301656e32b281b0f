import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { show } from "./dialog";

const PAGE = `<html><body><main><section class="dialog" data-dialog aria-labelledby="t"><h1 id="t">撤回这件事？</h1>
  <form method="post"><a href="/back" data-close>不撤回</a><button>撤回</button></form></section></main></body></html>`;

function link(): HTMLAnchorElement {
  return document.querySelector("a") as HTMLAnchorElement;
}

beforeEach(() => {
  document.body.innerHTML = `<a href="http://localhost/withdraw/">撤回</a>`;
});
afterEach(() => vi.unstubAllGlobals());

test("shows the confirm page's question over the page", async () => {
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(PAGE)));
  const box = await show(link());
  expect(box?.open).toBe(true);
  expect(box?.querySelector("h1")?.textContent).toBe("撤回这件事？");
});

test("declining closes it and changes nothing", async () => {
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(PAGE)));
  const box = await show(link());
  box?.querySelector<HTMLElement>("[data-close]")?.click();
  expect(document.querySelector("dialog")).toBeNull();
  expect(document.activeElement).toBe(link());
});

test("without an answer the link is followed", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("offline")));
  const went = vi.spyOn(location, "assign").mockImplementation(() => undefined);
  expect(await show(link())).toBeNull();
  expect(went).toHaveBeenCalledWith("http://localhost/withdraw/");
  went.mockRestore();
});
