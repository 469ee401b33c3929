import { BUCKET_BOUNDS_SEC, type LatencyHistogram } from "./latency-histogram.ts";

/** Labels of one sample. */
export type Labels = Readonly<Record<string, string>>;

/**
 * Writes metrics in Prometheus' text format 0.0.4. Source: prometheus.io, "Exposition formats".
 * Names are `rampart_*`, durations in seconds, sizes in bytes.
 */
export class Exposition {
  private readonly lines: string[] = [];

  /** Starts a metric family. */
  family(name: string, type: "counter" | "gauge" | "histogram", help: string): this {
    this.lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`);
    return this;
  }

  /** One sample of the current family. */
  sample(name: string, value: number, labels: Labels = {}): this {
    this.lines.push(`${name}${labelText(labels)} ${Number.isFinite(value) ? value : "NaN"}`);
    return this;
  }

  /** All samples of one histogram of the current family. */
  histogram(name: string, histogram: LatencyHistogram, labels: Labels = {}): this {
    const counts = histogram.cumulative();
    BUCKET_BOUNDS_SEC.forEach((bound, i) => {
      this.sample(`${name}_bucket`, counts[i] ?? 0, { ...labels, le: String(bound) });
    });
    this.sample(`${name}_bucket`, histogram.count, { ...labels, le: "+Inf" });
    this.sample(`${name}_sum`, histogram.sumMs / 1000, labels);
    return this.sample(`${name}_count`, histogram.count, labels);
  }

  toString(): string {
    return `${this.lines.join("\n")}\n`;
  }
}

function labelText(labels: Labels): string {
  const names = Object.keys(labels);
  if (names.length === 0) return "";
  return `{${names.map((name) => `${name}="${escapeLabel(labels[name]!)}"`).join(",")}}`;
}

function escapeLabel(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
