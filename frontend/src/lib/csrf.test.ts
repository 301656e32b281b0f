import { beforeEach, expect, test } from "vitest";
import { csrfToken } from "./csrf";

beforeEach(() => {
  document.head.innerHTML = "";
  document.body.innerHTML = "";
  document.cookie = "csrftoken=; max-age=0";
});

test("the page's meta comes first, then the cookie, then a form", () => {
  document.body.innerHTML = `<input name="csrfmiddlewaretoken" value="form">`;
  expect(csrfToken()).toBe("form");
  document.cookie = "csrftoken=cookie";
  expect(csrfToken()).toBe("cookie");
  document.head.innerHTML = `<meta name="csrf-token" content="meta">`;
  expect(csrfToken()).toBe("meta");
});

test("without any there is an empty token, which the server refuses", () => {
  expect(csrfToken()).toBe("");
});
