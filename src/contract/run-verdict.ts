/** How a run was judged: thresholds of the run itself, and the rows of a target table. */

/** One threshold at the end of the run. */
export interface ThresholdResult {
  /** Metric it is about, such as `http_req_duration` or `http_req_duration{name:chat}`. */
  readonly metric: string;
  /** Expression as written, such as `p(95)<200`. */
  readonly threshold: string;
  /** Sliding window in seconds; null = whole run. */
  readonly windowSec: number | null;
  readonly holds: boolean;
  /** Value at the end, in the metric's unit (times in ms); null without samples, which holds. */
  readonly value: number | null;
  /** True when it ended the run early. */
  readonly aborted: boolean;
}

/** PASS, FAIL, INVALID for a run; rows may also be `not-measured`. */
export type RowOutcome = "pass" | "fail" | "warn" | "not-measured";

/** One target row with what was measured. */
export interface TargetRowVerdict {
  /** Stable id of the row within its table, such as `chat-p95`. */
  readonly id: string;
  readonly label: string;
  /** Metric such as `p95`, `error_rate`, `rate`. */
  readonly metric: string;
  /** Endpoint name the row is about; null = whole run. */
  readonly endpoint: string | null;
  /** Bound as text, such as `< 50 ms`. */
  readonly bound: string;
  readonly measured: number | null;
  /** Measured value with its unit, or the reason why it was not measured. */
  readonly measuredText: string;
  readonly outcome: RowOutcome;
  /** Where the row comes from, such as `seed 2, "Response Time (P95)"`. */
  readonly source: string;
  readonly note: string;
}

/** Judgement of a run against a target table. */
export interface RunVerdict {
  readonly outcome: "PASS" | "FAIL" | "INVALID";
  /** One sentence per reason: failed rows, generator limits, bound checks. */
  readonly reasons: readonly string[];
  readonly rows: readonly TargetRowVerdict[];
  /** Name of the target table. */
  readonly targets: string;
}
