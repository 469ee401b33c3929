import { InvalidArgumentError } from "commander";
import { parseTimeSpanSec } from "#shared";

/** Parses a time span for a flag. @returns seconds */
export function timeSpan(text: string): number {
  try {
    return parseTimeSpanSec(text);
  } catch {
    throw new InvalidArgumentError("expected a time span like 300, 20s, 3m or 1h30m");
  }
}

/** Gathers the values of a repeatable flag. */
export function collect(value: string, values: string[]): string[] {
  return [...values, value];
}

/** Gathers `key=value` pairs of a repeatable flag. */
export function collectPair(text: string, pairs: Record<string, string>): Record<string, string> {
  const at = text.indexOf("=");
  if (at <= 0) throw new InvalidArgumentError("expected key=value");
  return { ...pairs, [text.slice(0, at)]: text.slice(at + 1) };
}
