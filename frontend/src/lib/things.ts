/** What of the register is laid over the map, and as which sign: pure. */

export interface Overlay {
  layer: string;
  since: number;
  icon: string;
  /** By category, where one has a sign of its own. */
  icons: Record<string, string>;
  shown: boolean;
  /** The address of the panel, with ID for the thing. */
  thing: string;
}
export interface Sign {
  round: boolean;
  ink: string;
  chosen: boolean;
}

const NAMED_FROM = 17;
const SIDE = 22;

/** A tile of zoom z is drawn from half a zoom before it on. */
export function drawnFrom(overlay: Overlay): number {
  return overlay.since - 0.5;
}

export function isDrawn(overlay: Overlay, zoom: number): boolean {
  return zoom > drawnFrom(overlay);
}

export function isNamed(zoom: number): boolean {
  return zoom >= NAMED_FROM;
}

export function iconOf(overlay: Overlay, category: unknown): string {
  return overlay.icons[String(category)] ?? overlay.icon;
}

export function panelOf(overlay: Overlay, id: number): string {
  return overlay.thing.replace("ID", String(id));
}

/** `facility:7` belongs to the overlay whose panels have that kind in their address. */
export function isOf(overlay: Overlay, thing: string): boolean {
  const [kind, id] = thing.split(":");
  return Boolean(kind && id) && overlay.thing.includes(`/${kind}/`);
}

export function isThing(overlay: Overlay, id: unknown, thing: string): boolean {
  return isOf(overlay, thing) && thing.endsWith(`:${String(id)}`);
}

export function pointOf(text: string): [lon: number, lat: number] | null {
  const numbers = text.split(",").map(Number);
  return text !== "" && numbers.length === 2 && numbers.every(Number.isFinite) ? [numbers[0]!, numbers[1]!] : null;
}

/** The drawings of the icon set by name. */
export function readSymbols(sprite: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const symbol of new DOMParser().parseFromString(sprite, "image/svg+xml").querySelectorAll("symbol")) {
    found[symbol.id.replace(/^i-/, "")] = symbol.innerHTML;
  }
  return found;
}

/** An icon on a white square, or disc, as the address of an image. */
export function badge(drawing: string, { round, ink, chosen }: Sign): string {
  const frame = `fill="#fff" stroke="${ink}" stroke-width="${chosen ? 5 : 2}"`;
  const ground = round ? `<circle cx="12" cy="12" r="15" ${frame}/>` : `<rect x="-2" y="-2" width="28" height="28" ${frame}/>`;
  const body = `<g transform="translate(2.4 2.4) scale(.8)" fill="none" stroke="${ink}" stroke-width="2.4">${drawing}</g>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${SIDE}" height="${SIDE}" viewBox="-6 -6 36 36">${ground}${body}</svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
