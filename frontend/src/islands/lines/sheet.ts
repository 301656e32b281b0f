/** The map: shows what the desk has, asks it nothing back. */
import Feature from "ol/Feature";
import OlMap from "ol/Map";
import View from "ol/View";
import ScaleLine from "ol/control/ScaleLine";
import { defaults as controls } from "ol/control/defaults";
import { createEmpty, extend, isEmpty } from "ol/extent";
import LineString from "ol/geom/LineString";
import MultiPoint from "ol/geom/MultiPoint";
import PointShape from "ol/geom/Point";
import DoubleClickZoom from "ol/interaction/DoubleClickZoom";
import { defaults as interactions } from "ol/interaction/defaults";
import VectorLayer from "ol/layer/Vector";
import VectorSource from "ol/source/Vector";
import { baseLayers } from "../../lib/basemap";
import type { BaseMap } from "../../lib/basemap";
import type { Finding } from "../../lib/lines/draft";
import { isSame, keyOf, readArea, ringsOf, toSteps } from "../../lib/lines/grid";
import type { Area, Point } from "../../lib/lines/grid";
import { startOf, waysOn } from "../../lib/lines/pen";
import type { Pen } from "../../lib/lines/pen";
import { isLocked } from "../../lib/lines/tiling";
import type { Way } from "../../lib/lines/trace";
import { sorted } from "../../lib/lines/words";
import type { Desk } from "./desk";
import { aroundStyle, childStyle, crossStyle, findingStyle, nameStyle, paletteOf, parentStyle, penStyle, proposalStyle, vertexStyle } from "./styles";
import { fromView, shapeOf, toView } from "./view";

const ROOM = 48;
const CLOSEST = 21;
/** More vertices than these are a thicket: they are shown when one looks closer. */
const VERTICES = 700;

export class Sheet {
  readonly map: OlMap;
  readonly view = new View({ center: [0, 0], zoom: 8, maxZoom: CLOSEST });
  private readonly around = new VectorSource();
  private readonly parent = new VectorSource();
  private readonly children = new VectorSource();
  private readonly proposal = new VectorSource();
  private readonly findings = new VectorSource();
  private readonly vertices = new VectorSource();
  private readonly pen = new VectorSource();
  private readonly cross = new VectorSource();
  private readonly drawn = new Map<number, { feature: Feature; area: Area }>();
  private hover: Point | null = null;
  private ahead: { pen: Pen; way: Way } | null = null;
  isProposalShown = false;
  isThicket = false;

  constructor(
    target: HTMLElement,
    base: BaseMap,
    private readonly desk: Desk,
  ) {
    const palette = paletteOf(target);
    const ground = baseLayers(base);
    const layer = (source: VectorSource, style: unknown, opacity = 1): VectorLayer =>
      new VectorLayer({ source, style: style as never, opacity, updateWhileInteracting: true, declutter: false });
    const seen = ground.length ? 0.78 : 1;
    this.map = new OlMap({
      target,
      view: this.view,
      controls: controls({ zoom: false, rotate: false }).extend([new ScaleLine()]),
      interactions: interactions({ keyboard: false, altShiftDragRotate: false, pinchRotate: false, doubleClickZoom: false }),
      layers: [
        ...ground,
        layer(this.around, aroundStyle(palette)),
        layer(this.parent, parentStyle(palette), seen),
        layer(this.children, childStyle(palette), seen),
        layer(this.proposal, proposalStyle(palette)),
        layer(this.findings, findingStyle(palette, true)),
        layer(this.vertices, vertexStyle(palette)),
        layer(this.findings, findingStyle(palette, false)),
        new VectorLayer({ source: this.children, style: nameStyle(palette), declutter: true }),
        layer(this.pen, penStyle(palette)),
        layer(this.cross, crossStyle(palette)),
      ],
    });
    this.zoomOnDoubleClick();
    this.map.on("moveend", () => this.showVertices());
    this.ground();
    this.show();
    this.home();
  }

