/**
 * Pages kept for offline reading are fetched without cookies, so they do not know the reader's
 * switches. Every other page leaves a note of them; kept pages (`<body data-kept>`) put them on.
 */
import { read, write } from "./store";

const KEY = "yukuai:look";
const SWITCHES = ["mode", "text", "desk"] as const;

export function shareLook(html: HTMLElement, body: HTMLElement): void {
  if (html.dataset["surface"] !== "portal") return;
  if ("kept" in body.dataset) putOn(html, read(KEY));
  else write(KEY, JSON.stringify(Object.fromEntries(SWITCHES.map((s) => [s, html.dataset[s]]))));
}

function putOn(html: HTMLElement, noted: string | null): void {
  const look = JSON.parse(noted ?? "{}") as Record<string, string | undefined>;
  if (!look["mode"]) return;
  for (const name of SWITCHES) {
    const value = look[name];
    if (value === undefined) delete html.dataset[name];
    else html.dataset[name] = value;
  }
}
