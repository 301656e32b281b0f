import { beforeEach, expect, test, vi } from "vitest";
import { mountWithin, propsOf, unmount } from "./mount";

beforeEach(() => {
  document.body.innerHTML = "";
});

test("an island is loaded by its name and mounted once", async () => {
  document.body.innerHTML = `<textarea id="t">四个字呢</textarea>
    <span data-island="counter" data-for="t" data-max="500"></span>`;
  await mountWithin(document.body);
  await mountWithin(document.body);
  expect(document.querySelector("span")?.textContent).toBe("4 / 500 字");
});

test("a name without an island is reported and harms nothing", async () => {
  const said = vi.spyOn(console, "error").mockImplementation(() => undefined);
  document.body.innerHTML = `<p data-island="nowhere">字</p>`;
  await mountWithin(document.body);
  expect(said).toHaveBeenCalledWith("no island named nowhere");
  expect(document.body.textContent).toBe("字");
  said.mockRestore();
});

test("props come from the json_script that data-props names", () => {
  document.body.innerHTML = `<script type="application/json" id="p">{"max": 3}</script>
    <p data-props="p"></p>`;
  expect(propsOf(document.querySelector("p") as HTMLElement)).toEqual({ max: 3 });
});

test("an element taken away leaves what it listened to", async () => {
  document.body.innerHTML = `<textarea id="t"></textarea><span data-island="counter" data-for="t" data-max="5">0</span>`;
  await mountWithin(document.body);
  const span = document.querySelector("span") as HTMLElement;
  unmount(span);
  const text = document.querySelector("textarea") as HTMLTextAreaElement;
  text.value = "改了";
  text.dispatchEvent(new Event("input"));
  expect(span.textContent).toBe("0 / 5 字");
});
