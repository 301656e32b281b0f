/** What stands beside the map: what is in hand, what is wrong, and all the places. */
import { fill, make } from "../../lib/dom";
import type { State } from "../../lib/lines/checking";
import type { Finding } from "../../lib/lines/draft";
import { pieces } from "../../lib/lines/draft";
import { SEVERITY, sizeOf, sorted, squareMetres, summary } from "../../lib/lines/words";
import type { Desk } from "./desk";

export interface Asked {
  goTo: (finding: Finding) => void;
  fix: (finding: Finding, owner: number | null) => void;
  fixAll: () => void;
  goToChild: (id: number) => void;
  declare: (child: number, isDeclared: boolean) => void;
}
type Act = () => void;

const button = (words: string, at: string, act: Act, kind = ""): HTMLButtonElement => {
  const made = make("button", { type: "button", class: `btn ${kind}`.trim(), "data-at": at }, words);
  made.addEventListener("click", act);
  return made;
};

const meta = (words: string): HTMLElement => make("p", { class: "meta" }, words);
const row = (...children: (Node | null)[]): HTMLElement => make("div", { class: "row row--wrap" }, ...children);

// ---- what is in hand ----

export function showNow(target: HTMLElement, desk: Desk, asked: Asked): void {
  if (desk.pen) return fill(target, ...penCard(desk));
  if (desk.cut) return fill(target, ...cutCard(desk));
  if (desk.held || (desk.target && desk.target.kind !== "free")) return fill(target, ...targetCard(desk));
  if (desk.child !== null) return fill(target, ...childCard(desk, desk.child, asked));
  const hint = desk.canEdit ? "点地图上的地方、点或线，或者在下面的单子里选一个地方。" : "这一稿现在只能看，不能改。";
  fill(target, make("h2", {}, "现在"), meta(hint));
}

function penCard(desk: Desk): HTMLElement[] {
  const isCut = desk.tool === "cut";
  const count = desk.pen?.picks.length ?? 0;
  const tick = make("input", { type: "checkbox", "data-at": "trace" });
  tick.checked = desk.isTracing;
  tick.addEventListener("change", () => desk.trace(tick.checked));
  const hint = isCut
    ? "从边线上一点画到边线上另一点，再点一次末点就切。"
    : "点线上的点会吸住，两点之间沿线走；空处走直线。点回起点就画完。";
  return [
    make("h2", {}, isCut ? "正在切" : `正在画：${desk.name(desk.child ?? 0)}`),
    meta(`${hint} 已有 ${count} 点。`),
    make("label", { class: "check" }, tick, "沿着已有的线走"),
    row(button("换个方向", "turn", () => desk.otherWay()), button("退一点", "back", () => desk.backOne())),
    row(
      button(isCut ? "切到这里" : "画完", "done", () => desk.complete(), "btn--primary"),
      button(isCut ? "不切了" : "不画了", "cancel", () => desk.cancel(), "btn--quiet"),
    ),
  ];
}

function cutCard(desk: Desk): HTMLElement[] {
  const { halves, isLargerGiven } = desk.cut as NonNullable<Desk["cut"]>;
  const sizes = halves.parts.map((part) => sizeOf(squareMetres([part])));
  const whom = chooser(desk, halves.id, "split-to", "这一块归谁");
  return [
    make("h2", {}, `${desk.name(halves.id)}切成两块`),
    meta(`大的${sizes[0]}，小的${sizes[1]}。斜纹的是要给出去的${isLargerGiven ? "大" : "小"}块。`),
    make("label", { class: "field__label" }, "这一块归谁", whom),
    row(
      button("切开", "split", () => desk.splitTo(Number(whom.value)), "btn--primary"),
      button("给另一块", "flip", () => desk.flip()),
      button("不切了", "cancel", () => desk.cancel(), "btn--quiet"),
    ),
  ];
}

function chooser(desk: Desk, but: number, at: string, label: string): HTMLSelectElement {
  const select = make("select", { class: "input", "data-at": at, "aria-label": label });
  const drawn = desk.tiling.children;
  for (const place of desk.places) {
    if (place.id === but) continue;
    select.append(make("option", { value: place.id }, drawn.has(place.id) ? place.name : `${place.name}（还没画）`));
  }
  return select;
}

function targetCard(desk: Desk): HTMLElement[] {
  const target = desk.target;
  if (!target) return [];
  const isVertex = target.kind === "vertex";
  const acts = target.kind !== "free" && target.isLocked ? [] : [
    isVertex ? button("删掉这个点", "remove", () => desk.remove()) : button("在这里加一个点", "insert", () => desk.insert()),
  ];
  return [
    make("h2", {}, isVertex ? "选中的点" : "选中的线"),
    meta(`${desk.describe(target)}${acts.length && isVertex ? "拖着走，或者按回车拿起、用方向键移。" : ""}`),
    row(...acts, button("不选了", "cancel", () => desk.cancel(), "btn--quiet")),
  ];
}

