/**
 * What the offline HTML report shows: computed by the lab from one results file, drawn by the report page. The page
 * adds nothing of its own: every figure, unit and sentence is in here, verdict first.
 */
import type {
  CheckStats,
  EnvironmentFingerprint,
  ErrorStats,
  ExceptionStats,
  GeneratorHealth,
  MetricData,
} from "./run-result.ts";
import type { RunVerdict } from "./run-verdict.ts";

/** Version of {@link ReportModel}; fields are only ever added. */
export const REPORT_VERSION = 1;

/** Id of the `<script type="application/json">` element that carries the {@link ReportModel}. */
export const REPORT_DATA_ELEMENT_ID = "report-data";

/** Id of the `<script type="text/plain">` element that carries the results file, gzip then base64. */
export const REPORT_RESULT_ELEMENT_ID = "report-result";

/** A labelled text, already formatted with its unit. */
export interface ReportFact {
  readonly label: string;
  readonly value: string;
}

/** One line of the summary block (total, failures, average, median, P95, P99, max, throughput). */
export interface ReportSummaryLine extends ReportFact {
  /** The figure that the seed document published for the same setting; absent in any other setting. */
  readonly published?: string;
}

/** A row of the request table; the last row of the table is the total, with an empty method. */
export interface ReportRequestRow {
  readonly method: string;
  /** `Aggregated` for the total. */
  readonly name: string;
  readonly requests: number;
  readonly failures: number;
  /** Failures in % of requests, 0-100. */
  readonly failurePercent: number;
  /** Latency from due, ms; null without requests. */
  readonly meanMs: number | null;
  readonly minMs: number | null;
  readonly p50Ms: number | null;
  readonly p90Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  readonly p999Ms: number | null;
  readonly maxMs: number | null;
  /** Latency from sent, ms: lower than from due when the generator or a pool made requests wait. */
  readonly sentP50Ms: number | null;
  readonly sentP95Ms: number | null;
  readonly sentP99Ms: number | null;
  readonly requestsPerSec: number;
  readonly failuresPerSec: number;
  /** Mean size of the answers' bodies, bytes. */
  readonly meanBodyBytes: number;
}

/** How a line is to be coloured; the page picks the colours for light and dark. */
export type ReportSeriesRole =
  | "rate"
  | "failure"
  | "users"
  | "p50"
  | "p95"
  | "p99"
  | "max"
  | "mean"
  | "bound"
  | "neutral";

/** One line (or bars) of a chart. */
export interface ReportSeries {
  readonly label: string;
  readonly role: ReportSeriesRole;
  /** One value per entry of the chart's `x`; null where there is none. */
  readonly values: readonly (number | null)[];
  /** Which y axis: `left` (the chart's `unit`) or `right` (`rightUnit`). */
  readonly axis: "left" | "right";
}

/** A marked stretch of the time axis: a phase of the load, a fault, a window. */
export interface ReportBand {
  readonly label: string;
  readonly fromSec: number;
  readonly toSec: number;
  readonly kind: "phase" | "fault" | "window";
}

/** A chart over aligned data (uPlot's form: one x array, one array per series). */
export interface ReportChart {
  /** Stable: `rate`, `latency`, `users`, `errors`, `distribution`, `histogram`, `observed-<name>`. */
  readonly id: string;
  readonly title: string;
  /** One sentence that says what is seen, for the caption. */
  readonly caption: string;
  /** `line` over time, `bars`, or `percentiles` (x is a percentile below 100, drawn on the scale 1 / (1 - x / 100)). */
  readonly kind: "line" | "bars" | "percentiles";
  /** Unit of x: `s` (seconds since start), `%` (percentile) or `ms`. */
  readonly xUnit: string;
  readonly unit: string;
  readonly rightUnit: string | null;
  readonly x: readonly number[];
  readonly series: readonly ReportSeries[];
  readonly bands: readonly ReportBand[];
  /** Horizontal lines at the bounds of target rows, in the left unit. */
  readonly bounds: readonly { readonly label: string; readonly value: number }[];
}

/** A table beyond the fixed ones, such as figures per phase or per hour. */
export interface ReportTable {
  readonly id: string;
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly note: string;
}

/** Everything that one report shows. */
export interface ReportModel {
  readonly reportVersion: number;
  /** Id of the results file. */
  readonly runId: string;
  readonly scenario: string;
  readonly description: string;
  readonly generatedAtMs: number;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  /** Null when the run was not judged against a table. */
  readonly verdict: RunVerdict | null;
  /** Whether the generator delivered the load; the bound check's reasons stand in the verdict. */
  readonly health: GeneratorHealth;
  readonly summary: readonly ReportSummaryLine[];
  /** Sentence about the published figures beside the summary (such as that they do not add up), or empty. */
  readonly publishedNote: string;
  /** Host, users, spawn rate, duration, executors, seed, hash of the scenario. */
  readonly facts: readonly ReportFact[];
  /** Sentences the reader must know: scenario notes, stopped early, contradictions of the table. */
  readonly notes: readonly string[];
  /** Sorted by name then method, the total last. */
  readonly requests: readonly ReportRequestRow[];
  readonly charts: readonly ReportChart[];
  readonly tables: readonly ReportTable[];
  readonly errors: readonly ErrorStats[];
  readonly exceptions: readonly ExceptionStats[];
  readonly checks: readonly CheckStats[];
  readonly metrics: readonly MetricData[];
  /** Relative share of each task per user class, as planned. */
  readonly tasks: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly environment: EnvironmentFingerprint;
}
