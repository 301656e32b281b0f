/** htmx, loaded only on pages that use it, without eval, and with errors shown where people look. */
import htmx from "htmx.org";
import { csrfToken } from "./lib/csrf";
import { mountWithin, unmount } from "./lib/mount";

interface Swap {
  xhr: XMLHttpRequest;
  target: Element;
  shouldSwap: boolean;
  isError: boolean;
  swapOverride?: string;
}

const LOST = `<div class="note note--late" role="alert"><div><b>没有送到。</b>
  <p>现在没有网，或者系统没有回答。什么都没有改，过一会儿再试。</p></div></div>`;

export function startHtmx(): void {
  Object.assign(htmx.config, {
    allowEval: false,
    allowScriptTags: false,
    includeIndicatorStyles: false,
    selfRequestsOnly: true,
    historyCacheSize: 0, // pages with personal data must not stay in localStorage
    responseHandling: [
      { code: "204", swap: false },
      { code: "[23]..", swap: true },
      { code: "[45]..", swap: true, error: true },
    ],
  });
  document.body.addEventListener("htmx:configRequest", (event) => {
    const { headers } = (event as CustomEvent<{ headers: Record<string, string> }>).detail;
    headers["X-CSRFToken"] = csrfToken();
  });
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    placeError((event as CustomEvent<Swap>).detail);
  });
  document.body.addEventListener("htmx:sendError", () => {
    const place = errorPlace();
    if (place) place.innerHTML = LOST;
  });
  document.body.addEventListener("htmx:beforeRequest", () => errorPlace()?.replaceChildren());
  document.body.addEventListener("htmx:load", (event) => {
    void mountWithin((event as CustomEvent<{ elt: HTMLElement }>).detail.elt);
  });
  document.body.addEventListener("htmx:beforeCleanupElement", (event) => {
    unmount(event.target as Element);
  });
}

/** A refusal goes to #errors; a form sent back with its errors (422) goes where it came from. */
export function placeError(swap: Swap): void {
  if (swap.xhr.status < 400) return;
  const answer = swap.xhr.responseText;
  if (/^\s*<!doctype/i.test(answer)) {
    swap.shouldSwap = false;
    const place = errorPlace();
    if (place) place.innerHTML = LOST;
    return;
  }
  swap.shouldSwap = true;
  if (!answer.includes("data-answer=") || swap.xhr.getResponseHeader("HX-Retarget")) return;
  const place = errorPlace();
  if (!place) return;
  swap.target = place;
  swap.swapOverride = "innerHTML";
  place.scrollIntoView({ block: "nearest" });
}

function errorPlace(): Element | null {
  return document.querySelector(".drawer [data-errors]") ?? document.getElementById("errors");
}
