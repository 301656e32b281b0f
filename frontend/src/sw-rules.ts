/** What the service worker may keep. Pure, so that it can be tested without one. */

/** Pages are kept only when the server says they are the same for everybody. */
export function mayKeep(method: string, status: number, cacheControl: string | null): boolean {
  const words = (cacheControl ?? "").toLowerCase();
  return method === "GET" && status === 200 && /\bpublic\b/.test(words) && !/no-store|private/.test(words);
}

/** Files that may be answered from the cache: style, script, icon, never an upload. */
export function isShellFile(url: URL, origin: string): boolean {
  return url.origin === origin && url.pathname.startsWith("/static/") && /\.(css|js|svg|png|webmanifest)$/.test(url.pathname);
}

/** A name with a content hash never changes. */
export const isForever = (path: string): boolean => /[.-][0-9a-zA-Z_-]{8,12}\.(css|js|svg|png)$/.test(path) && /\d/.test(path);

/** The files a kept page needs: what its tags name, and the chunks that lie beside main.js. */
export function filesOf(html: string, page: string, chunks: string[]): string[] {
  const found = [...html.matchAll(/(?:href|src)="([^"#]+\.(?:css|js|svg|png|webmanifest))(?:#[^"]*)?"/g)];
  const urls = found.map(([, path]) => new URL(path as string, page).href);
  const main = urls.find((url) => /\/main(\.[0-9a-f]+)?\.js$/.test(url));
  if (main) urls.push(...chunks.map((name) => new URL(name, main).href));
  return [...new Set(urls)];
}

/** Which kept page answers for a page that cannot be fetched. */
export const standIn = (path: string): string => (path.startsWith("/raise/") ? "/raise/offline/" : "/offline/");