  /** While a line is drawn, a double click ends it. */
  private zoomOnDoubleClick(): void {
    const zoom = new DoubleClickZoom();
    const handle = zoom.handleEvent.bind(zoom);
    zoom.handleEvent = (event) => (this.desk.pen ? true : handle(event));
    this.map.addInteraction(zoom);
  }

  /** What does not change while one draws. */
  ground(): void {
    const { doc } = this.desk;
    const named = doc.around.features.map(({ geometry, properties }) => {
      const feature = new Feature(shapeOf(readArea(geometry)));
      feature.set("name", properties.name);
      return feature;
    });
    this.around.clear();
    this.around.addFeatures(named);
    this.parent.clear();
    this.parent.addFeature(new Feature(shapeOf(this.desk.tiling.parent)));
  }

  show(): void {
    this.showChildren();
    this.showFindings();
    this.showVertices();
    this.showPen();
    this.showCross();
  }

  private showChildren(): void {
    const { desk } = this;
    const areas = desk.shown.children;
    for (const [id, { feature }] of this.drawn) {
      if (areas.has(id)) continue;
      this.children.removeFeature(feature);
      this.drawn.delete(id);
    }
    for (const [id, area] of areas) {
      const had = this.drawn.get(id);
      if (had?.area === area) {
        if (had.feature.get("isChosen") !== (desk.child === id)) had.feature.set("isChosen", desk.child === id);
        continue;
      }
      const feature = had?.feature ?? new Feature();
      feature.setProperties({ geometry: shapeOf(area), name: desk.name(id), shade: id, isChosen: desk.child === id });
      if (!had) this.children.addFeature(feature);
      this.drawn.set(id, { feature, area });
    }
  }

  showFindings(): void {
    const features = sorted(this.desk.doc.findings).flatMap((finding, place) => featuresOf(finding, place + 1));
    this.findings.clear();
    this.findings.addFeatures(features);
    this.proposal.clear();
    if (!this.isProposalShown) return;
    const proposed = this.desk.doc.proposal?.features ?? [];
    this.proposal.addFeatures(proposed.map(({ geometry }) => new Feature(shapeOf(readArea(geometry)))));
  }

  private showVertices(): void {
    this.vertices.clear();
    const { target, shown } = this.desk;
    if (this.desk.canEdit) {
      const seen = this.seen();
      this.isThicket = seen.length > VERTICES;
      if (!this.isThicket) {
        const [locked, free] = [seen.filter((point) => isLocked(shown, point)), seen.filter((point) => !isLocked(shown, point))];
        this.vertices.addFeatures([dots("locked", locked), dots("free", free)]);
      }
    }
    if (target && target.kind !== "free") this.vertices.addFeature(dots(target.kind === "vertex" ? "chosen" : "edge", [target.at]));
  }

  /** Vertices in the window, each once, up to a few more than are shown. */
  private seen(): Point[] {
    const [left = 0, low = 0, right = 0, high = 0] = this.view.calculateExtent(this.map.getSize() ?? [1, 1]);
    const [[west, south], [east, north]] = [fromView([left, low]), fromView([right, high])];
    const found = new Map<string, Point>();
    const { parent, children } = this.desk.shown;
    for (const area of [parent, ...children.values()]) {
      for (const ring of ringsOf(area)) {
        for (const point of ring) {
          if (found.size > VERTICES) return [...found.values()];
          const [x, y] = point;
          if (x > west && x < east && y > south && y < north) found.set(keyOf(point), point);
        }
      }
    }
    return [...found.values()];
  }

  // ---- what is being drawn ----

  /** Where the next point would be. */
  point(at: Point | null): void {
    this.hover = at;
    if (this.desk.pen) this.showPen();
  }

  private showPen(): void {
    this.pen.clear();
    const { desk } = this;
    if (desk.cut) {
      const { halves, isLargerGiven } = desk.cut;
      this.pen.addFeature(kind("half", shapeOf([halves.parts[isLargerGiven ? 0 : 1]])));
    }
    const { points } = desk;
    if (!desk.pen || !points.length) return;
    const drawn = kind("drawn", new LineString(points.map(toView)));
    drawn.set("picks", desk.pen.picks.map(({ at }) => toView(at)));
    this.pen.addFeature(drawn);
    const next = this.next(points[points.length - 1] as Point);
    if (next.length > 1) this.pen.addFeature(kind("next", new LineString(next.map(toView))));
  }

