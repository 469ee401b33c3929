import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";

/** One line of a chart. */
export interface ChartLine {
  readonly label: string;
  /** Name of a theme colour, such as `c1`. */
  readonly color: "c1" | "c2" | "c3" | "c4" | "c5";
  /** One value per x; null leaves a gap. */
  readonly values: readonly (number | null)[];
  /** Fill below the line. */
  readonly fill?: boolean;
}

/** What a chart shows. */
export interface ChartProps {
  /** Seconds since the start of the run, ascending. */
  readonly x: readonly number[];
  readonly lines: readonly ChartLine[];
  /** Unit on the y axis, such as `ms` or `/s`. */
  readonly unit: string;
  readonly heightPx?: number;
  /** Draws the y axis on a logarithmic scale; for distributions. */
  readonly logX?: boolean;
  /** Text of an x value; defaults to minutes and seconds. */
  readonly formatX?: (value: number) => string;
}

/** A time chart with a legend that shows the values under the pointer. Follows the theme and the width of its parent. */
export function Chart({ x, lines, unit, heightPx = 220, logX = false, formatX = formatClock }: ChartProps) {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const style = getComputedStyle(document.documentElement);
    const color = (name: string): string => style.getPropertyValue(`--${name}`).trim();
    const axis = {
      stroke: color("muted"),
      grid: { stroke: color("line"), width: 1 },
      ticks: { stroke: color("line"), width: 1 },
      font: "11px system-ui, sans-serif",
    };
    const plot = new uPlot(
      {
        width: element.clientWidth,
        height: heightPx,
        scales: {
          x: { time: false, ...(logX ? { distr: 3 as const } : {}) },
          y: { range: (_, __, max) => [0, max > 0 ? max * 1.08 : 1] },
        },
        series: [
          { label: "at", value: (_, value) => (value === null ? "" : formatX(value)) },
          ...lines.map((line) => ({
            label: line.label,
            stroke: color(line.color),
            width: 1.75,
            points: { show: x.length < 3 },
            ...(line.fill === true ? { fill: `${color(line.color)}22` } : {}),
            value: (_: uPlot, value: number | null) =>
              value === null ? "-" : `${formatNumber(value)} ${unit}`,
          })),
        ],
        axes: [
          { ...axis, values: (_, values) => values.map((value) => (value === null ? "" : formatX(value))) },
          {
            ...axis,
            size: 62,
            values: (_, values) => values.map((value) => `${formatNumber(value)} ${unit}`),
          },
        ],
        cursor: { y: false },
      },
      // uPlot takes mutable arrays and does not change them
      [x, ...lines.map((line) => line.values)] as unknown as uPlot.AlignedData,
      element,
    );
    const resize = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: heightPx }));
    resize.observe(element);
    return () => {
      resize.disconnect();
      plot.destroy();
    };
  }, [x, lines, unit, heightPx, logX, formatX]);
  return <div class="chart" ref={host} />;
}

/** Seconds as `m:ss`, or `h:mm:ss` from one hour on. */
export function formatClock(seconds: number): string {
  const whole = Math.round(seconds);
  const pad = (value: number): string => String(value).padStart(2, "0");
  const minutes = Math.floor(whole / 60);
  return minutes < 60
    ? `${minutes}:${pad(whole % 60)}`
    : `${Math.floor(minutes / 60)}:${pad(minutes % 60)}:${pad(whole % 60)}`;
}

/** A number with as many digits as help: 1234, 56.7, 0.12. */
export function formatNumber(value: number): string {
  const size = Math.abs(value);
  const digits = size >= 100 || Number.isInteger(value) ? 0 : size >= 10 ? 1 : 2;
  return value.toLocaleString("en-US", { minimumFractionDigits: 0, maximumFractionDigits: digits });
}
