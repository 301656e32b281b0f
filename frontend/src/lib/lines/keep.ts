/** What was drawn and has not reached the server: kept in IndexedDB, by draft. */
import type { Geometry } from "./grid";

export interface Kept {
  number: string;
  /** The draft's version it was drawn on. */
  version: number;
  saved: number;
  shapes: Record<string, Geometry | null>;
}

function open(): Promise<IDBDatabase> {
  return new Promise((done, fail) => {
    const request = indexedDB.open("yukuai-lines", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("drawn", { keyPath: "number" });
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error ?? new Error("IndexedDB"));
  });
}

async function within<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await open();
  try {
    return await new Promise<T>((done, fail) => {
      const transaction = database.transaction("drawn", mode);
      const request = act(transaction.objectStore("drawn"));
      transaction.oncomplete = () => done(request.result);
      transaction.onerror = transaction.onabort = () => fail(transaction.error ?? new Error("IndexedDB"));
    });
  } finally {
    database.close();
  }
}

/** A browser may forbid all this: then nothing is kept, and drawing goes on. */
const quietly = <T>(asked: Promise<T>): Promise<T | undefined> => asked.catch(() => undefined);

export const keep = (kept: Kept): Promise<unknown> => quietly(within("readwrite", (store) => store.put(kept)));
export const forget = (number: string): Promise<unknown> => quietly(within("readwrite", (store) => store.delete(number)));
export const kept = (number: string): Promise<Kept | undefined> =>
  quietly(within<Kept | undefined>("readonly", (store) => store.get(number) as IDBRequest<Kept | undefined>));
