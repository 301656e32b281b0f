/** Facilities, houses and organisations as layers of the map; what would lie on another is left out until one looks closer. */
import type { FeatureLike } from "ol/Feature";
import VectorTileLayer from "ol/layer/VectorTile";
import Fill from "ol/style/Fill";
import Icon from "ol/style/Icon";
import RegularShape from "ol/style/RegularShape";
import Stroke from "ol/style/Stroke";
import Style from "ol/style/Style";
import Text from "ol/style/Text";
import type { Inks } from "./mapstyles";
import { badge, drawnFrom, iconOf, isNamed, isThing, readSymbols } from "./things";
import type { Overlay } from "./things";
import { tiles } from "./tiles";

export interface Laid {
  overlay: Overlay;
  layer: VectorTileLayer;
}
interface Seen {
  zoom: number;
  thing: string;
}

export function layThings(overlays: readonly Overlay[], url: string, icons: string, seen: Seen, inks: Inks): Laid[] {
  const symbols: Record<string, string> = {};
  const laid = overlays.map((overlay): Laid => {
    const layer = new VectorTileLayer({
      source: tiles(url.replace("LAYER", overlay.layer), "same-origin"),
      style: (feature) => styleOf(feature, overlay, symbols, seen, inks),
      declutter: true,
      minZoom: drawnFrom(overlay),
      visible: overlay.shown,
    });
    return { overlay, layer };
  });
  void fetch(icons)
    .then((answer) => (answer.ok ? answer.text() : ""))
    .then((sprite) => Object.assign(symbols, readSymbols(sprite)))
    .then(() => laid.forEach(({ layer }) => layer.changed()))
    .catch(() => undefined); // the signs stay without their drawings
  return laid;
}

const kept = new Map<string, Icon>();

/** Several may stand at one point: a house at it, a facility above, an organisation beside. */
const BESIDE: Record<string, { sign: [x: number, y: number]; name: { offsetX?: number; offsetY?: number; textAlign?: CanvasTextAlign } }> = {
  facilities: { sign: [0, 15], name: { offsetY: -32 } },
  organisations: { sign: [17, 0], name: { offsetX: 29, textAlign: "left" } },
};
const AT_IT = { sign: [0, 0] as [number, number], name: { offsetY: 14 } };

function styleOf(feature: FeatureLike, overlay: Overlay, symbols: Record<string, string>, seen: Seen, inks: Inks): Style {
  const chosen = isThing(overlay, feature.getId(), seen.thing);
  const image = overlay.layer === "buildings" ? house(inks, chosen) : sign(feature, overlay, symbols, inks, chosen);
  const style = new Style({ image, zIndex: chosen ? 30 : 20 });
  if (isNamed(seen.zoom) || chosen) style.setText(named(String(feature.get("name")), overlay, chosen, inks));
  return style;
}

function sign(feature: FeatureLike, overlay: Overlay, symbols: Record<string, string>, inks: Inks, chosen: boolean): Icon {
  const name = iconOf(overlay, feature.get("category"));
  const round = overlay.layer === "organisations";
  const src = badge(symbols[name] ?? "", { round, ink: round ? inks.text : inks.sign, chosen });
  const displacement = (BESIDE[overlay.layer] ?? AT_IT).sign;
  const found = kept.get(src) ?? new Icon({ src, displacement, declutterMode: chosen ? "none" : "declutter" });
  kept.set(src, found);
  return found;
}

/** Small enough to be drawn, all of them. */
function house(inks: Inks, chosen: boolean): RegularShape {
  return new RegularShape({
    points: 4,
    radius: chosen ? 10 : 6,
    angle: Math.PI / 4,
    fill: new Fill({ color: chosen ? inks.sign : "#5c6866" }),
    stroke: new Stroke({ color: "#fff", width: chosen ? 3 : 1.5 }),
    declutterMode: "none",
  });
}

function named(text: string, overlay: Overlay, chosen: boolean, inks: Inks): Text {
  return new Text({
    text,
    font: `${chosen ? 700 : 500} 12px ${inks.font}`,
    ...(BESIDE[overlay.layer] ?? AT_IT).name,
    fill: new Fill({ color: inks.text }),
    stroke: new Stroke({ color: "#fff", width: 3 }),
    declutterMode: chosen ? "none" : "declutter",
  });
}