  private next(last: Point): readonly Point[] {
    const to = this.desk.cursor ?? this.hover;
    if (!to || isSame(to, last)) return [];
    const { pen, isTracing } = this.desk;
    if (!pen || !isTracing) return [last, to];
    if (isSame(to, startOf(pen) ?? to)) return waysOn(pen, true)(to) ?? [last, to];
    if (this.ahead?.pen !== pen) this.ahead = { pen, way: waysOn(pen, false) };
    return this.ahead.way(to) ?? [last, to];
  }

  private showCross(): void {
    this.cross.clear();
    const at = this.desk.held ? null : this.desk.cursor;
    if (at) this.cross.addFeature(new Feature(new PointShape(toView(at))));
  }

  // ---- where one looks ----

  home(): void {
    const around = createEmpty();
    for (const source of [this.parent, this.children]) extend(around, source.getExtent() ?? createEmpty());
    if (!isEmpty(around)) this.view.fit(around, { padding: this.room(ROOM), maxZoom: 17 });
  }

  /** Around what is looked at, beside what lies upon the map. */
  private room(least: number): number[] {
    const frame = this.map.getTargetElement()?.getBoundingClientRect();
    const over = (name: string): DOMRect | undefined => this.map.getTargetElement()?.parentElement?.querySelector(name)?.getBoundingClientRect();
    const [right, left, below] = [over(".lines__zoom"), over(".lines__tools"), over(".lines__legend")];
    if (!frame || !right || !left || !below || right.top >= frame.bottom) return [least, least, least, least];
    return [least, frame.right - right.left + least, frame.bottom - below.top + least, left.right - frame.left + least];
  }

  zoom(by: number): void {
    this.view.animate({ zoom: (this.view.getZoom() ?? 8) + by, duration: 120 });
  }

  goTo(finding: Finding): void {
    const around = createEmpty();
    for (const feature of featuresOf(finding, 0)) extend(around, feature.getGeometry()?.getExtent() ?? createEmpty());
    if (!isEmpty(around)) this.view.fit(around, { padding: this.room(100), maxZoom: 19 });
  }

  goToChild(id: number): void {
    const shape = this.drawn.get(id)?.feature.getGeometry();
    if (shape) this.view.fit(shape.getExtent(), { padding: this.room(ROOM), maxZoom: 17 });
  }

  /** Brings a point of the keyboard back into the window. */
  follow(at: Point): void {
    const size = this.map.getSize();
    const pixel = this.map.getPixelFromCoordinate(toView(at));
    if (!size || !pixel) return;
    const [x = 0, y = 0] = pixel;
    const [width = 0, height = 0] = size;
    if (x < 40 || y < 40 || x > width - 40 || y > height - 40) this.view.setCenter(toView(at));
  }
}

const kind = (name: string, geometry: LineString | ReturnType<typeof shapeOf>): Feature => {
  const feature = new Feature<LineString | ReturnType<typeof shapeOf>>(geometry);
  feature.set("kind", name);
  return feature;
};

function dots(name: string, points: readonly Point[]): Feature {
  const feature = new Feature(new MultiPoint(points.map(toView)));
  feature.set("kind", name);
  return feature;
}

function featuresOf({ geometry, place, severity }: Finding, number: number): Feature[] {
  const found: Feature[] = [];
  if (geometry && readArea(geometry).length) {
    const shape = new Feature(shapeOf(readArea(geometry)));
    shape.setProperties({ severity, isShape: true });
    found.push(shape);
  }
  if (place) {
    const mark = new Feature(new PointShape(toView(toSteps(place))));
    mark.setProperties({ severity, place: number });
    found.push(mark);
  }
  return found;
}
