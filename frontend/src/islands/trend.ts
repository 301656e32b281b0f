/** Charts of a place: received by week, and by category. The tables beside them say the same. */
import { BarChart, LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, TitleComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import type { Island } from "../lib/mount";

use([BarChart, LineChart, GridComponent, TitleComponent, AriaComponent, CanvasRenderer]);

interface Chart {
  categories: [name: string, count: number][];
  weeks: [day: string, count: number][];
}

const trend: Island = (root) => {
  const { categories, weeks } = JSON.parse(root.dataset["chart"] ?? "{}") as Chart;
  if (categories.length === 0) return undefined;
  root.hidden = false;
  const said = getComputedStyle(root);
  const ink = (name: string): string => said.getPropertyValue(name).trim();
  const words = { color: ink("--text-2"), fontFamily: ink("--font-sans"), fontSize: 12 };
  const title = { textStyle: { ...words, fontSize: 13, fontWeight: 600 as const }, left: 0 };
  const hair = { lineStyle: { color: ink("--line") } };
  const low = 190 + categories.length * 26;
  root.style.height = `${low + 8}px`;
  const chart = init(root);
  chart.setOption({
    animation: false,
    aria: { enabled: false },
    textStyle: words,
    title: [
      { ...title, text: "每周收到", top: 0 },
      { ...title, text: "类别", top: 168 },
    ],
    grid: [
      { left: 30, right: 12, top: 30, height: 100 },
      { left: 110, right: 36, top: 194, height: categories.length * 26 },
    ],
    xAxis: [
      { type: "category", data: weeks.map(([day]) => day), axisLine: hair, axisTick: { show: false }, axisLabel: { ...words, interval: 3 } },
      { gridIndex: 1, type: "value", show: false },
    ],
    yAxis: [
      { type: "value", minInterval: 1, splitNumber: 2, splitLine: hair, axisLabel: words },
      { gridIndex: 1, type: "category", inverse: true, data: categories.map(([name]) => name), axisLine: { show: false }, axisTick: { show: false }, axisLabel: { ...words, width: 104, overflow: "truncate" } },
    ],
    series: [
      { type: "line", data: weeks.map(([, count]) => count), symbolSize: 5, lineStyle: { color: ink("--brand"), width: 2 }, itemStyle: { color: ink("--brand") } },
      { type: "bar", xAxisIndex: 1, yAxisIndex: 1, data: categories.map(([, count]) => count), barWidth: 14, itemStyle: { color: ink("--brand") }, label: { show: true, position: "right", ...words } },
    ],
  });
  const resize = (): void => chart.resize();
  window.addEventListener("resize", resize);
  return () => {
    window.removeEventListener("resize", resize);
    chart.dispose();
  };
};
export default trend;
