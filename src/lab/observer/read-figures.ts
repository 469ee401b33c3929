/** Numbers out of what a system under test tells of itself, as flat names. */

/** Depth to which JSON is read. */
const MAX_DEPTH = 5;

/** Every finite number of a JSON value by its path, such as `system.cpu_percent`; arrays are left out. */
export function numbersOfJson(
  value: unknown,
  into = new Map<string, number>(),
  path = "",
): Map<string, number> {
  if (typeof value === "number" && Number.isFinite(value) && path !== "") into.set(path, value);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return into;
  if (path.split(".").length > MAX_DEPTH) return into;
  for (const [key, child] of Object.entries(value))
    numbersOfJson(child, into, path === "" ? key : `${path}.${key}`);
  return into;
}

/**
 * The samples of a Prometheus text exposition (format 0.0.4), summed over labels: that keeps counters right and the number
 * of series small. Histogram buckets and quantiles are left out; their `_sum` and `_count` stay.
 */
export function numbersOfPrometheus(text: string): Map<string, number> {
  const sums = new Map<string, number>();
  for (const line of text.split("\n")) {
    const match = /^([a-zA-Z_:][\w:]*)(\{[^}]*\})?\s+(\S+)/.exec(line);
    const [, name, labels = "", figure] = match ?? [];
    if (name === undefined || name.endsWith("_bucket") || /\b(?:quantile|le)="/.test(labels)) continue;
    const value = Number(figure);
    if (Number.isFinite(value)) sums.set(name, (sums.get(name) ?? 0) + value);
  }
  return sums;
}
