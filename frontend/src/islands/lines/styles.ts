/** How the sheet is drawn: teal ground, white lines between siblings, the line above dark, gaps bare. */
import type { FeatureLike } from "ol/Feature";
import MultiPoint from "ol/geom/MultiPoint";
import type MultiPolygon from "ol/geom/MultiPolygon";
import CircleStyle from "ol/style/Circle";
import Fill from "ol/style/Fill";
import RegularShape from "ol/style/RegularShape";
import Stroke from "ol/style/Stroke";
import Style from "ol/style/Style";
import Text from "ol/style/Text";
import type { Finding } from "../../lib/lines/draft";

export interface Palette {
  ink: string;
  brand: string;
  deep: string;
  grounds: string[];
  late: string;
  run: string;
  off: string;
  /** Letters on the map follow the size the reader has chosen. */
  plain: string;
  strong: string;
}

export function paletteOf(element: Element): Palette {
  const read = getComputedStyle(element);
  const scale = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16 || 1;
  const role = (name: string): string => read.getPropertyValue(name).trim();
  return {
    ink: role("--text"),
    brand: role("--cat-1"),
    deep: role("--brand-hover"),
    grounds: [role("--ramp-1"), role("--ramp-2"), role("--line-brand")],
    late: role("--st-late"),
    run: role("--st-run"),
    off: role("--st-off"),
    plain: `${13 * scale}px sans-serif`,
    strong: `600 ${14 * scale}px sans-serif`,
  };
}

const line = (color: string, width: number, dash?: number[]): Stroke => new Stroke({ color, width, ...(dash ? { lineDash: dash } : {}) });

/** Diagonal hatching, as on the other maps: selected, or not in one's area. */
function hatch(color: string, ground: string, gap: number): CanvasPattern | string {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = gap;
  const context = canvas.getContext("2d");
  if (!context) return ground;
  context.fillStyle = ground;
  context.fillRect(0, 0, gap, gap);
  context.strokeStyle = color;
  context.lineWidth = 1.4;
  for (const shift of [-gap, 0, gap]) {
    context.moveTo(shift, gap);
    context.lineTo(shift + gap, 0);
  }
  context.stroke();
  return context.createPattern(canvas, "repeat") ?? ground;
}

function label(words: string, font: string, color: string): Text {
  return new Text({ text: words, font, fill: new Fill({ color }), stroke: line("#fff", 4) });
}

/** At the largest piece only. */
function labelled(words: string, font: string, color: string): Style {
  return new Style({
    text: label(words, font, color),
    geometry: (feature) => {
      const shape = feature.getGeometry() as MultiPolygon;
      const pieces = shape.getPolygons().sort((one, other) => other.getArea() - one.getArea());
      return pieces[0]?.getInteriorPoint();
    },
  });
}

export const aroundStyle = (palette: Palette): ((feature: FeatureLike) => Style[]) => {
  const shape = new Style({ stroke: line("#b9b2a0", 1) });
  return (feature) => [shape, labelled(String(feature.get("name")), palette.plain, palette.off)];
};

export const parentStyle = (palette: Palette): Style[] => [
  new Style({ fill: new Fill({ color: "#fff" }), stroke: line("#fff", 6) }),
  new Style({ stroke: line(palette.deep, 2.5) }),
];

export function childStyle(palette: Palette): (feature: FeatureLike) => Style[] {
  const chosen = [
    new Style({ stroke: line("#fff", 7), zIndex: 2 }),
    new Style({ fill: new Fill({ color: hatch("rgb(10 69 72 / .45)", palette.grounds[1] ?? "", 8) }), stroke: line(palette.deep, 3), zIndex: 2 }),
  ];
  const plain = palette.grounds.map((color) => new Style({ fill: new Fill({ color }), stroke: line(palette.brand, 1.25) }));
  return (feature) => {
    if (feature.get("isChosen")) return chosen;
    return [plain[Number(feature.get("shade")) % plain.length] as Style];
  };
}

