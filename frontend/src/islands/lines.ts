/**
 * The desk for lines: the officer draws the areas of the divisions below his on the map, siblings
 * move together, and the server checks each change. Everything the map does is a button or a key too.
 */
import type { BaseMap } from "../lib/basemap";
import { fill, make } from "../lib/dom";
import { Checking } from "../lib/lines/checking";
import type { State } from "../lib/lines/checking";
import { Refused, askerOf, tilingOf, withShapes } from "../lib/lines/draft";
import type { Ask, Doc, Finding } from "../lib/lines/draft";
import { forget, kept } from "../lib/lines/keep";
import type { Kept } from "../lib/lines/keep";
import type { Island } from "../lib/mount";
import { Desk } from "./lines/desk";
import { handOf } from "./lines/hand";
import { keyboardOf } from "./lines/keyboard";
import { showFindings, showNow, showPlaces, stateWords } from "./lines/panel";
import { Sheet } from "./lines/sheet";

interface Props {
  /** Address of the draft, below which all is asked. */
  draft: string;
  base: BaseMap;
}

const lines: Island = (root, given) => {
  const { draft, base } = given as Props;
  const ask = askerOf(draft);
  let editor: Editor | null = null;
  let hasLeft = false;
  root.hidden = false;
  const begin = (): void => {
    void ask("data").then(
      (doc) => {
        if (!hasLeft) editor = new Editor(root, ask, doc, base);
      },
      (error: unknown) => {
        if (!(error instanceof Refused)) throw error;
        const again = make("button", { type: "button", class: "btn" }, "再试一次");
        again.addEventListener("click", begin);
        fill(find(root, "state"), error.message || "没有取到这一稿。看看网络，再试一次。", again);
      },
    );
  };
  begin();
  return () => {
    hasLeft = true;
    editor?.leave();
  };
};
export default lines;

const find = (root: HTMLElement, name: string): HTMLElement => root.querySelector<HTMLElement>(`[data-${name}]`) as HTMLElement;

class Editor {
  private readonly desk: Desk;
  private readonly sheet: Sheet;
  private readonly checking: Checking;
  private state: State = "clean";
  private sentence = "";
  private readonly leaves: (() => void)[] = [];
  private readonly asked = {
    goTo: (finding: Finding) => this.sheet.goTo(finding),
    fix: (finding: Finding, owner: number | null) => void this.fix(finding, owner),
    fixAll: () => void this.write("adopt", {}, "都按建议修好了。"),
    goToChild: (id: number) => this.sheet.goToChild(id),
    declare: (child: number, declared: boolean) => void this.write("exclave", { child, declared }, declared ? "记下了：确有飞地。" : "记下了：没有飞地。"),
  };

  constructor(
    private readonly root: HTMLElement,
    private readonly ask: Ask,
    doc: Doc,
    base: BaseMap,
  ) {
    const tiling = tilingOf(doc);
    const view = find(root, "view");
    this.desk = new Desk(doc, tiling, {
      shown: () => this.show(),
      changed: (drawn) => this.checking.change(drawn),
      said: (words) => {
        if (words) find(root, "said").textContent = words;
      },
    });
    this.checking = new Checking(ask, doc.draft.number, doc, tiling, {
      checked: (learnt) => this.desk.learn(learnt),
      state: (state, sentence) => {
        [this.state, this.sentence] = [state, sentence];
        this.showState();
      },
    });
    this.sheet = new Sheet(view, base, this.desk);
    handOf(this.desk, this.sheet);
    this.leaves.push(keyboardOf(this.desk, this.sheet, view, root), this.listen());
    this.show();
    void kept(doc.draft.number).then((drawn) => drawn && this.offer(drawn));
  }

  leave(): void {
    this.checking.stop();
    for (const leave of this.leaves) leave();
    this.sheet.map.setTarget(undefined);
  }

  private listen(): () => void {
    const press = (event: Event): void => {
      const name = (event.target as Element).closest<HTMLElement>("[data-do]")?.dataset["do"];
      if (name) this.act(name);
    };
    const online = (): void => void this.checking.flush();
    this.root.addEventListener("click", press);
    window.addEventListener("online", online);
    return () => {
      this.root.removeEventListener("click", press);
      window.removeEventListener("online", online);
    };
  }

  private act(name: string): void {
    const { desk, sheet } = this;
    const acts: Record<string, () => void> = {
      look: () => desk.start("look"),
      draw: () => desk.start("draw"),
      cut: () => desk.start("cut"),
      insert: () => desk.insert(),
      remove: () => desk.remove(),
      undo: () => desk.undo(),
      redo: () => desk.redo(),
      "fix-all": this.asked.fixAll,
      home: () => sheet.home(),
      in: () => sheet.zoom(1),
      out: () => sheet.zoom(-1),
      proposal: () => {
        sheet.isProposalShown = !sheet.isProposalShown;
        this.show();
      },
    };
    acts[name]?.();
  }

