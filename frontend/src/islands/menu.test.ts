import { beforeEach, expect, test } from "vitest";
import menu from "./menu";

let details: HTMLDetailsElement;

beforeEach(() => {
  document.body.innerHTML = `<details open><summary>岗位</summary><button>值班</button></details><p>别处</p>`;
  details = document.querySelector("details") as HTMLDetailsElement;
  menu(details, {});
});

test("Escape closes it and gives the focus back", () => {
  details.querySelector("button")?.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
  expect(details.open).toBe(false);
  expect(document.activeElement?.tagName).toBe("SUMMARY");
});

test("a click elsewhere closes it, a click inside does not", () => {
  details.querySelector("button")?.click();
  expect(details.open).toBe(true);
  document.querySelector("p")?.click();
  expect(details.open).toBe(false);
});
