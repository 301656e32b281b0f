import { beforeEach, expect, test } from "vitest";
import { shareLook } from "./look";

function page(switches: Record<string, string>, kept = false): HTMLElement {
  const html = document.createElement("html");
  const body = document.createElement("body");
  Object.assign(html.dataset, { surface: "portal", ...switches });
  if (kept) body.dataset["kept"] = "";
  shareLook(html, body);
  return html;
}

beforeEach(() => localStorage.clear());

test("a kept page puts on the switches of the page before it", () => {
  page({ mode: "elder", text: "200" });
  const kept = page({ mode: "standard", text: "100", desk: "" }, true);
  expect(kept.dataset["mode"]).toBe("elder");
  expect(kept.dataset["text"]).toBe("200");
  expect("desk" in kept.dataset).toBe(false);
});

test("a kept page stays as it is when nothing was noted", () => {
  expect(page({ mode: "standard", text: "100" }, true).dataset["mode"]).toBe("standard");
});
