import type { RunResult } from "#contract";

/** One series of the observer: `[seconds since start, value]`. */
export type Samples = readonly (readonly [number, number])[];

/** Names of the observer's series and what they hold. */
export const OBSERVED = {
  cpuPercent: "cpu_percent",
  memoryBytes: "memory_bytes",
  memoryPercent: "memory_percent",
  dbPoolPercent: "db_pool_percent",
  redisConnections: "redis_connections",
  cacheHits: "cache_hits_total",
  cacheLookups: "cache_lookups_total",
  probeOk: "probe_ok",
  workers: "workers",
  restarts: "restarts_total",
  eventsLost: "events_lost_total",
} as const;

/** How an observed metric is read off its series; the value is in the metric's base unit. */
interface ObservedMetric {
  readonly series: readonly string[];
  readonly read: (...series: Samples[]) => number;
}

const MEGA = 1e6;

/** Observed metrics by the name that target rows use. */
export const OBSERVED_METRICS: Readonly<Record<string, ObservedMetric>> = {
  cpu: { series: [OBSERVED.cpuPercent], read: mean },
  cpu_max: { series: [OBSERVED.cpuPercent], read: largest },
  memory: { series: [OBSERVED.memoryPercent], read: mean },
  memory_used: { series: [OBSERVED.memoryBytes], read: (samples) => largest(samples) / MEGA },
  memory_growth: { series: [OBSERVED.memoryBytes], read: (samples) => growth(samples) / MEGA },
  db_pool: { series: [OBSERVED.dbPoolPercent], read: largest },
  redis_connections: { series: [OBSERVED.redisConnections], read: largest },
  cache_hit_rate: {
    series: [OBSERVED.cacheHits, OBSERVED.cacheLookups],
    read: (hits, lookups) => (100 * increase(hits)) / Math.max(1, increase(lookups)),
  },
  uptime: { series: [OBSERVED.probeOk], read: (samples) => 100 * mean(samples) },
  scale_ups: { series: [OBSERVED.workers], read: timesUp },
  restarts: { series: [OBSERVED.restarts], read: increase },
  events_lost: { series: [OBSERVED.eventsLost], read: increase },
};

/** The value of an observed metric, or null when its series were not observed. */
export function observedValue(result: RunResult, metric: string): number | null {
  const spec = OBSERVED_METRICS[metric];
  if (spec === undefined) return null;
  const series = spec.series.map((name) => result.observed[name] ?? []);
  return series.some((samples) => samples.length === 0) ? null : spec.read(...series);
}

function mean(samples: Samples): number {
  return samples.reduce((sum, [, value]) => sum + value, 0) / samples.length;
}

function largest(samples: Samples): number {
  return samples.reduce((most, [, value]) => Math.max(most, value), Number.NEGATIVE_INFINITY);
}

/** Median of the last tenth minus median of the first tenth: one odd sample at either end does not decide. */
function growth(samples: Samples): number {
  const tenth = Math.max(1, Math.floor(samples.length / 10));
  return median(samples.slice(-tenth)) - median(samples.slice(0, tenth));
}

function median(samples: Samples): number {
  const sorted = samples.map(([, value]) => value).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** Increase of a counter; a counter that falls was reset and goes on from 0. */
function increase(samples: Samples): number {
  let total = 0;
  for (let index = 1; index < samples.length; index += 1) {
    const before = samples[index - 1]?.[1] ?? 0;
    const now = samples[index]?.[1] ?? 0;
    total += now >= before ? now - before : now;
  }
  return total;
}

function timesUp(samples: Samples): number {
  return samples.filter(([, value], index) => index > 0 && value > (samples[index - 1]?.[1] ?? value)).length;
}
