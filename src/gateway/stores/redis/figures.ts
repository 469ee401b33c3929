import type { MetricFamily } from "../../metrics/family.ts";
import { LatencyHistogram } from "../../metrics/latency-histogram.ts";

/**
 * `connecting`: no attempt has come to an end yet; `healthy`; `degraded`: connected, but commands time out or fail;
 * `down`: no connection.
 */
export type RedisState = "connecting" | "healthy" | "degraded" | "down";

const STATES: readonly RedisState[] = ["connecting", "healthy", "degraded", "down"];

/** What a link counts. */
export class RedisCounters {
  commands = 0;
  timeouts = 0;
  refusals = 0;
  /** Commands that failed because there was no usable connection or the circuit was open. */
  unavailable = 0;
  readonly latency = new LatencyHistogram();
}

/** What a link looks at when asked. */
export interface RedisGauges {
  readonly state: RedisState;
  readonly connections: number;
  readonly maxConnections: number;
  readonly unanswered: number;
  readonly waits: number;
  readonly exhausted: number;
  readonly circuitOpened: number;
  readonly messages: number;
}

/** The link's metrics. */
export function redisFamilies(counters: RedisCounters, gauges: RedisGauges): MetricFamily[] {
  return [
    {
      name: "rampart_redis_state",
      type: "gauge",
      help: "1 for the state that the connection to Redis is in.",
      merge: "max",
      samples: STATES.map((state) => ({ value: state === gauges.state ? 1 : 0, labels: { state } })),
    },
    counter("rampart_redis_commands_total", "Commands sent to Redis.", counters.commands),
    {
      name: "rampart_redis_failures_total",
      type: "counter",
      help: "Redis commands without a usable answer, by reason.",
      samples: [
        { value: counters.timeouts, labels: { reason: "timeout" } },
        { value: counters.refusals, labels: { reason: "refused" } },
        { value: counters.unavailable, labels: { reason: "unavailable" } },
        { value: gauges.exhausted, labels: { reason: "exhausted" } },
      ],
    },
    {
      name: "rampart_redis_command_duration_seconds",
      type: "histogram",
      help: "Time until Redis answered.",
      samples: [],
      histograms: [{ histogram: counters.latency.snapshot() }],
    },
    gauge("rampart_redis_pool_connections", "Open connections to Redis.", gauges.connections),
    gauge("rampart_redis_pool_max_connections", "Most connections to Redis.", gauges.maxConnections),
    gauge("rampart_redis_pool_commands", "Redis commands without an answer yet.", gauges.unanswered),
    counter(
      "rampart_redis_pool_waits_total",
      "Commands sent while every connection had its share of unanswered ones.",
      gauges.waits,
    ),
    counter(
      "rampart_redis_circuit_opened_total",
      "How often Redis was given up for a while.",
      gauges.circuitOpened,
    ),
    counter("rampart_redis_messages_total", "Messages received from channels.", gauges.messages),
  ];
}

function counter(name: string, help: string, value: number): MetricFamily {
  return { name, type: "counter", help, samples: [{ value }] };
}

function gauge(name: string, help: string, value: number): MetricFamily {
  return { name, type: "gauge", help, samples: [{ value }] };
}
