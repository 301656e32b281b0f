/** htmx, loaded only on pages that use it, without eval, and with errors shown where people look. */
import "htmx.org";
import { csrfToken } from "./lib/csrf";
import { mountWithin, unmount } from "./lib/mount";
import { type Swap, errorPlace, placeError, sayLost } from "./lib/refusals";
import { lookForTyped } from "./lib/typed";

export function startHtmx(): void {
  document.body.addEventListener("htmx:configRequest", (event) => {
    const { headers } = (event as CustomEvent<{ headers: Record<string, string> }>).detail;
    headers["X-CSRFToken"] = csrfToken();
  });
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    placeError((event as CustomEvent<Swap>).detail);
  });
  document.body.addEventListener("htmx:sendError", sayLost);
  document.body.addEventListener("htmx:beforeRequest", () => errorPlace()?.replaceChildren());
  document.body.addEventListener("htmx:load", (event) => {
    void mountWithin((event as CustomEvent<{ elt: HTMLElement }>).detail.elt);
  });
  document.body.addEventListener("htmx:beforeCleanupElement", (event) => {
    unmount(event.target as Element);
  });
  lookForTyped(document.body);
}
