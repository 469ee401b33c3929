/** The metrics a target row may name, with their units. How each is measured stands in `../verdict/`. */

/** What a metric needs to be measured. */
export interface MetricSpec {
  /** Accepted units and the factor to the base unit (the first one). */
  readonly units: Readonly<Record<string, number>>;
  /** True when the row has to say `of:`. */
  readonly needsSubject: boolean;
  /** True when the metric exists per endpoint. */
  readonly perEndpoint: boolean;
  readonly about: string;
}

const MS = { ms: 1, s: 1000 };
const PERCENT = { "%": 1 };
const COUNT = { "": 1 };
const MEGABYTES = { MB: 1, GB: 1000, MiB: 1.048576 };
const ENDPOINT = { needsSubject: false, perEndpoint: true };
const RUN = { needsSubject: false, perEndpoint: false };

/** The catalogue; percentiles (`p50`, `p99.9`) are matched by {@link metricSpec}. */
export const METRICS: Readonly<Record<string, MetricSpec>> = {
  avg: { units: MS, ...ENDPOINT, about: "mean latency from due" },
  min: { units: MS, ...ENDPOINT, about: "smallest latency from due" },
  max: { units: MS, ...ENDPOINT, about: "largest latency from due" },
  rate: { units: { "req/s": 1, "images/s": 1, "events/s": 1 }, ...ENDPOINT, about: "requests / duration" },
  requests: { units: COUNT, ...ENDPOINT, about: "requests finished" },
  failures: { units: COUNT, ...ENDPOINT, about: "requests failed" },
  error_rate: { units: PERCENT, ...ENDPOINT, about: "failed requests / requests" },
  success_rate: { units: PERCENT, ...ENDPOINT, about: "requests that did not fail / requests" },
  errors: {
    units: COUNT,
    needsSubject: true,
    perEndpoint: true,
    about: "failed requests of one error family or HTTP status",
  },
  check_fails: {
    units: COUNT,
    needsSubject: true,
    perEndpoint: false,
    about: "failed evaluations of a check, by its name or the start of it followed by *",
  },
  custom: {
    units: { "": 1, ms: 1, s: 1, "%": 1, "tokens/s": 1, x: 1, MB: 1, "images/s": 1 },
    needsSubject: true,
    perEndpoint: false,
    about: "a custom metric of the scenario, by its name",
  },
  users: { units: COUNT, ...RUN, about: "largest number of users at one time" },
  connections: { units: COUNT, ...RUN, about: "largest number of WebSocket connections at one time" },
  duration: { units: { s: 1, min: 60, h: 3600 }, ...RUN, about: "length of the run" },
  spawn_rate: { units: { "users/s": 1 }, ...RUN, about: "planned users started per second" },
  exceptions: { units: COUNT, ...RUN, about: "exceptions thrown by user code" },
  cpu: { units: PERCENT, ...RUN, about: "mean CPU of the system under test in % of the cores it was given" },
  cpu_max: { units: PERCENT, ...RUN, about: "highest CPU sample in % of the cores it was given" },
  memory: { units: PERCENT, ...RUN, about: "mean memory in % of the instance's limit" },
  memory_used: { units: MEGABYTES, ...RUN, about: "largest memory of one instance" },
  memory_growth: { units: MEGABYTES, ...RUN, about: "memory at the end minus at the start" },
  leak_suspects: {
    units: COUNT,
    ...RUN,
    about: "observed series that grow without end (robust slope with confidence)",
  },
  db_pool: { units: PERCENT, ...RUN, about: "largest share of the database pool in use" },
  redis_connections: { units: COUNT, ...RUN, about: "largest number of Redis connections of one instance" },
  cache_hit_rate: { units: PERCENT, ...RUN, about: "cache hits / look-ups over the run" },
  uptime: { units: PERCENT, ...RUN, about: "share of one-per-second health probes answered 200 within 1 s" },
  scale_ups: { units: COUNT, ...RUN, about: "times the system under test added a worker" },
  restarts: { units: COUNT, ...RUN, about: "times the system under test started anew during the run" },
  events_lost: { units: COUNT, ...RUN, about: "audit events missing against requests answered" },
  recovery_time: {
    units: { s: 1, ms: 0.001 },
    ...RUN,
    about: "time from the end of a burst to normal latency",
  },
  latency_growth: {
    units: PERCENT,
    ...RUN,
    about: "mean latency of the last hour against the first, growth",
  },
  connection_success_rate: { units: PERCENT, ...RUN, about: "WebSocket connections opened / asked for" },
  message_latency: { units: MS, ...RUN, about: "mean time from an event's ts to its receipt" },
  connection_drops: { units: COUNT, ...RUN, about: "WebSocket connections lost before the end" },
};

const PERCENTILE: MetricSpec = { units: MS, ...ENDPOINT, about: "percentile of the latency from due" };

/** The percentile a metric name stands for (`p99.9` → 99.9), or null when it is none. */
export function percentileOfMetric(metric: string): number | null {
  const match = /^p(\d{1,2}(?:\.\d+)?)$/.exec(metric);
  return match === null ? null : Number(match[1]);
}

/** The catalogue's entry for a metric name, percentiles included; undefined when there is none. */
export function metricSpec(metric: string): MetricSpec | undefined {
  return percentileOfMetric(metric) === null ? METRICS[metric] : PERCENTILE;
}
