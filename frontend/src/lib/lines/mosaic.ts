/** Areas for the tests: a mosaic whose inner vertices lie where chance puts them. */
import { dissolve } from "./dissolve";
import type { Area, Point } from "./grid";
import type { Tiling } from "./tiling";

/** The same numbers each time (mulberry32). */
export function chance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

const CELL = 100_000;
const WEST = 1_065_000_000;
const SOUTH = 295_000_000;
/** A place in cells of the mosaic, in steps. */
export const spot = (column: number, row: number): Point => [WEST + Math.round(column * CELL), SOUTH + Math.round(row * CELL)];

/** `columns` × `rows` children with ids from 1, row by row. */
export function mosaic(columns: number, rows: number, random?: (below: number) => number): Tiling {
  const shift = (isInner: boolean): number => (random && isInner ? random(41) / 100 - 0.2 : 0);
  const grid = Array.from({ length: rows + 1 }, (_, row) =>
    Array.from({ length: columns + 1 }, (_, column) => {
      const isInner = row > 0 && row < rows && column > 0 && column < columns;
      return spot(column + shift(isInner), row + shift(isInner));
    }),
  );
  const at = (column: number, row: number): Point => grid[row]?.[column] as Point;
  const children = new Map<number, Area>();
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const ring = [at(column, row), at(column + 1, row), at(column + 1, row + 1), at(column, row + 1)];
      children.set(row * columns + column + 1, [[ring]]);
    }
  }
  return { parent: dissolve([...children.values()]), children };
}
