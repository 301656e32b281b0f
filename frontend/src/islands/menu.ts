/** A <details> that closes like a menu: Escape, a click elsewhere, focus gone. */
import type { Island } from "../lib/mount";

const menu: Island = (element) => {
  if (!(element instanceof HTMLDetailsElement)) return;
  const outside = (event: Event): void => {
    if (!element.contains(event.target as Node)) element.open = false;
  };
  const escape = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || !element.open) return;
    element.open = false;
    element.querySelector("summary")?.focus();
    event.stopPropagation();
  };
  document.addEventListener("click", outside);
  document.addEventListener("focusin", outside);
  element.addEventListener("keydown", escape);
  return () => {
    document.removeEventListener("click", outside);
    document.removeEventListener("focusin", outside);
    element.removeEventListener("keydown", escape);
  };
};
export default menu;
