import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { all, remove } from "../lib/queue";
import offlineQueue from "./offline-queue";

const PAGE = `<section data-form="f">
  <div data-offline hidden><p data-count></p></div><p data-said></p><div data-list></div>
  <button data-retry data-act="retry" hidden>再试一次</button>
  <template data-stencil="row"><div class="item"><b data-title></b><i data-when></i><i data-photos></i>
    <i data-sentence></i><i data-number></i><i data-code></i><a data-url>看进度</a>
    <button data-act="mend">改一改</button><button data-act="drop">知道了</button><span data-chip-place></span></div></template>
  <template data-stencil="chip-waiting">等网</template><template data-stencil="chip-sending">正在交</template>
  <template data-stencil="chip-refused">要改</template><template data-stencil="chip-sent">已收下</template>
</section><form id="f"><textarea name="text" required></textarea></form>`;

let section: HTMLElement;
let leave: (() => void) | void;
let online: boolean;

beforeEach(async () => {
  online = false;
  vi.spyOn(navigator, "onLine", "get").mockImplementation(() => online);
  for (const matter of await all()) await remove(matter.client_uuid);
  document.body.innerHTML = PAGE;
  section = document.querySelector("section") as HTMLElement;
  leave = offlineQueue(section, {});
});
afterEach(() => {
  leave?.();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const settle = (): Promise<void> => new Promise((done) => setTimeout(done, 60));
const list = (): string => section.querySelector("[data-list]")?.textContent?.replace(/\s+/g, " ").trim() ?? "";
function answer(status: number, body: object): void {
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(JSON.stringify(body), { status })));
}
async function write(text: string): Promise<void> {
  (document.querySelector("textarea") as HTMLTextAreaElement).value = text;
  document.querySelector("form")?.dispatchEvent(new Event("submit", { cancelable: true }));
  await settle();
}

test("what is written without a network is listed as waiting, and the form is free again", async () => {
  await write("垃圾房门坏了");
  expect(list()).toContain("垃圾房门坏了");
  expect(list()).toContain("等网");
  expect(section.querySelector("[data-count]")?.textContent).toContain("1 件事");
  expect(section.querySelector<HTMLElement>("[data-offline]")?.hidden).toBe(false);
  expect(document.querySelector("textarea")?.value).toBe("");
});

test("it is sent when the network is back, and the list says its number", async () => {
  await write("垃圾房门坏了");
  answer(201, { number: "ZT-2611-004182", code: "8K2M", url: "/follow/" });
  online = true;
  window.dispatchEvent(new Event("online"));
  await settle();
  expect(list()).toContain("单号 ZT-2611-004182");
  expect(list()).toContain("查询码 8K2M");
  expect(list()).toContain("已收下");
});

test("a refused matter says why and can be put right under the same uuid", async () => {
  online = true;
  answer(422, { sentence: "还没写在哪里。" });
  await write("坏了");
  expect(list()).toContain("还没写在哪里。");
  const uuid = (await all())[0]?.client_uuid;
  section.querySelector<HTMLElement>("[data-act=mend]")?.click();
  await settle();
  expect(document.querySelector("textarea")?.value).toBe("坏了");
  answer(201, { number: "ZT-1", code: "A" });
  await write("坏了，在 3 楼");
  expect((await all()).map((m) => [m.client_uuid, m.state])).toEqual([[uuid, "sent"]]);
});

test("an empty form is not queued", async () => {
  await write("");
  expect(await all()).toEqual([]);
});
