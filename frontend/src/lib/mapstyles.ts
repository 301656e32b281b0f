/** How areas, names and matters are drawn: of the tokens of the page, so that a map looks as all else. */
import type { FeatureLike } from "ol/Feature";
import CircleStyle from "ol/style/Circle";
import Fill from "ol/style/Fill";
import RegularShape from "ol/style/RegularShape";
import Stroke from "ol/style/Stroke";
import Style from "ol/style/Style";
import Text from "ol/style/Text";
import { SMALL, classOf, isNamedAt, isWithin, levelAt, levelOf, radiusFor, stepOf, weightFor } from "./areas";
import type { Figures } from "./areas";

export interface Look {
  zoom: number;
  mine: readonly string[];
  chosen: number;
  figures: Figures;
  small: boolean;
}
export interface Overlays {
  squares: boolean;
  late: boolean;
  heat: boolean;
}
export interface Inks {
  ramp: string[];
  text: string;
  late: string;
  band: string;
  /** Of facilities: apart from the ramp. */
  sign: string;
  font: string;
}

/** Too faint to be seen, strong enough to be hit. */
const GLASS = new Fill({ color: "rgba(255,255,255,0.01)" });
const HEAT = [30, 20, 11, 5];
const ABOVE: Record<string, string> = { community: "township", township: "district", district: "city" };

export function readInks(root: HTMLElement): Inks {
  const said = getComputedStyle(root);
  const ink = (name: string): string => said.getPropertyValue(name).trim();
  return {
    ramp: [0, 1, 2, 3, 4, 5].map((step) => ink(`--ramp-${step}`)),
    text: ink("--text"),
    late: ink("--st-late"),
    band: ink("--bg-band-deep"),
    sign: ink("--st-run"),
    font: ink("--font-sans") || "sans-serif",
  };
}

/** The ground of one's own areas, and the areas of the level that is coloured. */
export function fillStyle(feature: FeatureLike, look: Look, inks: Inks): Style | undefined {
  const level = levelOf(String(feature.get("layer")));
  const own = isWithin(String(feature.get("path")), look.mine);
  const shown = levelAt(look.zoom);
  if (level === shown) return filled(feature, look, inks, own);
  if (own && (level === ABOVE[shown] || level === "district")) return new Style({ fill: new Fill({ color: inks.ramp[0]! }), zIndex: 0 });
  return undefined;
}

function filled(feature: FeatureLike, look: Look, inks: Inks, own: boolean): Style {
  if (!own) return new Style({ fill: GLASS, stroke: new Stroke({ color: "#b9b4a6", width: 0.8 }), zIndex: 1 });
  const { bounds, values } = look.figures;
  const step = stepOf(classOf(values[String(feature.getId())] ?? 0, bounds), bounds.length);
  return new Style({ fill: new Fill({ color: inks.ramp[step]! }), stroke: new Stroke({ color: step < 2 ? "#c3d0ce" : "#fff", width: 0.9 }), zIndex: 1 });
}

/** The outlines of the levels above, of what is small, and of what was chosen. */
export function edgeStyle(feature: FeatureLike, look: Look, inks: Inks): Style | Style[] | undefined {
  const layer = String(feature.get("layer"));
  const level = levelOf(layer);
  if (layer === "names") return undefined;
  const shown = levelAt(look.zoom);
  const own = isWithin(String(feature.get("path")), look.mine);
  if (Number(feature.getId()) === look.chosen) return chosenStyle(inks, level === shown);
  if (level === "district" && shown !== "district") return own ? outline(inks.band, 2.4, 2) : outline("#8d897c", 1.2, 1);
  if (level === ABOVE[shown]) return outline("#3f4a48", 1.4, 1);
  if (SMALL.has(layer) && look.small && own) return outline(inks.text, 1, 0, [4, 3]);
  return undefined;
}

function outline(color: string, width: number, zIndex: number, lineDash: number[] = []): Style {
  return new Style({ stroke: new Stroke({ color, width, lineDash }), zIndex });
}

