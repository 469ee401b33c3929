/** Shapes of a target table: the figures a run is judged against. */

/** How a measured value is compared with the bound; `between` includes both ends. */
export type TargetOperator = "<" | "<=" | ">" | ">=" | "=" | "between";

/**
 * What a breach means: `critical` fails the run, `warning` warns, `condition` says under which load the figures hold
 * (a run under another load warns and says so).
 */
export type TargetLevel = "critical" | "warning" | "condition";

/** One row: one figure, where it comes from, and which scenarios it speaks about. */
export interface TargetRow {
  /** Stable within the table: lower-case letters, digits, dots and dashes. */
  readonly id: string;
  readonly label: string;
  /** A metric of the catalogue, such as `p95`, `rate`, `cpu`. */
  readonly metric: string;
  /** Names of requests, all that match are judged together; a leading method (`GET /health`) narrows it. Empty = whole run. */
  readonly endpoints: readonly string[];
  /** What the metric is about where it needs a subject (`check_fails`, `errors`, `custom`); else null. */
  readonly of: string | null;
  readonly op: TargetOperator;
  readonly bound: number;
  /** Upper end of `between`; else null. */
  readonly upper: number | null;
  readonly unit: string;
  /** A tighter bound (same operator) whose breach warns; null = none. */
  readonly warning: number | null;
  readonly level: TargetLevel;
  /** Judged is the level held for this many seconds without a break; null = the whole run. */
  readonly sustainedSec: number | null;
  /** Scenario names it applies to; `*` = every scenario. */
  readonly scenarios: readonly string[];
  /** Places in the document, such as `line 122, "1. Light Load (Development)"`. */
  readonly sources: readonly string[];
  readonly note: string;
}

/** Figures a document published for one named setting: shown beside ours, never judged. */
export interface PublishedFigures {
  readonly id: string;
  readonly scenario: string;
  readonly setting: string;
  /** Planned duration of that setting, seconds; null when the document names none. */
  readonly durationSec: number | null;
  /** Phase of the run the figures are about, or null for the whole. */
  readonly phase: string | null;
  /** Metric name → value in the metric's base unit (ms, req/s, %, requests, MB). */
  readonly figures: Readonly<Record<string, number>>;
  readonly source: string;
  /** What does not add up in them; empty when nothing was found. */
  readonly note: string;
}

/** One table. */
export interface TargetTable {
  readonly name: string;
  readonly title: string;
  /** The document the rows come from. */
  readonly document: string;
  /** Contradictions and readings of the document, one sentence each. */
  readonly notes: readonly string[];
  readonly rows: readonly TargetRow[];
  readonly published: readonly PublishedFigures[];
}
