import type { MetricFamily } from "../../metrics/family.ts";

/** What is known of a database without asking it. */
export interface DatabaseFigures {
  /** Whether the last statement was answered; null before the first. */
  readonly isHealthy: boolean | null;
  /** Time the last answered statement took, ms; null before the first. */
  readonly latencyMs: number | null;
  /** Connections of the pool: open, of these idle, and callers that wait for one. */
  readonly connections: number;
  readonly idle: number;
  readonly waiting: number;
  readonly maxConnections: number;
  /** Callers that got no connection in time because all were in use. */
  readonly exhausted: number;
  /** Statements that failed. */
  readonly failures: number;
}

/** The figures as metrics. */
export function databaseFamilies(figures: DatabaseFigures): readonly MetricFamily[] {
  const { isHealthy, latencyMs, connections, idle, waiting, maxConnections, exhausted, failures } = figures;
  return [
    {
      name: "rampart_database_up",
      type: "gauge",
      help: "1 while PostgreSQL answers.",
      merge: "min",
      samples: [{ value: isHealthy === true ? 1 : 0 }],
    },
    {
      name: "rampart_database_latency_seconds",
      type: "gauge",
      help: "Time of the last statement that PostgreSQL answered.",
      merge: "max",
      samples: [{ value: (latencyMs ?? 0) / 1000 }],
    },
    {
      name: "rampart_database_pool_connections",
      type: "gauge",
      help: "Connections to PostgreSQL by state; waiting: callers without one.",
      samples: [
        { labels: { state: "total" }, value: connections },
        { labels: { state: "idle" }, value: idle },
        { labels: { state: "waiting" }, value: waiting },
        { labels: { state: "max" }, value: maxConnections },
      ],
    },
    {
      name: "rampart_database_pool_exhausted_total",
      type: "counter",
      help: "Callers that got no connection in time because all were in use.",
      samples: [{ value: exhausted }],
    },
    {
      name: "rampart_database_failures_total",
      type: "counter",
      help: "Statements that PostgreSQL refused or did not answer.",
      samples: [{ value: failures }],
    },
  ];
}
