/** What lies beneath a map: tiles where the installation has some (docs/operations.md), in any datum. */
import TileLayer from "ol/layer/Tile";
import { Projection, addCoordinateTransforms, addProjection, fromLonLat, get, toLonLat } from "ol/proj";
import XYZ from "ol/source/XYZ";
import { createXYZ } from "ol/tilegrid";
import TileGrid from "ol/tilegrid/TileGrid";
import { fromGcj02, toGcj02 } from "./gcj02";

export interface BaseMap {
  /** Addresses with {x}, {y} and {z}: a ground, and names above it. */
  tiles: string[];
  credit: string;
  datum: "cgcs2000" | "gcj02";
  /** Web Mercator, or degrees (天地图's matrix sets w and c). */
  grid: "w" | "c";
}

export const SHIFTED = "GCJ-02";
const HALF = 20_037_508.342789244;
const EXTENT = [-HALF, -HALF, HALF, HALF];
const DEEPEST = 18;

/** Web Mercator of shifted degrees: OpenLayers lays such tiles where they belong. */
export function registerShifted(): Projection {
  const known = get(SHIFTED);
  if (known) return known;
  const shifted = new Projection({ code: SHIFTED, units: "m", extent: EXTENT, worldExtent: [-180, -85, 180, 85] });
  addProjection(shifted);
  const there = (at: number[]): number[] => fromLonLat(toGcj02(at as unknown as [number, number]));
  const back = (at: number[]): number[] => fromGcj02(toLonLat(at) as [number, number]);
  addCoordinateTransforms("EPSG:4326", shifted, there, back);
  addCoordinateTransforms(
    "EPSG:3857",
    shifted,
    (at: number[]) => there(toLonLat(at)),
    (at: number[]) => fromLonLat(back(at)),
  );
  return shifted;
}

export function baseLayers({ tiles, credit, datum, grid }: BaseMap): TileLayer<XYZ>[] {
  return tiles.map((url, place) => {
    const attributions = place ? "" : credit;
    return new TileLayer({ source: new XYZ({ url, attributions, maxZoom: DEEPEST, ...gridOf(datum, grid) }), className: "ol-layer ol-ground" });
  });
}

function gridOf(datum: BaseMap["datum"], grid: BaseMap["grid"]): object {
  if (datum === "gcj02") return { projection: registerShifted(), tileGrid: createXYZ({ extent: EXTENT, maxZoom: DEEPEST }) };
  if (grid === "w") return {};
  const resolutions = Array.from({ length: DEEPEST + 1 }, (_, zoom) => 360 / 256 / 2 ** zoom);
  return { projection: "EPSG:4326", tileGrid: new TileGrid({ origin: [-180, 90], resolutions, tileSize: 256 }) };
}
