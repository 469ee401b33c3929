import pc from "picocolors";
import type { LiveRow, LiveSnapshot } from "#load";
import { formatTimeSpan } from "#shared";

/** Seconds between live tables, as Locust prints them. */
export const TABLE_EVERY_SEC = 2;

/** Columns of the table: title, width, text of a row. Latencies in ms. */
const COLUMNS: readonly { title: string; width: number; text: (row: LiveRow) => string }[] = [
  { title: "# reqs", width: 9, text: (row) => String(row.requests) },
  { title: "# fails", width: 16, text: (row) => `${row.failures} (${failPercent(row)} %)` },
  { title: "Avg", width: 8, text: (row) => ms(row.averageMs, row) },
  { title: "Min", width: 8, text: (row) => ms(row.minMs, row) },
  { title: "Max", width: 8, text: (row) => ms(row.maxMs, row) },
  { title: "Med", width: 8, text: (row) => ms(row.medianMs, row) },
  { title: "P95", width: 8, text: (row) => ms(row.p95Ms, row) },
  { title: "P99", width: 8, text: (row) => ms(row.p99Ms, row) },
  { title: "req/s", width: 9, text: (row) => row.currentRps.toFixed(1) },
  { title: "fail/s", width: 8, text: (row) => row.currentFailuresPerSec.toFixed(1) },
];

const NAME_WIDTH = 46;

/** The statistics of a moment as a table for the terminal, the total last. */
export function formatLiveTable(snapshot: LiveSnapshot): string {
  const head = `${"Type".padEnd(7)}${"Name".padEnd(NAME_WIDTH)}${COLUMNS.map((column) => column.title.padStart(column.width)).join("")}`;
  const rule = pc.dim("-".repeat(head.length));
  const lines = snapshot.rows.map(formatRow);
  return [
    pc.bold(head),
    rule,
    ...lines,
    rule,
    pc.bold(formatRow({ ...snapshot.total, method: "", name: "Aggregated" })),
  ].join("\n");
}

/** One line of progress: time, users, rate, latency, failures. */
export function formatProgress(snapshot: LiveSnapshot): string {
  const planned =
    snapshot.runTimeSec === null ? "until stopped" : `of ${formatTimeSpan(snapshot.runTimeSec)}`;
  const bar =
    snapshot.runTimeSec === null ? "" : `${progressBar(snapshot.elapsedSec / snapshot.runTimeSec)} `;
  const p95 = snapshot.current.p95Ms === null ? "-" : `${snapshot.current.p95Ms.toFixed(1)} ms`;
  return (
    `${bar}${formatTimeSpan(snapshot.elapsedSec)} ${planned} · ${snapshot.state} · ${snapshot.users} users · ` +
    `${snapshot.total.currentRps.toFixed(1)} req/s · P95 ${p95} · ${snapshot.total.failures} failures`
  );
}

function formatRow(row: LiveRow): string {
  const name = row.name.length >= NAME_WIDTH ? `${row.name.slice(0, NAME_WIDTH - 2)}…` : row.name;
  const text = `${row.method.padEnd(7)}${name.padEnd(NAME_WIDTH)}${COLUMNS.map((column) => column.text(row).padStart(column.width)).join("")}`;
  return row.failures > 0 ? pc.red(text) : text;
}

function ms(value: number, row: LiveRow): string {
  if (row.requests === 0) return "-";
  return value >= 100 ? value.toFixed(0) : value.toFixed(1);
}

function failPercent(row: LiveRow): string {
  return row.requests === 0 ? "0.00" : ((100 * row.failures) / row.requests).toFixed(2);
}

function progressBar(share: number): string {
  const filled = Math.max(0, Math.min(20, Math.round(share * 20)));
  return `[${"█".repeat(filled)}${"░".repeat(20 - filled)}]`;
}
