/**
 * Thresholds in k6's syntax: `aggregation operator number`, keyed by a metric or a part of it such as
 * `http_req_duration{name:chat}`. Source: k6 `metrics/thresholds_parser.go` and its documentation.
 */
import { RampartError } from "#shared";
import type { ThresholdSpec } from "../model/scenario-types.ts";

/** What of a metric is compared. */
export type Aggregation =
  | { readonly kind: "count" | "rate" | "value" | "avg" | "min" | "max" | "med" }
  | { readonly kind: "percentile"; readonly percent: number };

/** How it is compared; `===` means `==`. */
export type Comparison = ">" | ">=" | "<" | "<=" | "==" | "!=";

/** One threshold, parsed. */
export interface Threshold {
  /** Key as written. */
  readonly key: string;
  readonly metric: string;
  /** Tags of the part of the metric: `name`, `method`; empty = all of it. */
  readonly tags: Readonly<Record<string, string>>;
  /** Expression as written. */
  readonly expression: string;
  readonly aggregation: Aggregation;
  readonly comparison: Comparison;
  readonly bound: number;
  readonly abortOnFail: boolean;
  readonly delayAbortEvalSec: number;
  readonly windowSec: number | null;
}

const EXPRESSION =
  /^\s*(count|rate|value|avg|min|max|med|p\(\s*(\d{1,3}(?:\.\d+)?)\s*\))\s*(>=|<=|===|==|!=|>|<)\s*(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)\s*$/;
/** Tags that a part of a metric can be told by. */
const KNOWN_TAGS: ReadonlySet<string> = new Set(["name", "method"]);

/** Parses all thresholds of a scenario. @throws RMP_LOAD_SCENARIO_INVALID naming the one that cannot be read */
export function parseThresholds(
  thresholds: Readonly<Record<string, readonly ThresholdSpec[]>>,
): readonly Threshold[] {
  return Object.entries(thresholds).flatMap(([key, specs]) => specs.map((spec) => parseThreshold(key, spec)));
}

/** Parses one threshold. @throws RMP_LOAD_SCENARIO_INVALID */
export function parseThreshold(key: string, spec: ThresholdSpec): Threshold {
  const options = typeof spec === "string" ? { threshold: spec } : spec;
  const match = EXPRESSION.exec(options.threshold);
  if (match === null)
    throw invalid(key, `"${options.threshold}" is no threshold such as p(95)<200, rate<0.01 or count>100`);
  const [, aggregation = "", percent, comparison = "", bound = ""] = match;
  if (percent !== undefined && Number(percent) > 100)
    throw invalid(key, "a percentile lies between 0 and 100");
  const windowSec = options.windowSec ?? null;
  if (windowSec !== null && !(windowSec >= 1)) throw invalid(key, "windowSec must be at least 1 second");
  return {
    key,
    ...parseKey(key),
    expression: options.threshold,
    aggregation:
      percent === undefined
        ? // The expression lets through exactly these words beside percentiles.
          { kind: aggregation as Exclude<Aggregation["kind"], "percentile"> }
        : { kind: "percentile", percent: Number(percent) },
    comparison: (comparison === "===" ? "==" : comparison) as Comparison,
    bound: Number(bound),
    abortOnFail: options.abortOnFail ?? false,
    delayAbortEvalSec: options.delayAbortEvalSec ?? 0,
    windowSec,
  };
}

/** Whether a measured value keeps the bound. */
export function holds(value: number, comparison: Comparison, bound: number): boolean {
  switch (comparison) {
    case ">":
      return value > bound;
    case ">=":
      return value >= bound;
    case "<":
      return value < bound;
    case "<=":
      return value <= bound;
    case "==":
      return value === bound;
    case "!=":
      return value !== bound;
  }
}

function parseKey(key: string): { metric: string; tags: Readonly<Record<string, string>> } {
  const match = /^\s*([^{}\s]+)\s*(?:\{([^{}]*)\})?\s*$/.exec(key);
  if (match === null) throw invalid(key, "is no metric name, optionally with tags in braces");
  const tags: Record<string, string> = {};
  for (const part of (match[2] ?? "").split(",").filter((text) => text.trim() !== "")) {
    const colon = part.indexOf(":");
    const tag = part.slice(0, colon).trim();
    if (colon < 1 || !KNOWN_TAGS.has(tag)) throw invalid(key, "tags are name:… and method:…");
    tags[tag] = part.slice(colon + 1).trim();
  }
  return { metric: match[1]!, tags };
}

function invalid(key: string, problem: string): RampartError {
  return new RampartError("RMP_LOAD_SCENARIO_INVALID", `threshold ${key}: ${problem}`, { field: key });
}
