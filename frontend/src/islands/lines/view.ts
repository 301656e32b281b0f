/** Between the grid and the screen: only for looking. Nothing that is drawn is read back from here. */
import { fromLonLat, toLonLat } from "ol/proj";
import MultiPolygon from "ol/geom/MultiPolygon";
import { toDegrees } from "../../lib/lines/grid";
import type { Area, Point } from "../../lib/lines/grid";

const METRES_A_DEGREE = 111_319.49;

export const toView = (point: Point): number[] => fromLonLat(toDegrees(point));

/** Steps, not whole: for aiming. */
export function fromView(at: number[]): [number, number] {
  const [lon = 0, lat = 0] = toLonLat(at);
  return [lon * 1e7, lat * 1e7];
}

/** Steps of latitude that so many pixels cover. */
export function stepsOf(pixels: number, resolution: number, [, y]: readonly [number, number]): number {
  return ((pixels * resolution * Math.cos((y / 1e7) * (Math.PI / 180))) / METRES_A_DEGREE) * 1e7;
}

export function shapeOf(area: Area): MultiPolygon {
  return new MultiPolygon(area.map((rings) => rings.map((ring) => [...ring, ring[0] as Point].map(toView))));
}
