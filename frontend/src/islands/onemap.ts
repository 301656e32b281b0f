/**
 * 一张图: our own vector tiles, coloured by a number of each area, with matters laid over them. The panel of
 * what is chosen comes from the server by htmx, the same as without this island, so that the keyboard and a
 * screen reader reach all that is drawn.
 */
import type htmxModule from "htmx.org";
import OlMap from "ol/Map";
import type MapBrowserEvent from "ol/MapBrowserEvent";
import View from "ol/View";
import ScaleLine from "ol/control/ScaleLine";
import { defaults as controls } from "ol/control/defaults";
import type { FeatureLike } from "ol/Feature";
import VectorTileLayer from "ol/layer/VectorTile";
import { fromLonLat, transformExtent } from "ol/proj";
import { SMALL, around, askBox, boxOf, canPart, levelAt, levelOf, stepOf, wordsOf } from "../lib/areas";
import type { Box, Figures } from "../lib/areas";
import { baseLayers } from "../lib/basemap";
import type { BaseMap } from "../lib/basemap";
import { edgeStyle, fillStyle, matterStyle, nameStyle, readInks } from "../lib/mapstyles";
import type { Inks, Look, Overlays } from "../lib/mapstyles";
import type { Island } from "../lib/mount";
import { layThings } from "../lib/thinglayers";
import { isDrawn, isOf, panelOf, pointOf } from "../lib/things";
import type { Overlay } from "../lib/things";
import { tiles } from "../lib/tiles";

interface Props {
  lines: string;
  matters: string;
  filter: Record<string, string>;
  figures: string;
  place: string;
  spot: string;
  overlays: Overlay[];
  overlaid: string;
  icons: string;
  mine: string[];
  home: Box[];
  base: BaseMap;
}
const CITY: Box = [105.3, 28.1, 110.2, 32.2];
const CLOSEST = 19;
const ROUND_A_THING = 0.0008;
/** So far from what is pointed at, in pixels. */
const BY_HAND = 4;
const BY_KEY = 16;
const NOTHING: Figures = { bounds: [0], values: {} };
const SVG = "http://www.w3.org/2000/svg";

