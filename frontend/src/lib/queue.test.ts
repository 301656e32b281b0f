import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { add, all, later, remove, send } from "./queue";
import { hasWaiting } from "./waiting";

const URL = "/raise/sync/";
const NOW = 1_800_000_000_000;
let sent: FormData[];

function form(text = "后坡堡坎渗水", photos: File[] = []): FormData {
  const data = new FormData();
  data.append("csrfmiddlewaretoken", "old");
  data.append("text", text);
  for (const photo of photos) data.append("photos", photo);
  return data;
}

/** The server: one answer after the other, then the last one for ever. */
function server(...answers: (Response | Error)[]): void {
  vi.stubGlobal("fetch", (_url: string, init?: RequestInit) => {
    if (init?.body instanceof FormData) sent.push(init.body);
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve((answer as Response).clone());
  });
}
const taken = (status = 201): Response =>
  new Response(JSON.stringify({ number: "ZT-2611-004182", code: "8K2M", url: "/follow/" }), { status });

beforeEach(async () => {
  sent = [];
  localStorage.clear();
  for (const matter of await all()) await remove(matter.client_uuid);
});
afterEach(() => vi.unstubAllGlobals());

test("a matter written without a network waits with everything that was said", async () => {
  await add(form("后坡堡坎渗水", [new File(["abc"], "a.jpg", { type: "image/jpeg" })]), NOW);
  const [matter] = await all();
  expect(matter?.state).toBe("waiting");
  expect(matter?.fields).toEqual([["text", "后坡堡坎渗水"]]);
  expect(matter?.photoCount).toBe(1);
  expect(matter?.client_uuid).toMatch(/^[0-9a-f-]{36}$/);
  expect(hasWaiting()).toBe(true);
});

test("once taken, only its number and code stay in the phone", async () => {
  server(taken());
  const { client_uuid } = await add(form("渗水", [new File(["abc"], "a.jpg", { type: "image/jpeg" })]), NOW);
  await send(URL, () => NOW);
  expect(sent[0]?.get("client_uuid")).toBe(client_uuid);
  expect((sent[0]?.get("photos") as File).name).toBe("a.jpg");
  const [matter] = await all();
  expect(matter).toMatchObject({ state: "sent", number: "ZT-2611-004182", code: "8K2M", fields: [], photos: [] });
  expect(hasWaiting()).toBe(false);
});

test("already received counts as received, and nothing is sent again", async () => {
  server(taken(409));
  await add(form(), NOW);
  await send(URL, () => NOW);
  await send(URL, () => NOW, true);
  expect((await all())[0]?.state).toBe("sent");
  expect(sent).toHaveLength(1);
});

test("an answer that was lost on the way is asked for with the same uuid", async () => {
  server(new TypeError("network"), taken(409));
  await add(form(), NOW);
  await send(URL, () => NOW);
  expect((await all())[0]?.state).toBe("waiting");
  await send(URL, () => NOW, true);
  expect((await all())[0]?.state).toBe("sent");
  expect(sent[0]?.get("client_uuid")).toBe(sent[1]?.get("client_uuid"));
});

test("a refusal keeps the words and says what is missing", async () => {
  server(new Response(JSON.stringify({ sentence: "还没写在哪里。" }), { status: 422 }));
  const { client_uuid } = await add(form(), NOW);
  await send(URL, () => NOW);
  expect((await all())[0]).toMatchObject({ state: "refused", sentence: "还没写在哪里。", fields: [["text", "后坡堡坎渗水"]] });
  await add(form("补上了"), NOW, client_uuid);
  expect(await all()).toHaveLength(1);
});

test("a server in trouble is left alone for a while, longer each time", async () => {
  server(new Response("", { status: 503 }));
  await add(form(), NOW);
  await send(URL, () => NOW);
  await send(URL, () => NOW + 4_999);
  expect(sent).toHaveLength(1);
  await send(URL, () => NOW + 5_000);
  expect(sent).toHaveLength(2);
  expect((await all())[0]?.notBefore).toBe(NOW + 5_000 + 10_000);
});

test("Retry-After is obeyed, and no pause is longer than ten minutes", async () => {
  server(new Response("", { status: 429, headers: { "Retry-After": "120" } }));
  const matter = await add(form(), NOW);
  await send(URL, () => NOW);
  expect((await all())[0]?.notBefore).toBe(NOW + 120_000);
  expect(later({ ...matter, tries: 30 }, 0).notBefore).toBe(600_000);
});

test("an old token is renewed once", async () => {
  const page = new Response(`<form><input name="csrfmiddlewaretoken" value="new"></form>`);
  server(new Response("", { status: 403 }), page, taken());
  await add(form(), NOW);
  await send(URL, () => NOW);
  expect(sent).toHaveLength(2);
  expect((await all())[0]?.state).toBe("sent");
});

test("without a network the rest of the queue is not tried", async () => {
  server(new TypeError("network"));
  await add(form("一"), NOW);
  await add(form("二"), NOW + 1);
  await send(URL, () => NOW + 2);
  expect(sent).toHaveLength(1);
  expect(sent[0]?.get("text")).toBe("一");
});

test("a long text is named by its beginning", async () => {
  const matter = await add(form("一二三四五六七八九十一二三四五六七八九十又一"), NOW);
  expect(matter.title).toBe("一二三四五六七八九十一二三四五六七八九十…");
});