  // ---- showing ----

  private show(): void {
    this.sheet.show();
    showNow(find(this.root, "now"), this.desk, this.asked);
    showPlaces(find(this.root, "places"), this.desk);
    this.showState();
    this.showTools();
  }

  private showState(): void {
    const isChecking = this.state === "waiting" || this.state === "checking";
    const shown = find(this.root, "state");
    shown.dataset["state"] = this.state;
    const choices = this.state === "stale" ? [this.choice("看最新的，我的先不用", () => this.reload()), this.choice("在最新的上面用我画的", () => this.rebase())] : [];
    fill(shown, stateWords(this.state, this.sentence, this.desk), ...choices);
    showFindings(find(this.root, "findings"), this.desk, this.asked, isChecking);
    const fixable = this.desk.canEdit && this.desk.doc.findings.some(({ fix }) => fix);
    for (const name of ["fix-all", "proposal"]) this.tool(name).hidden = !fixable;
  }

  private showTools(): void {
    const { desk } = this;
    for (const name of ["look", "draw", "cut"]) this.tool(name).setAttribute("aria-pressed", String(desk.tool === name));
    this.tool("proposal").setAttribute("aria-pressed", String(this.sheet.isProposalShown));
    this.allow("undo", desk.canUndo);
    this.allow("redo", desk.canRedo);
    this.allow("draw", desk.child !== null);
    this.allow("insert", desk.target?.kind === "edge" && !desk.target.isLocked);
    this.allow("remove", desk.target?.kind === "vertex" && !desk.target.isLocked);
    for (const tool of this.root.querySelectorAll<HTMLElement>("[data-edits]")) tool.hidden = !desk.canEdit;
    find(this.root, "thicket").hidden = !desk.canEdit || !this.sheet.isThicket;
  }

  private tool(name: string): HTMLElement {
    return this.root.querySelector<HTMLElement>(`[data-do="${name}"]`) as HTMLElement;
  }

  /** Still to be reached by Tab, and says why nothing happens. */
  private allow(name: string, isAllowed: boolean): void {
    this.tool(name).setAttribute("aria-disabled", String(!isAllowed));
  }

  private choice(words: string, act: () => Promise<void> | void): HTMLElement {
    const made = make("button", { type: "button", class: "btn", "data-at": words }, words);
    made.addEventListener("click", () => void act());
    return made;
  }

  // ---- the server ----

  private fix(finding: Finding, owner: number | null): Promise<void> {
    const body = { key: finding.key, ...(owner === null ? {} : { owner }) };
    return this.write("fix", body, `修好了：${finding.title}。`);
  }

  /** What the server changes; what is drawn is sent first. */
  private async write(what: string, body: object, words: string): Promise<void> {
    if (this.desk.pen || this.desk.held) this.desk.cancel();
    if (!(await this.checking.flush())) return this.desk.say("还没有交上去，等连上了再修。");
    try {
      const doc = await this.ask(what, { version: this.checking.version, ...body });
      this.accept(doc, words);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.status === 409) await this.reload();
      this.desk.say(error.message || "没有修成。看看网络，再试一次。");
    }
  }

  private accept(doc: Doc, words: string): void {
    const tiling = tilingOf(doc, this.desk.tiling);
    this.checking.accept(doc, tiling);
    this.desk.take(doc, tiling);
    this.desk.say(words);
  }

  private async reload(): Promise<void> {
    const doc = await this.latest();
    if (doc) this.accept(doc, "换成了最新的一稿。用撤销可以找回您画的。");
  }

  private async rebase(): Promise<void> {
    const doc = await this.latest();
    if (!doc) return;
    this.desk.learn(doc);
    this.checking.rebase(doc, tilingOf(doc, this.desk.tiling));
  }

  private async latest(): Promise<Doc | null> {
    try {
      return await this.ask("data");
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.desk.say(error.message || "没有取到。看看网络，再试一次。");
      return null;
    }
  }

  /** What was drawn and did not reach the server the last time. */
  private offer(drawn: Kept): void {
    const tiling = withShapes(this.desk.tiling, drawn.shapes);
    const banner = find(this.root, "kept");
    const when = new Date(drawn.saved).toLocaleString("zh-CN", { month: "long", day: "numeric", hour: "2-digit", minute: "2-digit" });
    const done = (act: () => void) => (): void => {
      banner.hidden = true;
      act();
    };
    const take = this.choice("接着用", done(() => this.desk.put(tiling, "上次画的接上了。")));
    const drop = this.choice("不要了", done(() => void forget(drawn.number)));
    fill(banner, make("p", {}, `上次有改动没有交上去，还在这台电脑里（${when}，${Object.keys(drawn.shapes).length} 个地方）。`), take, drop);
    banner.hidden = !this.desk.canEdit;
  }
}
