/**
 * Facilities by how far they are from here, and on a map. Where somebody stands is asked of the browser
 * when he presses the button, used to sort the list, and forgotten; without this island the list stands
 * as the server reckoned it from the community.
 */
import type { BaseMap } from "../lib/basemap";
import type { Island } from "../lib/mount";
import { byDistance, sayDistance } from "../lib/nearby";
import type { Point } from "../lib/nearby";

interface Props {
  points: Point[];
  base: BaseMap;
}
const WHY_NOT = "没有拿到位置，还是按社区中间算的。可以在手机设置里允许，或者不用。";

const facilities: Island = (root, given) => {
  const props = given as Props;
  const find = (name: string): HTMLElement => root.querySelector<HTMLElement>(`[data-${name}]`) as HTMLElement;
  const list = document.querySelector<HTMLElement>("[data-list=facilities]");
  const [here, map, said, view] = [find("here"), find("map"), find("said"), find("view")];
  root.hidden = false;
  here.hidden = !("geolocation" in navigator);
  map.hidden = props.points.length === 0;

  const sort = ({ coords }: GeolocationPosition): void => {
    for (const { id, far } of byDistance(props.points, coords.longitude, coords.latitude)) {
      const item = list?.querySelector<HTMLElement>(`[data-id="${id}"]`);
      const words = item?.querySelector<HTMLElement>("[data-far]");
      if (!item || !words) continue;
      words.textContent = sayDistance(far);
      list?.append(item);
    }
    said.textContent = "按离您多远排好了，近的在前。";
  };
  const locate = (): void => {
    said.textContent = "正在问手机……";
    navigator.geolocation.getCurrentPosition(sort, () => (said.textContent = WHY_NOT), { maximumAge: 60_000, timeout: 15_000 });
  };
  let leave: (() => void) | undefined;
  const toggle = async (): Promise<void> => {
    view.hidden = !view.hidden;
    map.setAttribute("aria-expanded", String(!view.hidden));
    if (view.hidden || leave) return;
    const { drawPoints } = await import("../lib/pointmap");
    leave = drawPoints(view, props);
  };
  const press = (): void => void toggle();
  here.addEventListener("click", locate);
  map.addEventListener("click", press);
  return () => {
    here.removeEventListener("click", locate);
    map.removeEventListener("click", press);
    leave?.();
  };
};
export default facilities;