/** White halo, dark edge, and slanted lines unless it holds areas that are coloured. */
function chosenStyle(inks: Inks, filled: boolean): Style[] {
  const fill = filled ? { fill: new Fill({ color: hatch(inks.band) }) } : {};
  return [
    new Style({ stroke: new Stroke({ color: "#fff", width: 6 }), zIndex: 8 }),
    new Style({ stroke: new Stroke({ color: inks.band, width: 2.5 }), ...fill, zIndex: 9 }),
  ];
}

let pattern: CanvasPattern | string = "";
/** Slanted lines: chosen is told by a pattern, not by a hue. */
function hatch(colour: string): CanvasPattern | string {
  if (pattern) return pattern;
  const tile = document.createElement("canvas");
  tile.width = tile.height = 8;
  const pen = tile.getContext("2d");
  if (!pen) return "rgba(0,0,0,0.1)";
  pen.strokeStyle = colour;
  pen.globalAlpha = 0.5;
  pen.lineWidth = 1.3;
  for (const shift of [-8, 0, 8]) {
    pen.beginPath();
    pen.moveTo(shift, 8);
    pen.lineTo(shift + 8, 0);
    pen.stroke();
  }
  pattern = pen.createPattern(tile, "repeat") ?? "rgba(0,0,0,0.1)";
  return pattern;
}

export function nameStyle(feature: FeatureLike, look: Look, inks: Inks): Style | undefined {
  if (feature.get("layer") !== "names") return undefined;
  const kind = String(feature.get("kind"));
  if (!isNamedAt(kind, look.zoom)) return undefined;
  const upper = levelOf(kind) !== levelAt(look.zoom);
  return new Style({
    text: new Text({
      text: short(String(feature.get("name"))),
      font: `600 ${upper ? 15 : 13}px ${inks.font}`,
      fill: new Fill({ color: inks.text }),
      stroke: new Stroke({ color: "#fff", width: 4 }),
      padding: [4, 6, 4, 6],
    }),
    zIndex: upper ? 2 : 1,
  });
}

/** 大溪沟街道 is 大溪沟 on a map. */
function short(name: string): string {
  return name.length > 3 ? name.replace(/(街道|社区|村)$/, "") : name;
}

export function matterStyle(feature: FeatureLike, overlays: Overlays, chosen: number, inks: Inks): Style[] {
  const count = Number(feature.get("number_of"));
  const late = Number(feature.get("late"));
  const found: Style[] = [];
  if (overlays.heat) {
    const alpha = 0.06 + 0.16 * weightFor(count);
    found.push(...HEAT.map((radius) => new Style({ image: new CircleStyle({ radius: radius * (1 + weightFor(count)), fill: new Fill({ color: `rgba(13,69,72,${alpha.toFixed(2)})` }) }) })));
  }
  if (overlays.squares) found.push(disc(count, Number(feature.getId()) === chosen, inks));
  if (overlays.late && late > 0) found.push(...warning(overlays.squares ? radiusFor(count) : 0, inks));
  return found;
}

function disc(count: number, isChosen: boolean, inks: Inks): Style {
  return new Style({
    image: new CircleStyle({
      radius: radiusFor(count),
      fill: new Fill({ color: "#fff" }),
      stroke: new Stroke({ color: inks.text, width: isChosen ? 4 : 1.5 }),
    }),
    text: new Text({ text: count > 1 ? String(count) : "·", font: `600 ${count > 1 ? 12 : 22}px ${inks.font}`, fill: new Fill({ color: inks.text }), offsetY: 1 }),
    zIndex: 10,
  });
}

/** Above at the right of the disc; what turns a triangle upside down turns its place too. */
function warning(radius: number, inks: Inks): Style[] {
  const beside = radius * 0.8;
  const displacement = [-beside, -beside];
  return [
    new Style({
      image: new RegularShape({ points: 3, radius: 12, rotation: Math.PI, displacement, fill: new Fill({ color: inks.late }), stroke: new Stroke({ color: "#fff", width: 2 }) }),
      text: new Text({ text: "!", font: `700 12px ${inks.font}`, fill: new Fill({ color: "#fff" }), offsetX: beside, offsetY: -beside - 1 }),
      zIndex: 11,
    }),
  ];
}
