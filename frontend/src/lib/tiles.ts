/** Vector tiles of ours as a source: public ones are asked for without a cookie, so that nobody is looked up. */
import MVT from "ol/format/MVT";
import VectorTileSource from "ol/source/VectorTile";
import type Tile from "ol/Tile";
import TileState from "ol/TileState";
import type VectorTile from "ol/VectorTile";

const DEEPEST = 16;

export function tiles(url: string, credentials: RequestCredentials): VectorTileSource {
  const format = new MVT();
  return new VectorTileSource({
    format,
    url,
    maxZoom: DEEPEST,
    tileLoadFunction: (given: Tile, address: string) => {
      const tile = given as VectorTile<ReturnType<MVT["readFeatures"]>[number]>;
      tile.setLoader((extent, _resolution, projection) => {
        fetch(address, { credentials })
          .then((answer) => (answer.ok ? answer.arrayBuffer() : Promise.reject(new Error(String(answer.status)))))
          .then((bytes) => tile.setFeatures(format.readFeatures(bytes, { extent, featureProjection: projection })))
          .catch(() => tile.setState(TileState.ERROR));
      });
    },
  });
}
