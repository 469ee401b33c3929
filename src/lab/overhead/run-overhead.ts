/** `rampart overhead`: what a gateway adds to the latency of its upstream, and what a request costs it. */
import { createProcessReader } from "../observer/process-figures.ts";
import { estimateOverhead, type Interval, type OverheadEstimate } from "./estimate.ts";
import { type PairOptions, type PairSamples, runPairs } from "./pairs.ts";

/** Time that `/metrics` of the gateway may take, ms. */
const METRICS_TIMEOUT_MS = 2_000;

/** Options of {@link runOverhead}. */
export interface OverheadOptions extends PairOptions {
  /** Local process of the gateway, for its CPU; without it the gateway's own `/metrics` is asked. */
  readonly pid?: number;
}

/** What was measured. */
export interface OverheadReport {
  /** Null when too few pairs were answered. */
  readonly estimate: OverheadEstimate | null;
  readonly failures: PairSamples["failures"];
  readonly users: number;
  readonly durationSec: number;
  /** CPU of the gateway per request, ms; null when it could not be read. */
  readonly gatewayCpuMs: number | null;
}

/** Measures. @throws RMP_NET_UNREACHABLE naming the side that keeps failing */
export async function runOverhead(options: OverheadOptions): Promise<OverheadReport> {
  const readCpu = cpuReader(options);
  const before = await readCpu();
  const samples = await runPairs(options);
  const after = await readCpu();
  return {
    estimate: estimateOverhead(samples),
    failures: samples.failures,
    users: options.users,
    durationSec: options.durationSec,
    gatewayCpuMs:
      before === null || after === null || samples.sentThrough === 0
        ? null
        : (1000 * (after - before)) / samples.sentThrough,
  };
}

/** Reads the CPU seconds that the gateway has used; null when neither process nor metrics tell. */
function cpuReader({ pid, through }: OverheadOptions): () => Promise<number | null> {
  if (pid !== undefined) {
    const reader = createProcessReader(pid);
    return async () => (await reader.read(0)).get("cpu_seconds") ?? null;
  }
  const url = new URL("/metrics", through.url);
  return async () => {
    try {
      const response = await fetch(url, {
        headers: { accept: "application/json", ...through.headers },
        signal: AbortSignal.timeout(METRICS_TIMEOUT_MS),
      });
      const figures = (await response.json()) as Readonly<Record<string, unknown>>;
      const seconds = figures["process_cpu_seconds_total"];
      return typeof seconds === "number" ? seconds : null;
    } catch {
      return null;
    }
  };
}

/** The report as text for the terminal. */
export function overheadText(report: OverheadReport): string {
  const { estimate, failures } = report;
  const failed = failures.through + failures.direct;
  const lines: string[] = [];
  if (estimate === null) lines.push("Too few pairs were answered to say anything.");
  else {
    lines.push(`${estimate.pairs} pairs, ${report.users} at a time, ${report.durationSec} s`, "");
    lines.push(
      `${"".padEnd(8)}${"gateway".padStart(12)}${"upstream".padStart(12)}${"added".padStart(12)}   99 % interval`,
    );
    for (const name of ["p50", "p95", "p99"] as const)
      lines.push(
        `${name.toUpperCase().padEnd(8)}${ms(estimate.through[name])}${ms(estimate.direct[name])}${intervalText(estimate.added[name])}`,
      );
    lines.push(
      `${"Median of the differences within pairs: ".padEnd(40)}${intervalText(estimate.pairedMedian).trim()}`,
    );
    const split = Object.entries(estimate.split);
    if (split.length > 0)
      lines.push(
        "",
        `By the gateway's own words (medians): ${split.map(([name, value]) => `${name} ${value.toFixed(3)} ms`).join(", ")}`,
      );
  }
  if (report.gatewayCpuMs !== null)
    lines.push("", `CPU of the gateway: ${report.gatewayCpuMs.toFixed(3)} ms per request`);
  if (failed > 0)
    lines.push(
      "",
      `Failed and left out: ${failures.through} through the gateway, ${failures.direct} straight`,
    );
  return lines.join("\n");
}

function ms(value: number): string {
  return `${value.toFixed(3)} ms`.padStart(12);
}

function intervalText({ ms: value, lowMs, highMs }: Interval): string {
  return `${ms(value)}   ${lowMs.toFixed(3)} to ${highMs.toFixed(3)} ms`;
}