const onemap: Island = (root, given) => {
  const props = given as Props;
  const find = (name: string): HTMLElement => root.querySelector<HTMLElement>(`[data-${name}]`) as HTMLElement;
  for (const name of ["view", "layers", "controls", "legend"]) find(name).hidden = false;
  root.dataset["drawn"] = "";
  const inks = readInks(root);
  const panel = find("panel");
  const view = new View({ center: fromLonLat([106.55, 29.56]), zoom: 8, minZoom: 5, maxZoom: CLOSEST });
  const look: Look = { zoom: 8, mine: props.mine, chosen: 0, figures: NOTHING, small: false };
  const overlays: Overlays = { squares: true, late: true, heat: false };
  const seenThings = { zoom: 8, thing: "" };
  let spot = 0;

  const lines = tiles(props.lines, "omit");
  const matters = tiles(`${props.matters}?${new URLSearchParams(props.filter)}`, "same-origin");
  const fills = new VectorTileLayer({ source: lines, style: (feature) => fillStyle(feature, look, inks) });
  const edges = new VectorTileLayer({ source: lines, style: (feature) => edgeStyle(feature, look, inks) });
  const names = new VectorTileLayer({ source: lines, style: (feature) => nameStyle(feature, look, inks), declutter: true });
  const dots = new VectorTileLayer({ source: matters, style: (feature) => matterStyle(feature, overlays, spot, inks), renderMode: "vector" });
  const things = layThings(props.overlays, props.overlaid, props.icons, seenThings, inks);
  const map = new OlMap({
    target: find("view"),
    view,
    controls: controls({ zoom: false, rotate: false }).extend([new ScaleLine()]),
    layers: [...baseLayers(props.base), fills, edges, ...things.map(({ layer }) => layer).reverse(), names, dots],
    keyboardEventTarget: find("view"),
  });
  const redraw = (): void => {
    seenThings.zoom = look.zoom;
    for (const layer of [fills, edges, names, dots, ...things.map((one) => one.layer)]) layer.changed();
  };

  const room = (): number[] => (root.clientWidth > 900 ? [40, 360, 40, 300] : [24, 24, 24, 24]);
  const fit = (box: Box, duration = 250): void => {
    view.fit(transformExtent(box, "EPSG:4326", "EPSG:3857"), { padding: room(), maxZoom: 17, duration });
  };
  const home = (duration?: number): void => fit(around(props.home) ?? CITY, duration);

  let coloured = "";
  const colour = async (): Promise<void> => {
    const measure = root.querySelector<HTMLInputElement>("[name=measure]:checked");
    const level = levelAt(look.zoom);
    const wanted = `${level} ${measure?.value}`;
    if (!measure || wanted === coloured) return;
    coloured = wanted;
    const answer = await fetch(`${props.figures}?${new URLSearchParams({ level, measure: measure.value })}`).catch(() => null);
    if (wanted !== coloured) return;
    if (!answer?.ok) {
      coloured = "";
      find("said").textContent = "数字没有取到。看看网络，再移动一下地图。";
      return;
    }
    look.figures = (await answer.json()) as Figures;
    legend(root, look.figures, measure.dataset["words"] ?? "", inks);
    redraw();
  };

  let chosen: string[] = []; // what was chosen on the map is read on in the panel, each of several chosen in haste
  const get = async (url: string): Promise<void> => {
    chosen.push(url);
    const { default: htmx } = (await import("htmx.org")) as { default: typeof htmxModule };
    await htmx.ajax("get", url, { target: "#mappanel", swap: "innerHTML" });
  };
  const filtered = (url: string, more: Record<string, string> = {}): string => `${url}?${new URLSearchParams({ ...props.filter, ...more })}`;
  const openPlace = (id: number): Promise<void> => get(filtered(props.place.replace("ID", String(id))));
  const openSpot = (feature: FeatureLike): void => {
    const box = ["west", "south", "east", "north"].map((edge) => Number(feature.get(edge))) as Box;
    spot = Number(feature.getId());
    if (Number(feature.get("number_of")) > 20 && canPart(box, look.zoom)) fit(box);
    else void get(filtered(props.spot, { box: askBox(box) }));
    redraw();
  };
  const choose = (pixel: number[], hitTolerance: number): void => {
    const upper = new Set<unknown>([dots, ...things.map(({ layer }) => layer)]);
    const hit = map.forEachFeatureAtPixel(pixel, (feature, layer) => ({ feature, layer }), { layerFilter: (layer) => upper.has(layer), hitTolerance });
    const thing = things.find(({ layer }) => layer === hit?.layer);
    if (hit && thing) return void get(panelOf(thing.overlay, Number(hit.feature.getId())));
    if (hit) return openSpot(hit.feature);
    const shown = levelAt(look.zoom);
    const ids: number[] = [];
    map.forEachFeatureAtPixel(
      pixel,
      (feature) => {
        const layer = String(feature.get("layer"));
        if (levelOf(layer) === shown) ids.unshift(Number(feature.getId()));
        else if (!SMALL.has(layer)) ids.push(Number(feature.getId()));
      },
      { layerFilter: (layer) => layer === fills },
    );
    if (ids[0]) void openPlace(ids[0]);
  };
  map.on("click", (event: MapBrowserEvent) => choose(event.pixel, BY_HAND));

  /** A panel has come, by whatever way: its place is marked, and shown unless it was chosen on the map. */
  let seen = Number(panel.querySelector<HTMLElement>("[data-here]")?.dataset["here"] ?? 0);
  const arrived = (url: string): void => {
    const leads = chosen.includes(url);
    chosen = chosen.slice(chosen.indexOf(url) + 1);
    const here = panel.querySelector<HTMLElement>("[data-here]");
    look.chosen = Number(here?.dataset["here"] ?? 0);
    const box = boxOf(here?.dataset["box"] ?? "");
    if (box && look.chosen !== seen && !isShown(box)) fit(box);
    seen = look.chosen;
    showThing(panel.querySelector<HTMLElement>("[data-thing]")?.dataset ?? {}, leads);
    if (leads) panel.querySelector<HTMLElement>("h2")?.focus({ preventScroll: root.clientWidth > 900 });
    if (here || seenThings.thing) spot = 0;
    redraw();
  };
  /** Its layer is laid over the map, and it is looked at unless it was chosen there. */
  const showThing = ({ thing = "", point = "" }: DOMStringMap, leads: boolean): void => {
    seenThings.thing = thing;
    const laid = things.find(({ overlay }) => isOf(overlay, thing));
    if (!laid) return;
    laid.layer.setVisible(true);
    const box = root.querySelector<HTMLInputElement>(`[name=layer][value=${laid.overlay.layer}]`);
    if (box) box.checked = true;
    const [lon, lat] = pointOf(point) ?? [];
    if (leads || lon === undefined || lat === undefined) return;
    fit([lon - ROUND_A_THING, lat - ROUND_A_THING, lon + ROUND_A_THING, lat + ROUND_A_THING]);
  };
  const isShown = (box: Box): boolean => {
    const size = map.getSize();
    if (!size) return false;
    const [west, south, east, north] = transformExtent(view.calculateExtent(size), "EPSG:3857", "EPSG:4326") as Box;
    const share = (box[2] - box[0]) / (east - west);
    return box[0] >= west && box[1] >= south && box[2] <= east && box[3] <= north && share > 0.04;
  };

  const doing: Record<string, () => void> = {
    in: () => view.animate({ zoom: (view.getZoom() ?? 8) + 1, duration: 150 }),
    out: () => view.animate({ zoom: (view.getZoom() ?? 8) - 1, duration: 150 }),
    home: () => home(),
    print: () => window.print(),
  };
  const onClick = (event: Event): void => {
    const wanted = (event.target as Element).closest<HTMLElement>("[data-do]")?.dataset["do"];
    if (wanted) doing[wanted]?.();
  };
  const onChange = (event: Event): void => {
    const { name, value, checked } = event.target as HTMLInputElement;
    if (name === "measure") void colour();
    if (name === "layer") things.find(({ overlay }) => overlay.layer === value)?.layer.setVisible(checked);
    if (name !== "overlay") return;
    if (value === "small") look.small = checked;
    else overlays[value as keyof Overlays] = checked;
    redraw();
  };
  const onKey = (event: KeyboardEvent): void => {
    const onMap = event.target === find("view");
    if (event.key === "Enter" && onMap) choose((map.getSize() ?? [0, 0]).map((side) => side / 2), BY_KEY);
    else if (event.key === "Home" && onMap) home();
    else if (event.key === "Escape" && panel.contains(event.target as Node)) find("view").focus();
    else return;
    event.preventDefault();
  };
  const onSwap = (event: Event): void => {
    if ((event.target as Element) === panel) arrived((event as CustomEvent<{ pathInfo: { requestPath: string } }>).detail.pathInfo.requestPath);
  };
  root.addEventListener("click", onClick);
  root.addEventListener("change", onChange);
  root.addEventListener("keydown", onKey);
  document.body.addEventListener("htmx:afterSwap", onSwap);
  map.on("moveend", () => {
    const zoom = view.getZoom() ?? 8;
    const changed = zoom !== look.zoom;
    look.zoom = zoom;
    if (changed) redraw();
    for (const { overlay } of things) {
      const words = root.querySelector<HTMLElement>(`[name=layer][value=${overlay.layer}] ~ [data-since]`);
      if (words) words.hidden = isDrawn(overlay, zoom);
    }
    void colour();
    find("printed").textContent = `比例：第 ${Math.round(zoom)} 级。`;
  });
  const asked = new URLSearchParams(location.search).has("here") && boxOf(panel.querySelector<HTMLElement>("[data-here]")?.dataset["box"] ?? "");
  if (asked) fit(asked, 0);
  else home(0);
  look.zoom = view.getZoom() ?? 8;
  arrived("");
  return () => {
    document.body.removeEventListener("htmx:afterSwap", onSwap);
    map.setTarget(undefined);
  };
};
export default onemap;

function legend(root: HTMLElement, figures: Figures, title: string, inks: Inks): void {
  const words = wordsOf(figures.bounds);
  const wide = 240 / words.length;
  const titled = root.querySelector<HTMLElement>("[data-legend-title]");
  if (titled) titled.textContent = title;
  root.querySelector("[data-ramp]")?.replaceChildren(
    ...words.flatMap((word, at) => {
      const step = stepOf(at, words.length);
      const fill = inks.ramp[step] ?? "";
      return [shape("rect", { x: at * wide, y: 0, width: wide, height: 12, fill, stroke: "#3f4a48", "stroke-width": 0.5 }), shape("text", { x: at * wide, y: 28, "font-size": 13 }, word)];
    }),
  );
}

function shape(name: string, said: Record<string, string | number>, words = ""): SVGElement {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(said)) element.setAttribute(key, String(value));
  element.textContent = words;
  return element;
}
