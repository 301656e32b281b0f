/**
 * Matters on a map: pins that join while they are close, or heat; the list beside it mirrors what is
 * shown, so that the keyboard reaches all of it. Without this island the page is a list. Heat is drawn
 * as layers of pale discs and not by WebGL, which many an office computer does not have.
 */
import Feature from "ol/Feature";
import OlMap from "ol/Map";
import View from "ol/View";
import ScaleLine from "ol/control/ScaleLine";
import { defaults as controls } from "ol/control/defaults";
import { boundingExtent } from "ol/extent";
import type { FeatureLike } from "ol/Feature";
import Point from "ol/geom/Point";
import VectorLayer from "ol/layer/Vector";
import { fromLonLat, transformExtent } from "ol/proj";
import Cluster from "ol/source/Cluster";
import VectorSource from "ol/source/Vector";
import CircleStyle from "ol/style/Circle";
import Fill from "ol/style/Fill";
import Stroke from "ol/style/Stroke";
import Style from "ol/style/Style";
import Text from "ol/style/Text";
import { baseLayers } from "../lib/basemap";
import type { BaseMap } from "../lib/basemap";
import type { Island } from "../lib/mount";
import { addressFor, countOf, extentOf, nearest, placesOf, radiusFor, readSpots, say, shade, weightFor } from "../lib/spots";
import type { Extent, Seat, Spot } from "../lib/spots";

interface Props {
  pins: string;
  base: BaseMap;
  seats: Seat[];
}
const WORLD: Extent = [-180, -90, 180, 90];
const CLOSE = 36;
const LISTED = 200;
const CLOSEST = 18;
const SEATS_FROM = 9;
const ROOM = [56, 40, 40, 40];
const STEPS = [34, 24, 14, 6];

