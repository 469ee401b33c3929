import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { ReportBand, ReportChart, ReportSeriesRole } from "#contract";
import { formatClock, formatNumber } from "./format.ts";
import { THEME_EVENT } from "./theme.ts";

/** Theme colour of each role a line can have. */
const ROLE_COLORS: Readonly<Record<ReportSeriesRole, string>> = {
  rate: "c1",
  users: "c5",
  failure: "c3",
  p50: "c4",
  mean: "c5",
  p95: "c2",
  p99: "c3",
  max: "muted",
  bound: "muted",
  neutral: "c1",
};

/** The part of a report chart that drawing needs; live charts build it themselves. */
export type ChartModel = Pick<
  ReportChart,
  "kind" | "xUnit" | "unit" | "rightUnit" | "x" | "series" | "bands" | "bounds"
>;

/** A chart with a legend that shows the values under the pointer. Follows the theme and the width of its parent. */
export function Chart({ model, heightPx = 230 }: { readonly model: ChartModel; readonly heightPx?: number }) {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const create = (): uPlot =>
      new uPlot(toOptions(model, element.clientWidth, heightPx), toData(model), element);
    let plot = create();
    const recreate = (): void => {
      plot.destroy();
      plot = create();
    };
    const resize = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: heightPx }));
    resize.observe(element);
    window.addEventListener(THEME_EVENT, recreate);
    return () => {
      window.removeEventListener(THEME_EVENT, recreate);
      resize.disconnect();
      plot.destroy();
    };
  }, [model, heightPx]);
  return <div class="chart" ref={host} />;
}

/** Percentiles are drawn on 1 / (1 - p), so that 90, 99, 99.9 stand equally far apart on the logarithmic axis. */
const toTail = (percentile: number): number => 1 / (1 - Math.min(percentile, 99.9999) / 100);
const fromTail = (tail: number): number => 100 * (1 - 1 / tail);

function toData(model: ChartModel): uPlot.AlignedData {
  const x = model.kind === "percentiles" ? model.x.map(toTail) : [...model.x];
  return [x, ...model.series.map((series) => [...series.values])];
}

function formatX(model: ChartModel, value: number): string {
  if (model.kind === "percentiles") return `p${Number(fromTail(value).toFixed(4))}`;
  return model.xUnit === "s" ? formatClock(value) : `${formatNumber(value)} ${model.xUnit}`;
}

function themeColor(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

function toOptions(model: ChartModel, width: number, height: number): uPlot.Options {
  const muted = themeColor("muted");
  const line = themeColor("line");
  const axis: uPlot.Axis = {
    stroke: muted,
    grid: { stroke: line, width: 1 },
    ticks: { stroke: line, width: 1 },
    font: "11px system-ui, sans-serif",
  };
  const fromZero: uPlot.Range.Function = (_, __, max) => [0, max > 0 ? max * 1.08 : 1];
  const yValues =
    (unit: string) =>
    (_: uPlot, values: number[]): string[] =>
      values.map((value) => `${formatNumber(value)}${unit === "" ? "" : ` ${unit}`}`);
  const axes: uPlot.Axis[] = [
    {
      ...axis,
      values: (_, values) => values.map((value) => formatX(model, value)),
      ...(model.kind === "percentiles" ? { splits: () => [2, 4, 10, 20, 100, 1000, 10_000] } : {}),
    },
    { ...axis, size: 64, values: yValues(model.unit) },
  ];
  if (model.rightUnit !== null)
    axes.push({
      ...axis,
      scale: "right",
      side: 1,
      size: 64,
      grid: { show: false },
      values: yValues(model.rightUnit),
    });
  return {
    width,
    height,
    axes,
    cursor: { y: false },
    scales: {
      x: { time: false, ...(model.kind === "percentiles" ? { distr: 3, log: 10 } : {}) },
      y: { range: fromZero },
      ...(model.rightUnit === null ? {} : { right: { range: fromZero } }),
    },
    series: [
      {
        label: model.kind === "percentiles" ? "percentile" : "at",
        value: (_, value) => formatNullableX(model, value),
      },
      ...model.series.map((series) => toSeries(model, series)),
    ],
    hooks: { drawClear: [(plot) => drawBands(plot, model.bands)], draw: [(plot) => drawBounds(plot, model)] },
  };
}

function formatNullableX(model: ChartModel, value: number | null): string {
  return value === null ? "" : formatX(model, value);
}

function toSeries(model: ChartModel, series: ReportChart["series"][number]): uPlot.Series {
  const color = themeColor(ROLE_COLORS[series.role]);
  const unit = series.axis === "right" ? (model.rightUnit ?? "") : model.unit;
  const bars = model.kind === "bars";
  return {
    label: series.label,
    scale: series.axis === "right" ? "right" : "y",
    stroke: color,
    width: bars ? 1 : 1.75,
    points: { show: !bars && model.x.length < 3 },
    value: (_, value: number | null) => (value === null ? "-" : `${formatNumber(value)} ${unit}`),
    ...(bars && uPlot.paths.bars !== undefined
      ? { paths: uPlot.paths.bars({ size: [0.9, 40] }), fill: `${color}55` }
      : {}),
    ...(series.role === "bound" ? { dash: [5, 5] } : {}),
  };
}

function drawBands(plot: uPlot, bands: readonly ReportBand[]): void {
  const { ctx, bbox } = plot;
  for (const band of bands) {
    const left = plot.valToPos(band.fromSec, "x", true);
    const right = plot.valToPos(band.toSec, "x", true);
    ctx.save();
    ctx.fillStyle = `${themeColor(band.kind === "fault" ? "c3" : "c5")}1c`;
    ctx.fillRect(left, bbox.top, right - left, bbox.height);
    ctx.fillStyle = themeColor("muted");
    ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
    ctx.fillText(band.label, left + 4, bbox.top + 12 * devicePixelRatio);
    ctx.restore();
  }
}

function drawBounds(plot: uPlot, model: ChartModel): void {
  const { ctx, bbox } = plot;
  for (const bound of model.bounds) {
    const y = plot.valToPos(bound.value, "y", true);
    if (y < bbox.top || y > bbox.top + bbox.height) continue;
    ctx.save();
    ctx.strokeStyle = themeColor("fail");
    ctx.setLineDash([6, 5]);
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    ctx.fillStyle = themeColor("fail");
    ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
    ctx.textAlign = "right";
    ctx.fillText(bound.label, bbox.left + bbox.width - 4, y - 4 * devicePixelRatio);
    ctx.restore();
  }
}
