import type { LiveRow, LiveSnapshot } from "#load";
import { csvLine, float } from "../reports/csv-text.ts";
import { STATS_COLUMNS, sortRequests } from "../reports/locust-csv.ts";
import { type LocustStats, type LocustStatsEntry, locustStats } from "../reports/locust-json.ts";

/** The body of `/stats/requests` while a run is under way. */
export function locustStatsOfSnapshot(snapshot: LiveSnapshot, state: string): LocustStats {
  const isDistributed = snapshot.workers.length > 1;
  return locustStats({
    entries: snapshot.rows.map((row) => toEntry(row)),
    total: { ...toEntry(snapshot.total), method: "", name: "Aggregated" },
    errors: snapshot.errors,
    currentP50Ms: snapshot.current.p50Ms,
    currentP95Ms: snapshot.current.p95Ms,
    state,
    users: snapshot.users,
    ...(isDistributed
      ? {
          workers: snapshot.workers.map((worker) => ({
            id: worker.id,
            state: worker.state,
            user_count: worker.users,
            cpu_usage: worker.cpuPercent,
            memory_usage: worker.memoryBytes,
          })),
        }
      : {}),
  });
}

/** `_stats.csv` while a run is under way: the percentiles a snapshot knows, `N/A` for the others. */
export function statsCsvOfSnapshot(snapshot: LiveSnapshot): string {
  const line = (row: LiveRow, method: string, name: string) => {
    const known: Readonly<Record<string, number>> = {
      "50%": row.medianMs,
      "95%": row.p95Ms,
      "99%": row.p99Ms,
      "100%": row.maxMs,
    };
    const percentiles = STATS_COLUMNS.slice(11).map((column) => {
      const value = known[column];
      return value === undefined || row.requests === 0 ? "N/A" : Math.round(value);
    });
    return csvLine([
      method,
      name,
      row.requests,
      row.failures,
      ...[row.medianMs, row.averageMs, row.minMs, row.maxMs, row.averageBodyBytes].map(float),
      float(row.totalRps),
      float(row.totalFailuresPerSec),
      ...percentiles,
    ]);
  };
  return [
    csvLine(STATS_COLUMNS),
    ...sortRequests(snapshot.rows).map((row) => line(row, row.method, row.name)),
    line(snapshot.total, "", "Aggregated"),
  ].join("");
}

function toEntry(row: LiveRow): LocustStatsEntry {
  return {
    method: row.method,
    name: row.name,
    num_requests: row.requests,
    num_failures: row.failures,
    min_response_time: row.minMs,
    max_response_time: row.maxMs,
    current_rps: row.currentRps,
    current_fail_per_sec: row.currentFailuresPerSec,
    avg_response_time: row.averageMs,
    median_response_time: row.medianMs,
    total_rps: row.totalRps,
    total_fail_per_sec: row.totalFailuresPerSec,
    "response_time_percentile_0.95": row.p95Ms,
    "response_time_percentile_0.99": row.p99Ms,
    avg_content_length: row.averageBodyBytes,
  };
}
