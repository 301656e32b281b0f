import { expect, test } from "vitest";
import { filesOf, isForever, isShellFile, mayKeep, standIn } from "./sw-rules";

test.each([
  ["public, max-age=60", true],
  ["private", false],
  ["no-store", false],
  ["public, no-store", false],
  [null, false],
])("a page with Cache-Control %s is kept: %s", (header, kept) => {
  expect(mayKeep("GET", 200, header)).toBe(kept);
});

test("nothing but a good answer to a reading is kept", () => {
  expect(mayKeep("POST", 200, "public")).toBe(false);
  expect(mayKeep("GET", 404, "public")).toBe(false);
});

test("uploads and other sites are no shell files", () => {
  const origin = "https://x.test";
  expect(isShellFile(new URL("https://x.test/static/css/base.css"), origin)).toBe(true);
  expect(isShellFile(new URL("https://x.test/media/a.png"), origin)).toBe(false);
  expect(isShellFile(new URL("https://y.test/static/a.css"), origin)).toBe(false);
});

test("only a hashed name lasts for ever", () => {
  expect(isForever("/static/css/base.3f2a9c01b7de.css")).toBe(true);
  expect(isForever("/static/islands/counter-Bq1x0_Zk.js")).toBe(true);
  expect(isForever("/static/css/components.css")).toBe(false);
  expect(isForever("/static/islands/main.js")).toBe(false);
});

test("a page names its files, and main.js its chunks", () => {
  const html = `<link href="/static/css/a.css"><script src="/static/islands/main.0a1b.js"></script>
    <use href="/static/icons.svg#i-left"/><a href="/offline/">x</a>`;
  expect(filesOf(html, "https://x.test/offline/", ["draft-1.js"])).toEqual([
    "https://x.test/static/css/a.css",
    "https://x.test/static/islands/main.0a1b.js",
    "https://x.test/static/icons.svg",
    "https://x.test/static/islands/draft-1.js",
  ]);
});

test("what is being raised goes on offline, the rest says there is no network", () => {
  expect(standIn("/raise/where/")).toBe("/raise/offline/");
  expect(standIn("/me/")).toBe("/offline/");
});
