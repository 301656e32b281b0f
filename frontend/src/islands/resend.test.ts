import { afterEach, beforeEach, expect, test, vi } from "vitest";
import resend from "./resend";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function button(seconds: string): HTMLElement {
  document.body.innerHTML = `<button data-seconds="${seconds}">再发一次</button>`;
  const element = document.querySelector("button") as HTMLElement;
  resend(element, {});
  return element;
}

test("counts down and refuses until then", () => {
  const element = button("52");
  expect(element.textContent).toBe("52 秒后重发");
  const click = new MouseEvent("click", { cancelable: true });
  element.dispatchEvent(click);
  expect(click.defaultPrevented).toBe(true);
  vi.advanceTimersByTime(2000);
  expect(element.textContent).toBe("50 秒后重发");
});

test("gives the button back with its own words", () => {
  const element = button("3");
  vi.advanceTimersByTime(3000);
  expect(element.textContent).toBe("再发一次");
  const click = new MouseEvent("click", { cancelable: true });
  element.dispatchEvent(click);
  expect(click.defaultPrevented).toBe(false);
});
