/** Where a refusal is shown when htmx asked for something else. */

export interface Swap {
  xhr: XMLHttpRequest;
  target: Element;
  shouldSwap: boolean;
  isError: boolean;
  swapOverride?: string;
}

const LOST = `<div class="note note--late" role="alert"><div><b>没有送到。</b>
  <p>现在没有网，或者系统没有回答。什么都没有改，过一会儿再试。</p></div></div>`;

/** A refusal goes to #errors; a form sent back with its errors (422) goes where it came from. */
export function placeError(swap: Swap): void {
  if (swap.xhr.status < 400) return;
  const answer = swap.xhr.responseText;
  if (/^\s*<!doctype/i.test(answer)) {
    swap.shouldSwap = false;
    sayLost();
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

export function errorPlace(): Element | null {
  return document.querySelector(".drawer [data-errors]") ?? document.getElementById("errors");
}

/** The network is gone, or what answered was not ours. */
export function sayLost(): void {
  const place = errorPlace();
  if (place) place.innerHTML = LOST;
}
