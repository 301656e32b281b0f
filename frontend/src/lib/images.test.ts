import { expect, test } from "vitest";
import { fit, shrink } from "./images";

test.each([
  [4000, 3000, 1600, 1200],
  [3000, 4000, 1200, 1600],
  [800, 600, 800, 600],
  [16000, 1, 1600, 1],
])("%i × %i becomes %i × %i", (w, h, width, height) => {
  expect(fit(w, h)).toEqual([width, height]);
});

test("a file the browser cannot read travels as it is", async () => {
  const file = new File(["not a picture"], "a.heic", { type: "image/heic" });
  expect(await shrink(file)).toBe(file);
});
