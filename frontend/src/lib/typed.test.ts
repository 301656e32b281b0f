import { expect, test } from "vitest";
import { lookForTyped } from "./typed";

test("what was typed before the scripts came is looked for, what the page came with is not", () => {
  document.body.innerHTML = `<input id="typed" type="search" hx-get="/a"><input id="given" type="search" hx-get="/a" value="渝中">
    <input id="plain" type="search">`;
  const asked: string[] = [];
  document.body.addEventListener("search", (event) => asked.push((event.target as Element).id));
  document.querySelector<HTMLInputElement>("#typed")!.value = "人民村";
  document.querySelector<HTMLInputElement>("#plain")!.value = "人民村";
  lookForTyped(document.body);
  expect(asked).toEqual(["typed"]);
});
