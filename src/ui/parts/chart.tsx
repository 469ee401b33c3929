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

/** Colours of lines without a role of their own, in turn. */
const NEUTRAL_COLORS = ["c1", "c2", "c4", "c5", "c3", "c6", "c7", "muted"];

/** The part of a report chart that drawing needs; live charts build it themselves. */
export type ChartModel = Pick<
  ReportChart,
  "kind" | "xUnit" | "unit" | "rightUnit" | "x" | "series" | "bands" | "bounds"
>;

/** A chart with a legend that shows the values under the pointer. Follows the theme and the width of its parent. */
export function Chart({ model, heightPx = 230 }: { readonly model: ChartModel; readonly heightPx?: number }) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef(model);
  latest.current = model;
  // A live chart only gets new data; everything else asks for a new plot.
  const { x: _x, series, ...rest } = model;
  const structure = JSON.stringify([rest, series.map(({ values: _values, ...line }) => line)]);

  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const create = (): void => {
      plot.current?.destroy();
      const now = latest.current;
      plot.current = new uPlot(toOptions(now, element.clientWidth, heightPx), toData(now), element);
    };
    create();
    const resize = new ResizeObserver(() =>
      plot.current?.setSize({ width: element.clientWidth, height: heightPx }),
    );
    resize.observe(element);
    window.addEventListener(THEME_EVENT, create);
    return () => {
      window.removeEventListener(THEME_EVENT, create);
      resize.disconnect();
      plot.current?.destroy();
      plot.current = null;
    };
  }, [structure, heightPx]);
  useEffect(() => plot.current?.setData(toData(model)), [model]);
  return <div class="chart" ref={host} />;
}

/** Percentiles are drawn on -log10(1 - p), so that 90, 99 and 99.9 stand equally far apart. */
const toTail = (percentile: number): number => -Math.log10(1 - Math.min(percentile, 99.9999) / 100);
const fromTail = (tail: number): number => 100 * (1 - 10 ** -tail);

/** Percentiles that are labelled. */
const LABELLED_PERCENTILES = [50, 90, 95, 99, 99.9, 99.99];

function toData(model: ChartModel): uPlot.AlignedData {
  const x = model.kind === "percentiles" ? model.x.map(toTail) : [...model.x];
  return [x, ...model.series.map((series) => [...series.values])];
}

function formatX(model: ChartModel, value: number): string {
  if (model.kind === "percentiles") return `p${Number(fromTail(value).toFixed(3))}`;
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
      ...(model.kind === "percentiles" ? { splits: () => LABELLED_PERCENTILES.map(toTail) } : {}),
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
      x: { time: false },
      y: { range: fromZero },
      ...(model.rightUnit === null ? {} : { right: { range: fromZero } }),
    },
    series: [
      {
        label: model.kind === "percentiles" ? "percentile" : "at",
        value: (_, value) => formatNullableX(model, value),
      },
      ...model.series.map((series, index) => toSeries(model, series, index)),
    ],
    hooks: { drawClear: [(plot) => drawBands(plot, model.bands)], draw: [(plot) => drawBounds(plot, model)] },
  };
}

function formatNullableX(model: ChartModel, value: number | null): string {
  return value === null ? "" : formatX(model, value);
}

function toSeries(model: ChartModel, series: ReportChart["series"][number], index: number): uPlot.Series {
  const neutral = NEUTRAL_COLORS[index % NEUTRAL_COLORS.length] ?? "c1";
  const color = themeColor(series.role === "neutral" ? neutral : ROLE_COLORS[series.role]);
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
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
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
