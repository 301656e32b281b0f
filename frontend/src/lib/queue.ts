/**
 * Matters written without a network: kept in IndexedDB until the server has taken them.
 *
 * Never lost: a matter leaves the waiting state only on the server's word. Never twice: it carries its
 * own client_uuid, which the server remembers, and one tab sends at a time.
 */
import { csrfToken } from "./csrf";
import { noteWaiting } from "./waiting";

export type State = "waiting" | "refused" | "sent";
export interface Photo {
  name: string;
  type: string;
  bytes: ArrayBuffer;
}
export interface Matter {
  client_uuid: string;
  written: number;
  title: string;
  state: State;
  fields: [string, string][];
  photos: Photo[];
  photoCount: number;
  tries: number;
  notBefore: number;
  sentence?: string;
  number?: string;
  code?: string;
  url?: string;
}
interface Answer {
  number?: string;
  code?: string;
  url?: string;
  sentence?: string;
}

const FIRST_PAUSE = 5_000;
const LONGEST_PAUSE = 10 * 60_000;
const TITLE = 20;
const GARBLED = "这件事写得不完整，请改一改再交。";
const TOO_LARGE = "照片太大，没有收下。请换小一点的，或少放几张。";

// ---- the store ----

function open(): Promise<IDBDatabase> {
  return new Promise((done, fail) => {
    const request = indexedDB.open("yukuai", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("matters", { keyPath: "client_uuid" });
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error ?? new Error("IndexedDB"));
  });
}

async function within<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await open();
  try {
    return await new Promise<T>((done, fail) => {
      const transaction = database.transaction("matters", mode);
      const request = act(transaction.objectStore("matters"));
      transaction.oncomplete = () => done(request.result);
      transaction.onerror = transaction.onabort = () => fail(transaction.error ?? new Error("IndexedDB"));
    });
  } finally {
    database.close();
  }
}

/** Newest first. */
export async function all(): Promise<Matter[]> {
  const matters = await within<Matter[]>("readonly", (store) => store.getAll() as IDBRequest<Matter[]>);
  return matters.sort((a, b) => b.written - a.written);
}

async function put(matter: Matter): Promise<void> {
  await within("readwrite", (store) => store.put(matter));
  await count();
}

export async function remove(uuid: string): Promise<void> {
  await within("readwrite", (store) => store.delete(uuid));
  await count();
}

async function count(): Promise<void> {
  noteWaiting((await all()).filter((m) => m.state === "waiting").length);
}

/** Keeps what the form says. `uuid` is given when a refused matter was put right. */
export async function add(form: FormData, now: number, uuid?: string): Promise<Matter> {
  const fields: [string, string][] = [];
  const photos: Photo[] = [];
  for (const [name, value] of form.entries()) {
    if (name === "csrfmiddlewaretoken" || name === "client_uuid") continue;
    if (typeof value === "string") fields.push([name, value]);
    else if (value.size) photos.push({ name: value.name, type: value.type, bytes: await value.arrayBuffer() });
  }
  const words = String(form.get("text") ?? fields.find(([, value]) => value)?.[1] ?? "");
  const matter: Matter = {
    client_uuid: uuid ?? crypto.randomUUID(),
    written: now,
    title: [...words].length > TITLE ? `${[...words].slice(0, TITLE).join("")}…` : words,
    state: "waiting",
    fields,
    photos,
    photoCount: photos.length,
    tries: 0,
    notBefore: 0,
  };
  await put(matter);
  return matter;
}

// ---- sending ----

/** Sends what is due, one by one, oldest first. `hurry` ignores the pauses after failures. */
export async function send(url: string, now: () => number, hurry = false): Promise<void> {
  const turn = async (): Promise<void> => {
    const due = (await all()).filter((m) => m.state === "waiting" && (hurry || m.notBefore <= now()));
    for (const matter of due.reverse()) {
      if (!(await sendOne(url, matter, now))) break;
    }
  };
  const { locks } = navigator as Partial<Navigator>;
  if (!locks) return turn();
  await locks.request("yukuai-queue", { ifAvailable: true }, async (lock) => {
    if (lock) await turn();
  });
}

/** False when the network is gone and the others need not be tried. */
async function sendOne(url: string, matter: Matter, now: () => number): Promise<boolean> {
  try {
    let answer = await post(url, matter, csrfToken());
    if (answer.status === 403) answer = await post(url, matter, await freshToken());
    await put({ ...matter, ...(await outcome(answer, matter, now())) });
    return true;
  } catch {
    await put({ ...matter, ...later(matter, now()) });
    return false;
  }
}

function post(url: string, matter: Matter, token: string): Promise<Response> {
  const body = new FormData();
  for (const [name, value] of matter.fields) body.append(name, value);
  for (const { name, type, bytes } of matter.photos) body.append("photos", new File([bytes], name, { type }));
  body.append("client_uuid", matter.client_uuid);
  return fetch(url, {
    method: "POST",
    body,
    credentials: "same-origin",
    headers: { "X-CSRFToken": token, Accept: "application/json" },
  });
}

/** A page kept for weeks has an old token; the live page has a new one (and sets its cookie). */
async function freshToken(): Promise<string> {
  const page = await fetch("/raise/offline/", { credentials: "same-origin", cache: "no-store" });
  const html = new DOMParser().parseFromString(await page.text(), "text/html");
  const input = html.querySelector<HTMLInputElement>("input[name=csrfmiddlewaretoken]");
  return input?.getAttribute("value") ?? csrfToken();
}

async function outcome(answer: Response, matter: Matter, now: number): Promise<Partial<Matter>> {
  const said = await read(answer);
  const { number, code, url } = said;
  if ((answer.status === 201 || answer.status === 409) && number) {
    // What was said is with the server now; this phone keeps only how to follow it.
    const kept = { state: "sent" as const, fields: [], photos: [], number };
    return { ...kept, ...(code ? { code } : {}), ...(url ? { url } : {}) };
  }
  if (answer.status === 422 || answer.status === 400) return { state: "refused", sentence: said.sentence ?? GARBLED };
  if (answer.status === 413) return { state: "refused", sentence: said.sentence ?? TOO_LARGE };
  return later(matter, now, Number(answer.headers.get("Retry-After")) || 0);
}

async function read(answer: Response): Promise<Answer> {
  try {
    const body: unknown = await answer.json();
    return typeof body === "object" && body !== null ? (body as Answer) : {};
  } catch {
    return {};
  }
}

export function later(matter: Matter, now: number, seconds = 0): Partial<Matter> {
  const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** matter.tries);
  return { tries: matter.tries + 1, notBefore: now + Math.max(pause, seconds * 1000) };
}