const casemap: Island = (root, given) => {
  const props = given as Props;
  const find = (name: string): HTMLElement => root.querySelector<HTMLElement>(`[data-${name}]`) as HTMLElement;
  root.hidden = false;
  const colour = getComputedStyle(root).getPropertyValue("--cat-1").trim() || "#0f5b5e";
  let chosen: Spot | null = null;
  const spots = new VectorSource<Feature<Point>>();
  const pins = new VectorLayer({
    source: new Cluster({ source: spots, distance: CLOSE }),
    style: (feature) => dotStyle(spotsIn(feature), colour, chosen),
    declutter: true,
  });
  const names = new VectorSource<Feature<Point>>();
  const heat = new VectorLayer({ source: spots, visible: false, style: (feature) => heatStyle(Number(feature.get("weight")), colour) });
  const view = new View({ center: fromLonLat([106.55, 29.56]), zoom: 8, maxZoom: CLOSEST });
  const map = new OlMap({
    target: find("view"),
    view,
    controls: controls({ zoomOptions: { zoomInTipLabel: "放大", zoomOutTipLabel: "缩小" }, rotate: false }).extend([new ScaleLine()]),
    layers: [...base(props), heat, nameLayer(names), pins],
    keyboardEventTarget: find("view"),
  });

  let asking: AbortController | null = null;
  const ask = async (extent: Extent): Promise<Spot[] | null> => {
    asking?.abort();
    asking = new AbortController();
    try {
      const answer = await fetch(addressFor(props.pins, extent), { signal: asking.signal });
      if (!answer.ok) throw new Error(String(answer.status));
      return readSpots(await answer.json());
    } catch (error) {
      if ((error as Error).name !== "AbortError") find("said").textContent = "没有取到。看看网络，再移动一下地图。";
      return null;
    }
  };
  const draw = (found: Spot[]): void => {
    const most = Math.max(...found.map((spot) => spot.count), 1);
    spots.clear();
    spots.addFeatures(
      found.map((spot) => {
        const feature = new Feature(new Point(fromLonLat([spot.lon, spot.lat])));
        feature.setProperties({ spot, weight: weightFor(spot.count, most) });
        return feature;
      }),
    );
    names.clear();
    names.addFeatures(placesOf(found).map((one) => named(one.name, one.lon, one.lat)));
    find("said").textContent = say(found);
    list(find("list"), found, open, props.seats);
    mark(find("list"), chosen);
  };
  const refresh = async (): Promise<void> => {
    const size = map.getSize();
    if (!size) return;
    const shown = transformExtent(view.calculateExtent(size), "EPSG:3857", "EPSG:4326") as Extent;
    const found = await ask(shown);
    if (found) draw(found);
  };
  const open = (spot: Spot): void => {
    if (spot.pin === null) {
      view.animate({ center: fromLonLat([spot.lon, spot.lat]), zoom: (view.getZoom() ?? 8) + 2, duration: 200 });
      return;
    }
    chosen = spot;
    pins.changed();
    mark(find("list"), spot);
    panel(find("panel"), spot);
  };
  const shut = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || find("panel").hidden) return;
    event.stopPropagation();
    find("panel").hidden = true;
    (find("list").querySelector<HTMLElement>("[aria-current]") ?? find("view")).focus();
    chosen = null;
    pins.changed();
    mark(find("list"), null);
  };
  map.on("click", (event) => {
    const hit = map.forEachFeatureAtPixel(event.pixel, (feature) => feature, { layerFilter: (one) => one === pins });
    if (!hit) return;
    const inside = spotsIn(hit);
    if (inside.length === 1 && inside[0]) open(inside[0]);
    else closer(view, inside, (found) => list(find("list"), found, open, props.seats));
  });
  const show = (event: Event): void => {
    const wanted = (event.target as Element).closest<HTMLElement>("[data-show]")?.dataset["show"];
    if (!wanted) return;
    pins.setVisible(wanted === "pins");
    heat.setVisible(wanted === "heat");
    for (const button of root.querySelectorAll<HTMLElement>("[data-show]")) {
      button.setAttribute("aria-pressed", String(button.dataset["show"] === wanted));
    }
  };
  root.addEventListener("click", show);
  root.addEventListener("keydown", shut);
  void ask(WORLD).then((found) => {
    const extent = found && extentOf(found);
    if (extent) view.fit(transformExtent(extent, "EPSG:4326", "EPSG:3857"), { maxZoom: 16, padding: ROOM });
    map.on("moveend", () => void refresh());
  });
  return () => {
    root.removeEventListener("click", show);
    root.removeEventListener("keydown", shut);
    asking?.abort();
    map.setTarget(undefined);
  };
};
export default casemap;

/** Tiles where the installation has some; otherwise names of towns on a plain ground. */
function base(props: Props): (ReturnType<typeof baseLayers>[number] | VectorLayer)[] {
  const ground = baseLayers(props.base);
  if (ground.length) return ground;
  const features = props.seats.map(([name, lon, lat]) => named(name, lon, lat));
  return [
    new VectorLayer({
      source: new VectorSource({ features }),
      style: (feature) => seatStyle(String(feature.get("name"))),
      declutter: true,
      minZoom: SEATS_FROM,
    }),
  ];
}

function named(name: string, lon: number, lat: number): Feature<Point> {
  const feature = new Feature(new Point(fromLonLat([lon, lat])));
  feature.set("name", name);
  return feature;
}

/** The community's name above its matters, where no pin lies: a help to find one's way, not a boundary. */
function nameLayer(source: VectorSource<Feature<Point>>): VectorLayer {
  const style = (feature: FeatureLike): Style =>
    new Style({
      text: new Text({
        text: String(feature.get("name")),
        font: "600 14px sans-serif",
        offsetY: -30,
        fill: new Fill({ color: "#3d4a48" }),
        stroke: new Stroke({ color: "#fff", width: 4 }),
      }),
    });
  return new VectorLayer({ source, style, declutter: true });
}

const seatStyle = (name: string): Style =>
  new Style({
    image: new CircleStyle({ radius: 2, fill: new Fill({ color: "#7a8684" }) }),
    text: new Text({ text: name, font: "13px sans-serif", offsetY: -10, fill: new Fill({ color: "#5b6664" }) }),
  });

