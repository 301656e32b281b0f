/** 52 秒后重发. The server keeps the rule; this only says when asking again makes sense. */
import type { Island } from "../lib/mount";

const resend: Island = (element) => {
  const words = element.textContent ?? "";
  const ready = Date.now() + 1000 * Number(element.dataset["seconds"] ?? 0);
  const tick = (): void => {
    const left = Math.ceil((ready - Date.now()) / 1000);
    if (left > 0) {
      element.setAttribute("aria-disabled", "true");
      element.textContent = `${left} 秒后重发`;
      return;
    }
    window.clearInterval(timer);
    element.removeAttribute("aria-disabled");
    element.textContent = words;
  };
  const refuse = (event: Event): void => {
    if (element.getAttribute("aria-disabled") === "true") event.preventDefault();
  };
  const timer = window.setInterval(tick, 1000);
  element.addEventListener("click", refuse);
  tick();
  return () => {
    window.clearInterval(timer);
    element.removeEventListener("click", refuse);
  };
};
export default resend;
