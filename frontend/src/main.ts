/** Loaded by every page. Pages work without it; it only makes them quicker and safer to lose. */
import { tellHtmx } from "./lib/htmx-config";
import { shareLook } from "./lib/look";
import { mountWithin } from "./lib/mount";
import { hasWaiting } from "./lib/waiting";

const USES_HTMX = "[hx-get],[hx-post],[hx-put],[hx-patch],[hx-delete],[hx-boost]";

function whenLoaded(act: () => void): void {
  if (document.readyState === "complete") act();
  else window.addEventListener("load", act, { once: true });
}

/** htmx finds its attributes when the page has loaded; earlier it would miss its own start. */
function startHtmx(): void {
  if (!document.querySelector(USES_HTMX)) return;
  whenLoaded(() => {
    tellHtmx();
    void import("./htmx").then(({ startHtmx }) => startHtmx());
  });
}

function keepForOffline(): void {
  if (document.documentElement.dataset["surface"] !== "portal") return;
  whenLoaded(() => {
    navigator.serviceWorker?.register("/sw.js").catch(() => undefined);
    if (hasWaiting()) void import("./islands/offline-queue").then(({ sendWaiting }) => sendWaiting());
  });
}

shareLook(document.documentElement, document.body);
void mountWithin(document.body);
startHtmx();
keepForOffline();