function spotsIn(feature: FeatureLike): Spot[] {
  const members = (feature.get("features") as FeatureLike[] | undefined) ?? [feature];
  return members.map((member) => member.get("spot") as Spot).filter(Boolean);
}

function dotStyle(inside: Spot[], colour: string, chosen: Spot | null): Style {
  const count = countOf(inside);
  const isChosen = inside.some((spot) => isSame(spot, chosen));
  return new Style({
    ...(isChosen ? { zIndex: 1 } : {}),
    image: new CircleStyle({
      declutterMode: "obstacle",
      radius: radiusFor(count) + (isChosen ? 4 : 0),
      fill: new Fill({ color: colour }),
      stroke: new Stroke({ color: isChosen ? "#172321" : "#fff", width: isChosen ? 4 : 2 }),
    }),
    ...(count > 1
      ? { text: new Text({ text: String(count), declutterMode: "obstacle", font: "bold 13px sans-serif", fill: new Fill({ color: "#fff" }) }) }
      : {}),
  });
}

/** Terraces: each disc is pale, many of them are dark. */
function heatStyle(weight: number, colour: string): Style[] {
  return STEPS.map(
    (radius) => new Style({ image: new CircleStyle({ radius, fill: new Fill({ color: shade(colour, 0.05 + 0.14 * weight) }) }) }),
  );
}

function isSame(spot: Spot, other: Spot | null): boolean {
  return spot.pin !== null && spot.pin.number === other?.pin?.number;
}

/** Several at one place cannot be parted by looking closer: they are listed. */
function closer(view: View, inside: Spot[], listed: (spots: Spot[]) => void): void {
  if ((view.getZoom() ?? 0) >= CLOSEST - 1) {
    listed(inside);
    return;
  }
  const extent = boundingExtent(inside.map((spot) => fromLonLat([spot.lon, spot.lat])));
  view.fit(extent, { padding: [60, 60, 60, 60], maxZoom: CLOSEST, duration: 200 });
}

/** Whoever stood in the list stays in it when the map has moved. */
function list(target: HTMLElement, spots: readonly Spot[], open: (spot: Spot) => void, seats: readonly Seat[]): void {
  const stoodHere = target.contains(document.activeElement);
  target.replaceChildren(
    ...[...spots].sort((one, other) => other.count - one.count).slice(0, LISTED).map((spot) => {
      const item = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      if (spot.pin) button.dataset["number"] = spot.pin.number;
      button.append(spot.pin ? spot.pin.title : `${nearest(seats, spot) || "这里"}附近 ${spot.count} 件，放大看`);
      if (spot.pin) button.append(small(`${spot.pin.number} · ${spot.pin.place} · ${spot.pin.state}`));
      button.addEventListener("click", () => open(spot));
      item.append(button);
      return item;
    }),
  );
  if (spots.length > LISTED) {
    const item = document.createElement("li");
    item.append(small(`另有 ${spots.length - LISTED} 处，放大后列出来。`));
    target.append(item);
  }
  if (stoodHere) target.querySelector<HTMLElement>("button")?.focus();
}

function mark(target: HTMLElement, chosen: Spot | null): void {
  for (const button of target.querySelectorAll<HTMLElement>("button")) {
    if (chosen?.pin && button.dataset["number"] === chosen.pin.number) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  }
}

function panel(target: HTMLElement, spot: Spot): void {
  const pin = spot.pin;
  if (!pin) return;
  const title = document.createElement("h2");
  title.textContent = pin.title;
  const state = document.createElement("p");
  state.textContent = pin.due ? `${pin.state}，期限 ${pin.due}` : pin.state;
  const link = document.createElement("a");
  link.className = "btn btn--primary";
  link.href = pin.url;
  link.textContent = "打开这件事";
  target.replaceChildren(title, small(`${pin.number} · ${pin.place}`), state, link);
  target.hidden = false;
  target.scrollIntoView({ block: "nearest" });
  link.focus({ preventScroll: true });
}

function small(words: string): HTMLElement {
  const element = document.createElement("small");
  element.textContent = words;
  return element;
}
