import type { AuditExchange } from "./query.ts";

const COLUMNS: readonly [string, (record: AuditExchange) => string | number | null][] = [
  ["time", ({ ts }) => new Date(ts).toISOString()],
  ["seq", ({ seq }) => seq],
  ["request_id", ({ requestId }) => requestId],
  ["tenant", ({ tenant }) => tenant],
  ["customer", ({ customer }) => customer],
  ["role", ({ role }) => role],
  ["route", ({ route }) => route],
  ["provider", ({ provider }) => provider],
  ["model", ({ model }) => model],
  ["status", ({ status }) => status],
  ["action", ({ action }) => action],
  [
    "findings",
    ({ findingsByType }) => joined(Object.entries(findingsByType).map(([type, n]) => `${type}:${n}`)),
  ],
  ["injection_score", ({ injection }) => injection?.score ?? null],
  ["injection_level", ({ injection }) => injection?.level ?? null],
  ["injection_types", ({ injection }) => joined(injection?.types ?? [])],
  ["guards", ({ guards }) => joined(guards)],
  ["fail_mode", ({ failMode }) => failMode],
  ["error_code", ({ errorCode }) => errorCode],
  ["duration_ms", ({ durationMs }) => durationMs],
  ["hash", ({ hash }) => hash],
];

/** First line of the CSV form (RFC 4180). */
export const AUDIT_CSV_HEADER = COLUMNS.map(([name]) => name).join(",");

/** One request as a line of CSV (RFC 4180), without the line's end. */
export function auditCsvLine(record: AuditExchange): string {
  return COLUMNS.map(([, cellOf]) => quoted(cellOf(record))).join(",");
}

function joined(values: readonly string[]): string {
  return values.join(" ");
}

function quoted(value: string | number | null): string {
  const text = value === null ? "" : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
