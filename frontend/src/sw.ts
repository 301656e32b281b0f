/**
 * The service worker, served at /sw.js. Keeps the shell and two offline pages; pages come from the
 * network first. Nothing personal is ever kept: the offline pages are fetched without cookies, other
 * pages only when the server says `public`.
 */
import { filesOf, isForever, isShellFile, mayKeep, standIn } from "./sw-rules";

declare const self: ServiceWorkerGlobalScope;

const CHUNKS = JSON.parse("__CHUNKS__") as string[];
const SHELL = "shell-__VERSION__";
const PAGES = "pages-__VERSION__";
const OFFLINE_PAGES = ["/offline/", "/raise/offline/"];
const PATIENCE = 3000;

self.addEventListener("install", (event) => {
  event.waitUntil(keepShell().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(forgetOld().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request, url));
  else if (request.method === "GET" && isShellFile(url, self.location.origin)) event.respondWith(file(event, url));
});

async function keepShell(): Promise<void> {
  const cache = await caches.open(SHELL);
  for (const path of OFFLINE_PAGES) {
    const answer = await fetch(path, { credentials: "omit", cache: "reload" });
    if (!answer.ok) continue;
    await cache.put(path, answer.clone());
    const files = filesOf(await answer.text(), new URL(path, self.location.origin).href, CHUNKS);
    await Promise.all(files.map((url) => cache.add(url).catch(() => undefined)));
  }
}

async function forgetOld(): Promise<void> {
  const old = (await caches.keys()).filter((name) => name !== SHELL && name !== PAGES);
  await Promise.all(old.map((name) => caches.delete(name)));
}

async function page(request: Request, url: URL): Promise<Response> {
  const kept = request.method === "GET" ? await lookUp(request) : undefined;
  const fresh = fromNetwork(request);
  try {
    return await (kept ? Promise.race([fresh, after(PATIENCE, kept)]) : fresh);
  } catch {
    return kept ?? (await lookUp(standIn(url.pathname))) ?? (await lookUp("/offline/")) ?? Response.error();
  }
}

async function fromNetwork(request: Request): Promise<Response> {
  const answer = await fetch(request);
  if (mayKeep(request.method, answer.status, answer.headers.get("Cache-Control"))) {
    const copy = answer.clone();
    await (await caches.open(PAGES)).put(request, copy);
  }
  return answer;
}

async function file(event: FetchEvent, url: URL): Promise<Response> {
  const kept = await lookUp(event.request);
  if (kept && isForever(url.pathname)) return kept;
  const fresh = fetch(event.request).then(async (answer) => {
    if (answer.ok) await (await caches.open(SHELL)).put(event.request, answer.clone());
    return answer;
  });
  if (!kept) return fresh;
  event.waitUntil(fresh.catch(() => undefined));
  return kept;
}

/** Pages vary on Cookie, which a worker cannot see; what is kept is the same for everybody. */
const lookUp = (what: Request | string): Promise<Response | undefined> => caches.match(what, { ignoreVary: true });

const after = <T>(pause: number, value: T): Promise<T> => new Promise((done) => setTimeout(() => done(value), pause));