/** Above the vertices; where two would meet, one gives way, the chosen one never. */
export const nameStyle = (palette: Palette): ((feature: FeatureLike) => Style) => (feature) => {
  const style = labelled(String(feature.get("name")), palette.strong, palette.ink);
  style.setZIndex(feature.get("isChosen") ? 2 : 1);
  return style;
};

/** Their ground lies beneath the vertices, their numbers above. */
export function findingStyle(palette: Palette, isShape: boolean): (feature: FeatureLike) => Style[] {
  const of = (color: string, dash?: number[]): Style =>
    new Style({ fill: new Fill({ color: hatch(color, "rgb(255 255 255 / .55)", 6) }), stroke: line(color, 2, dash) });
  const shapes: Record<Finding["severity"], Style> = {
    refused: of(palette.late),
    confirm: of(palette.run, [6, 3]),
    note: of(palette.off, [2, 3]),
  };
  const colours = { refused: palette.late, confirm: palette.run, note: palette.off };
  return (feature) => {
    const severity = feature.get("severity") as Finding["severity"];
    if (Boolean(feature.get("isShape")) !== isShape) return [];
    if (isShape) return [shapes[severity]];
    return [
      new Style({
        image: new CircleStyle({ radius: 12, fill: new Fill({ color: "#fff" }), stroke: line(colours[severity], 2.5) }),
        text: new Text({ text: String(feature.get("place")), font: "600 12px sans-serif", fill: new Fill({ color: colours[severity] }), offsetY: 1 }),
        zIndex: severity === "refused" ? 2 : 1,
      }),
    ];
  };
}

export const proposalStyle = (palette: Palette): Style => new Style({ stroke: line(palette.run, 2, [8, 5]) });

/** Movable ones round, those of the level above square, the chosen one dark. */
export function vertexStyle(palette: Palette): (feature: FeatureLike) => Style {
  const images = {
    free: new CircleStyle({ radius: 4.5, fill: new Fill({ color: "#fff" }), stroke: line(palette.brand, 2) }),
    locked: new RegularShape({ points: 4, radius: 4, angle: Math.PI / 4, fill: new Fill({ color: palette.deep }) }),
    chosen: new CircleStyle({ radius: 7.5, fill: new Fill({ color: palette.deep }), stroke: line("#fff", 2.5) }),
    edge: new CircleStyle({ radius: 6.5, fill: new Fill({ color: "#fff" }), stroke: line(palette.deep, 3) }),
  };
  const styles = Object.fromEntries(Object.entries(images).map(([kind, image]) => [kind, new Style({ image })]));
  return (feature) => styles[String(feature.get("kind"))] as Style;
}

export function penStyle(palette: Palette): (feature: FeatureLike) => Style[] {
  const drawn = [
    new Style({ stroke: line("#fff", 6) }),
    new Style({ stroke: line(palette.run, 3) }),
    new Style({
      image: new CircleStyle({ radius: 5, fill: new Fill({ color: palette.run }), stroke: line("#fff", 2) }),
      geometry: (feature) => new MultiPoint((feature.get("picks") as number[][] | undefined) ?? []),
    }),
  ];
  const next = [new Style({ stroke: line("#fff", 5) }), new Style({ stroke: line(palette.run, 2.5, [7, 6]) })];
  const half = [new Style({ fill: new Fill({ color: hatch(palette.run, "rgb(255 255 255 / .4)", 7) }), stroke: line(palette.run, 3) })];
  return (feature) => ({ drawn, next, half })[String(feature.get("kind"))] ?? [];
}

export const crossStyle = (palette: Palette): Style[] => [
  new Style({ image: new RegularShape({ points: 4, radius: 17, radius2: 0, stroke: line("#fff", 6) }) }),
  new Style({ image: new RegularShape({ points: 4, radius: 16, radius2: 0, stroke: line(palette.ink, 2) }) }),
];