function childCard(desk: Desk, id: number, asked: Asked): HTMLElement[] {
  const area = desk.tiling.children.get(id);
  const title = make("h2", {}, desk.name(id));
  const goTo = button("看它", "see", () => asked.goToChild(id));
  const close = button("不选了", "cancel", () => desk.cancel(), "btn--quiet");
  if (!desk.canEdit) return [title, row(goTo, close)];
  const draw = button(area ? "重画它的线" : "画它的线", "draw", () => desk.start("draw"), area ? "" : "btn--primary");
  if (!area) return [title, meta("还没有画。"), row(draw, close)];
  const whom = chooser(desk, id, "give-to", "并给谁");
  const give = button("并给它", "give", () => desk.give(Number(whom.value)));
  return [
    title,
    meta(sizeOf(squareMetres(area))),
    ...(pieces(area) > 1 ? [pieceList(desk, id, asked, () => Number(whom.value))] : []),
    row(goTo, draw, button("切开", "cut", () => desk.start("cut")), close),
    make("div", { class: "lines__give" }, whom, give),
  ];
}

function pieceList(desk: Desk, id: number, asked: Asked, into: () => number): HTMLElement {
  const tick = make("input", { type: "checkbox", "data-at": "exclave" });
  tick.checked = desk.places.find((place) => place.id === id)?.declared_exclave ?? false;
  tick.addEventListener("change", () => asked.declare(id, tick.checked));
  const items = (desk.tiling.children.get(id) ?? []).map((polygon, place) =>
    make("li", { class: "row" }, `第 ${place + 1} 块，${sizeOf(squareMetres([polygon]))}`, button("这块并给它", `piece-${place}`, () => desk.give(into(), place))),
  );
  return make("div", {}, make("label", { class: "check" }, tick, "确有飞地，分成几块是对的"), make("ul", { class: "lines__pieces" }, ...items));
}

// ---- what is wrong ----

const STATES: Partial<Record<State, string>> = {
  waiting: "正在检查…",
  checking: "正在检查…",
  offline: "现在连不上。画的都存在这台电脑里，连上就自动交。",
};

export function stateWords(state: State, sentence: string, desk: Desk): string {
  if (state === "stale") return "别人刚改过这一稿。您画的还在，没有丢，也没有交上去。";
  if (state === "signed-out") return `${sentence || "登录过期了。"}您画的存在这台电脑里，重新登录后可以接着用。`;
  if (state === "refused") return sentence || "这样的线读不懂，没有收下。";
  return STATES[state] ?? summary(desk.doc.findings, desk.doc.accepted);
}

export function showFindings(target: HTMLElement, desk: Desk, asked: Asked, isChecking: boolean): void {
  const findings = sorted(desk.doc.findings);
  target.setAttribute("aria-busy", String(isChecking));
  if (!findings.length) {
    return fill(target, desk.doc.accepted || !desk.doc.reason ? null : make("li", { class: "lines__none meta" }, desk.doc.reason));
  }
  fill(target, ...findings.map((finding, place) => findingItem(finding, place + 1, desk, asked)));
}

function findingItem(finding: Finding, number: number, desk: Desk, asked: Asked): HTMLElement {
  const whom = finding.owners.length > 1 ? ownerChooser(finding) : null;
  const see = button("到这里", `see-${finding.key}`, () => asked.goTo(finding));
  see.setAttribute("aria-label", `到第 ${number} 处：${finding.title}`);
  return make(
    "li",
    { class: `lines__finding lines__finding--${finding.severity}` },
    make("span", { class: "lines__no num", "aria-hidden": true }, String(number)),
    make(
      "div",
      { class: "grow" },
      make(
        "p",
        { class: "lines__what" },
        make("b", {}, finding.title),
        make("span", { class: "lines__sev" }, SEVERITY[finding.severity]),
        make("span", { class: "lines__size meta" }, sizeOf(finding.size_m2)),
      ),
      make("p", {}, finding.sentence),
      finding.fix ? meta(`建议：${finding.fix}`) : null,
      row(finding.place ? see : null, whom, desk.canEdit ? mend(finding, number, whom, desk, asked) : null),
    ),
  );
}

/** Who has nothing is to be drawn; where there is ground, the server can put it right. */
function mend(finding: Finding, number: number, whom: HTMLSelectElement | null, desk: Desk, asked: Asked): HTMLElement | null {
  const [child] = finding.who;
  if (finding.check === "empty" && child !== undefined) {
    return button("去画", `fix-${finding.key}`, () => {
      desk.choose(child);
      desk.start("draw");
    });
  }
  if (!finding.geometry && finding.check !== "self_crossing") return null;
  const fix = button("修好", `fix-${finding.key}`, () => asked.fix(finding, whom ? Number(whom.value) : (finding.owners[0]?.id ?? null)));
  fix.setAttribute("aria-label", `修好第 ${number} 处：${finding.title}`);
  return fix;
}

function ownerChooser(finding: Finding): HTMLSelectElement {
  const select = make("select", { class: "input", "aria-label": "归谁", "data-at": `owner-${finding.key}` });
  for (const { id, name } of finding.owners) select.append(make("option", { value: id }, `归${name}`));
  return select;
}

// ---- the places ----

export function showPlaces(target: HTMLElement, desk: Desk): void {
  const isMissing = ({ id }: { id: number }): boolean => !desk.shown.children.has(id);
  const places = [...desk.places.filter(isMissing), ...desk.places.filter((place) => !isMissing(place))];
  const items = places.map((place) => {
    const isDrawn = !isMissing(place);
    const made = button(place.name, `place-${place.id}`, () => desk.choose(place.id), "lines__place");
    made.append(make("span", { class: isDrawn ? "meta" : "lines__missing" }, isDrawn ? "画好了" : "还没画"));
    if (desk.child === place.id) made.setAttribute("aria-current", "true");
    return make("li", {}, made);
  });
  fill(target, ...items);
}
