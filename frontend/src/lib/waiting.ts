/** A cheap note beside the queue's database, so that pages need not open it to know it is empty. */
import { forget, read, write } from "./store";

const KEY = "yukuai:waiting";

export const hasWaiting = (): boolean => read(KEY) !== null;

export function noteWaiting(count: number): void {
  if (count) write(KEY, String(count));
  else forget(KEY);
}
