import type { MockConfig } from "#contract";
import { RampartError } from "#shared";

/** {@link MockConfig} with every optional field filled in. */
export type MockSettings = Required<MockConfig>;

/** Settings that belong to the whole mock, not to one request. */
const SHARED_FIELDS: ReadonlySet<string> = new Set(["recordLimit", "recordBytes", "rateLimitPerMin"]);

/** One hour: even the longest draw of any distribution (27 times the centre) stays within a timer's 2^31 ms. */
const MAX_TTFT_MS = 3_600_000;

/** Default behaviour: no delay, no fault, the user's text quoted back word by word. */
export const DEFAULT_MOCK_SETTINGS: MockSettings = {
  seed: 1,
  ttftMs: 0,
  tokensPerSec: 0,
  latencyDistribution: "constant",
  errorRate: 0,
  errorStatus: 500,
  errorBurstEvery: 0,
  errorBurstLength: 0,
  retryAfterSec: 1,
  rateLimitPerMin: 0,
  chunking: "event",
  chunkBytes: 16,
  charsPerEvent: 0,
  fault: "none",
  faultRate: 1,
  faultAfterEvents: 0,
  toolCall: "auto",
  bodyLimitBytes: 32 * 1024 * 1024,
  recordLimit: 10_000,
  recordBytes: 64 * 1024 * 1024,
  answer: "echo",
};

/** Says what is wrong with a value, or nothing. */
type Rule = (value: unknown) => string | undefined;

const RULES: Readonly<Record<keyof MockSettings, Rule>> = {
  seed: wholeNumber(-(2 ** 31), 2 ** 32 - 1),
  ttftMs: anyNumber(0, MAX_TTFT_MS),
  tokensPerSec: anyNumber(0, 1_000_000),
  latencyDistribution: oneOf("constant", "uniform", "exponential", "lognormal"),
  errorRate: anyNumber(0, 1),
  errorStatus: wholeNumber(400, 599),
  errorBurstEvery: wholeNumber(0, 1_000_000_000),
  errorBurstLength: wholeNumber(0, 1_000_000_000),
  retryAfterSec: wholeNumber(0, 86_400),
  rateLimitPerMin: wholeNumber(0, 1_000_000_000),
  chunking: oneOf("event", "bytes", "random"),
  chunkBytes: wholeNumber(1, 1024 * 1024),
  charsPerEvent: wholeNumber(0, 1024 * 1024),
  fault: oneOf("none", "hang", "reset", "cut", "stall", "garbage"),
  faultRate: anyNumber(0, 1),
  faultAfterEvents: wholeNumber(0, 1_000_000),
  toolCall: oneOf("auto", "always", "never"),
  bodyLimitBytes: wholeNumber(1, 512 * 1024 * 1024),
  recordLimit: wholeNumber(1, 10_000_000),
  recordBytes: wholeNumber(1024, 4 * 1024 * 1024 * 1024),
  answer: oneOf("echo", "fixed"),
};

/**
 * Settings with some fields changed.
 * @param change fields to change, as received; unknown fields are refused
 * @param scope `request` refuses the fields that only make sense for the whole mock (record bounds, rate limit)
 * @throws RMP_CONFIG_INVALID naming the first wrong field
 */
export function changeSettings(
  settings: MockSettings,
  change: unknown,
  scope: "mock" | "request" = "mock",
): MockSettings {
  if (typeof change !== "object" || change === null || Array.isArray(change))
    throw new RampartError("RMP_CONFIG_INVALID", "the mock's configuration must be a JSON object");
  for (const [field, value] of Object.entries(change)) {
    const problem = problemOf(field, value, scope);
    if (problem !== undefined)
      throw new RampartError("RMP_CONFIG_INVALID", `${field}: ${problem}`, { field });
  }
  // Every entry has just been checked against the rule of its field.
  const changed = { ...settings, ...(change as Partial<MockSettings>) };
  if (changed.errorBurstLength > changed.errorBurstEvery)
    throw new RampartError("RMP_CONFIG_INVALID", "errorBurstLength: must not exceed errorBurstEvery", {
      field: "errorBurstLength",
    });
  return changed;
}

function problemOf(field: string, value: unknown, scope: "mock" | "request"): string | undefined {
  if (!Object.hasOwn(RULES, field)) return "is no field of the mock's configuration";
  if (scope === "request" && SHARED_FIELDS.has(field)) return "cannot be set for one request";
  // hasOwn above: the name is a key of the table.
  return RULES[field as keyof MockSettings](value);
}

function anyNumber(min: number, max: number): Rule {
  return (value) =>
    typeof value === "number" && value >= min && value <= max
      ? undefined
      : `must be a number from ${min} to ${max}`;
}

function wholeNumber(min: number, max: number): Rule {
  return (value) =>
    typeof value === "number" && Number.isInteger(value) && value >= min && value <= max
      ? undefined
      : `must be a whole number from ${min} to ${max}`;
}

function oneOf(...names: readonly string[]): Rule {
  return (value) =>
    typeof value === "string" && names.includes(value) ? undefined : `must be one of ${names.join(", ")}`;
}
