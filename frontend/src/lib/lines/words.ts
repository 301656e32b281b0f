/** How findings and vertices are said. */
import type { Finding, Named } from "./draft";
import { groundOfArea } from "./grid";
import type { Area } from "./grid";

export const SEVERITY: Record<Finding["severity"], string> = { refused: "必须改", confirm: "要确认", note: "已处理" };
const WORST = ["refused", "confirm", "note"] as const;

export function sizeOf(square: number): string {
  if (square <= 0) return "";
  if (square < 1) return "不到 1 平方米";
  if (square < 10_000) return `约 ${grouped(Math.round(square))} 平方米`;
  if (square < 1_000_000) return `约 ${rounded(square / 10_000)} 公顷`;
  return `约 ${rounded(square / 1_000_000)} 平方公里`;
}

const rounded = (value: number): string => (value < 100 ? String(Math.round(value * 10) / 10) : grouped(Math.round(value)));
const grouped = (value: number): string => value.toLocaleString("en-US");

/** The worst first, the largest first among equals. */
export function sorted(findings: readonly Finding[]): Finding[] {
  const rank = (one: Finding): number => WORST.indexOf(one.severity);
  return [...findings].sort((one, other) => rank(one) - rank(other) || other.size_m2 - one.size_m2);
}

export function summary(findings: readonly Finding[], isAccepted: boolean): string {
  const count = (severity: Finding["severity"]): number => findings.filter((one) => one.severity === severity).length;
  const parts = [
    [count("refused"), "处必须改"],
    [count("confirm"), "处要确认"],
    [count("note"), "处小毛病会自动处理"],
  ].filter(([number]) => number);
  if (!parts.length) return isAccepted ? "检查过了，严丝合缝，可以提交。" : "还没有画完。";
  return `检查过了：${parts.map(([number, words]) => `${number} ${words}`).join("，")}。`;
}

export const namesOf = (ids: readonly number[], places: readonly Named[]): string =>
  ids.map((id) => places.find((one) => one.id === id)?.name ?? "").filter(Boolean).join("、");

const METRES_A_STEP = 0.01113195;

/** About: good enough to tell which piece is the larger one. */
export function squareMetres(area: Area): number {
  const latitude = (area[0]?.[0]?.[0]?.[1] ?? 0) / 1e7;
  return (groundOfArea(area) / 2) * METRES_A_STEP ** 2 * Math.cos((latitude * Math.PI) / 180);
}
