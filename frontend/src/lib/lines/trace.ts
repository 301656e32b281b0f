/** The way along lines that are there: from vertex to vertex, so that what is traced is exact. */
import { edgesOf, keyOf, ringsOf } from "./grid";
import type { Point } from "./grid";
import type { Tiling } from "./tiling";

interface Node {
  readonly at: Point;
  readonly next: Set<string>;
}
type Network = ReadonlyMap<string, Node>;
export type Way = (to: Point) => readonly Point[] | null;

const networks = new WeakMap<Tiling, Network>();

function networkOf(tiling: Tiling): Network {
  const had = networks.get(tiling);
  if (had) return had;
  const nodes = new Map<string, Node>();
  const node = (at: Point): Node => {
    const key = keyOf(at);
    let one = nodes.get(key);
    if (!one) nodes.set(key, (one = { at, next: new Set() }));
    return one;
  };
  for (const area of [tiling.parent, ...tiling.children.values()]) {
    for (const ring of ringsOf(area)) {
      for (const [a, b] of edgesOf(ring)) {
        node(a).next.add(keyOf(b));
        node(b).next.add(keyOf(a));
      }
    }
  }
  networks.set(tiling, nodes);
  return nodes;
}

const lengthOf = (a: Point, b: Point): number => {
  const shrink = Math.cos(((a[1] + b[1]) / 2e7) * (Math.PI / 180));
  return Math.hypot((a[0] - b[0]) * shrink, a[1] - b[1]);
};

/**
 * Shortest ways from a vertex to all others, both ends included; null where no line leads.
 * `avoiding` names vertices that must not be passed: the other way round.
 */
export function waysFrom(tiling: Tiling, from: Point, avoiding: readonly Point[] = []): Way {
  const network = networkOf(tiling);
  const shut = new Set(avoiding.map(keyOf));
  const before = new Map<string, string>();
  const far = new Map<string, number>([[keyOf(from), 0]]);
  const heap = new Heap();
  if (network.has(keyOf(from))) heap.push(0, keyOf(from));
  for (let item = heap.pop(); item; item = heap.pop()) {
    const [length, key] = item;
    if (length > (far.get(key) ?? Infinity)) continue;
    const { at, next } = network.get(key) as Node;
    for (const onward of next) {
      if (shut.has(onward)) continue;
      const total = length + lengthOf(at, (network.get(onward) as Node).at);
      if (total >= (far.get(onward) ?? Infinity)) continue;
      far.set(onward, total);
      before.set(onward, key);
      heap.push(total, onward);
    }
  }
  return (to) => {
    if (!far.has(keyOf(to)) || !network.has(keyOf(from))) return null;
    const way: Point[] = [];
    for (let key: string | undefined = keyOf(to); key !== undefined; key = before.get(key)) {
      way.push((network.get(key) as Node).at);
    }
    return way.reverse();
  };
}

class Heap {
  private readonly items: [number, string][] = [];

  push(length: number, key: string): void {
    const { items } = this;
    let place = items.push([length, key]) - 1;
    while (place > 0) {
      const above = (place - 1) >> 1;
      if (this.at(above)[0] <= this.at(place)[0]) break;
      this.swap(place, above);
      place = above;
    }
  }

  pop(): [number, string] | undefined {
    const { items } = this;
    const top = items[0];
    const last = items.pop();
    if (!top || !last || !items.length) return top;
    items[0] = last;
    for (let place = 0; ; ) {
      const left = 2 * place + 1;
      const right = left + 1;
      let least = place;
      if (left < items.length && this.at(left)[0] < this.at(least)[0]) least = left;
      if (right < items.length && this.at(right)[0] < this.at(least)[0]) least = right;
      if (least === place) return top;
      this.swap(place, least);
      place = least;
    }
  }

  private at(place: number): [number, string] {
    return this.items[place] as [number, string];
  }

  private swap(one: number, other: number): void {
    const kept = this.at(one);
    this.items[one] = this.at(other);
    this.items[other] = kept;
  }
}
