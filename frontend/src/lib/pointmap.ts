/** A few named points on a map; pressing one opens its page. */
import Feature from "ol/Feature";
import OlMap from "ol/Map";
import View from "ol/View";
import { defaults as controls } from "ol/control/defaults";
import { boundingExtent } from "ol/extent";
import PointGeometry from "ol/geom/Point";
import VectorLayer from "ol/layer/Vector";
import { fromLonLat } from "ol/proj";
import VectorSource from "ol/source/Vector";
import Fill from "ol/style/Fill";
import RegularShape from "ol/style/RegularShape";
import Stroke from "ol/style/Stroke";
import Style from "ol/style/Style";
import Text from "ol/style/Text";
import { baseLayers } from "./basemap";
import type { BaseMap } from "./basemap";
import type { Point } from "./nearby";

export function drawPoints(target: HTMLElement, props: { points: Point[]; base: BaseMap }): () => void {
  const colour = getComputedStyle(target).getPropertyValue("--cat-1").trim() || "#0f5b5e";
  const features = props.points.map(([, name, lon, lat, url]) => {
    const feature = new Feature(new PointGeometry(fromLonLat([lon, lat])));
    feature.setProperties({ name, url });
    return feature;
  });
  const points = new VectorLayer({
    source: new VectorSource({ features }),
    declutter: true,
    style: (feature) =>
      new Style({
        image: new RegularShape({ points: 4, radius: 9, angle: Math.PI / 4, fill: new Fill({ color: "#fff" }), stroke: new Stroke({ color: colour, width: 3 }) }),
        text: new Text({ text: String(feature.get("name")), font: "14px sans-serif", offsetY: -18, fill: new Fill({ color: "#172321" }), stroke: new Stroke({ color: "#fff", width: 4 }) }),
      }),
  });
  const view = new View({ center: fromLonLat([106.55, 29.56]), zoom: 14, maxZoom: 18 });
  const map = new OlMap({
    target,
    view,
    controls: controls({ zoomOptions: { zoomInTipLabel: "放大", zoomOutTipLabel: "缩小" }, rotate: false }),
    layers: [...baseLayers(props.base), points],
    keyboardEventTarget: target,
  });
  const extent = boundingExtent(props.points.map(([, , lon, lat]) => fromLonLat([lon, lat])));
  view.fit(extent, { padding: [50, 50, 50, 50], maxZoom: 16 });
  map.on("click", (event) => {
    const hit = map.forEachFeatureAtPixel(event.pixel, (feature) => feature);
    if (hit) window.location.assign(String(hit.get("url")));
  });
  return () => map.setTarget(undefined);
}
