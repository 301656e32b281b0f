/** A draft as the server tells it, and what can be asked of it. */
import { csrfToken } from "../csrf";
import { keyOf, readArea, writeArea } from "./grid";
import type { Area, Geometry } from "./grid";
import type { Tiling } from "./tiling";

export interface Named {
  id: number;
  name: string;
}
export interface Place extends Named {
  code: string;
  kind: string;
  declared_exclave: boolean;
}
export interface Finding {
  key: string;
  check: string;
  title: string;
  severity: "note" | "confirm" | "refused";
  sentence: string;
  fix: string;
  who: number[];
  place: [number, number] | null;
  size_m2: number;
  geometry: Geometry | null;
  owners: Named[];
}
interface Feature<P> {
  id?: number;
  properties: P;
  geometry: Geometry | null;
}
interface Features<P> {
  features: Feature<P>[];
}
export interface Doc {
  draft: { number: string; version: number; can: { edit: boolean } & Record<string, boolean> };
  parent: Feature<Named>;
  around: Features<Named>;
  children: Features<Place>;
  undrawn: Named[];
  findings: Finding[];
  accepted: boolean;
  reason: string;
  proposal?: Features<Named> | null;
}

/** The server's answer that is not a draft: `status` 0 without a network. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    sentence: string,
  ) {
    super(sentence);
  }
}

export type Ask = (what: string, body?: object) => Promise<Doc>;

/** Below the address of a draft: `data` is read, the others are written. */
export function askerOf(address: string): Ask {
  return async (what, body) => {
    const answer = await fetch(`${address}${what}/`, optionsFor(body)).catch(() => null);
    if (!answer) throw new Refused(0, "");
    const said: unknown = await answer.json().catch(() => null);
    if (answer.ok && said && !answer.redirected) return said as Doc;
    throw new Refused(answer.redirected ? 403 : answer.status, (said as { detail?: string } | null)?.detail ?? "");
  };
}

function optionsFor(body: object | undefined): RequestInit {
  const common = { credentials: "same-origin", headers: { Accept: "application/json" } } as const;
  if (!body) return common;
  const headers = { ...common.headers, "Content-Type": "application/json", "X-CSRFToken": csrfToken() };
  return { ...common, method: "POST", body: JSON.stringify(body), headers };
}

/** The lines of a draft; a child that is as it was in `before` is the same value. */
export function tilingOf(doc: Doc, before?: Tiling): Tiling {
  const children = new Map<number, Area>();
  for (const { properties, geometry } of doc.children.features) {
    const area = same(before?.children.get(properties.id), readArea(geometry));
    if (area.length) children.set(properties.id, area);
  }
  const tiling = { parent: same(before?.parent, readArea(doc.parent.geometry)), children };
  return before && isUnchanged(before, tiling) ? before : tiling;
}

const same = (before: Area | undefined, area: Area): Area => (before && textOf(before) === textOf(area) ? before : area);
const textOf = (area: Area): string => area.map((rings) => rings.map((ring) => ring.map(keyOf).join(" ")).join(";")).join("|");
const isUnchanged = (one: Tiling, other: Tiling): boolean =>
  one.parent === other.parent && one.children.size === other.children.size && [...one.children].every(([id, area]) => other.children.get(id) === area);

/** What is sent: the geometry of each child whose line is another. */
export function shapesOf(changed: ReadonlyMap<number, Area | null>): Record<string, Geometry | null> {
  return Object.fromEntries([...changed].map(([id, area]) => [String(id), area && writeArea(area)]));
}

export function withShapes(tiling: Tiling, shapes: Record<string, Geometry | null>): Tiling {
  const children = new Map(tiling.children);
  for (const [id, geometry] of Object.entries(shapes)) {
    const area = readArea(geometry);
    if (area.length) children.set(Number(id), area);
    else children.delete(Number(id));
  }
  return { ...tiling, children };
}

/** All the draft is about, drawn or not, in the order of the server. */
export function placesOf(doc: Doc): Place[] {
  const drawn = doc.children.features.map(({ properties }) => properties);
  const known = new Set(drawn.map(({ id }) => id));
  const undrawn = doc.undrawn.filter(({ id }) => !known.has(id));
  return [...drawn, ...undrawn.map((one) => ({ code: "", kind: "", declared_exclave: false, ...one }))];
}

export const pieces = (area: Area | undefined): number => (area ? area.length : 0);
