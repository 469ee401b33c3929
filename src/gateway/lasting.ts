import type { Socket } from "node:net";
import { isDeepStrictEqual } from "node:util";
import type { CacheConfig, GatewayConfig } from "#contract";
import type { Guard } from "#detect";
import { type EpochClock, type MonotonicClock, randomHex, systemRandom } from "#shared";
import { type Audit, createAudit } from "./audit/audit.ts";
import { Caches } from "./cache/caches.ts";
import type { Exchange } from "./exchange.ts";
import { LimitLedger } from "./limits/ledger.ts";
import { createLog, type Log } from "./logs/log.ts";
import { GatewayMetrics } from "./metrics/gateway-metrics.ts";
import { createRecentRate, type RecentRate } from "./metrics/recent-rate.ts";
import { createSystemSampler, type SystemSampler } from "./metrics/system-sampler.ts";
import { createInstanceOutlet } from "./monitor/instance-outlet.ts";
import { createMonitor, type Monitor } from "./monitor/monitor.ts";
import { createProcessOutlet, type ProcessPeers } from "./monitor/process-outlet.ts";
import { createSessions, type Sessions } from "./sessions.ts";
import { SlotList } from "./slot-list.ts";
import { createRedisLink, type RedisLink } from "./stores/redis-link.ts";
import { createTracing, type Tracing } from "./telemetry/tracing.ts";

/** What outlives a change of the configuration: figures, connections, monitor, audit log. */
export interface Lasting {
  readonly clock: MonotonicClock;
  readonly epoch: EpochClock;
  /** Monotonic time of the start, ms. */
  readonly startedMs: number;
  readonly hashKey: Uint8Array;
  readonly metrics: GatewayMetrics;
  readonly system: SystemSampler;
  readonly requestRate: RecentRate;
  readonly monitor: Monitor;
  readonly audit: Audit;
  readonly log: Log;
  /** Null when nothing is traced. */
  readonly tracing: Tracing | null;
  /** The way to Redis; null when none is configured. */
  readonly redis: RedisLink | null;
  /** What was used of the limits is remembered over a change of the configuration. */
  readonly limitLedger: LimitLedger;
  readonly connections: Set<Socket>;
  readonly active: SlotList<Exchange>;
  /** Conversations keep their placeholders over a change of the configuration. */
  readonly sessions: Sessions;
  /** Kept over a change that leaves their section as it is. */
  caches: Caches;
  /** The guard of the current configuration. */
  guard: Guard;
  isDraining: boolean;
}

/** What the lasting parts need to know. */
export interface LastingOptions {
  readonly config: GatewayConfig;
  readonly guard: Guard;
  readonly version: string;
  readonly clock: MonotonicClock;
  readonly epoch: EpochClock;
  /** Told whenever the number of monitor connections changes. */
  readonly onMonitorSize: (connections: number) => void;
  /** The other processes of this gateway, when there are any. */
  readonly peers: ProcessPeers | undefined;
}

/** Makes the parts of a gateway that are made once. */
export function createLasting(options: LastingOptions): Lasting {
  const { config, version, clock, epoch, onMonitorSize, peers } = options;
  const instance = peers?.instance ?? randomHex(8);
  const metrics = new GatewayMetrics();
  const redis = createRedisLink(config.redis, clock);
  const lasting: Lasting = {
    clock,
    epoch,
    startedMs: clock(),
    hashKey: Buffer.from(randomHex(32), "hex"),
    metrics,
    system: createSystemSampler(clock),
    requestRate: createRecentRate(clock, () => metrics.requests),
    monitor: createMonitor({
      config: config.monitor,
      clock,
      epoch,
      onSize: onMonitorSize,
      outlets: (hear) => [
        ...(peers === undefined ? [] : [createProcessOutlet(peers, hear)]),
        ...(redis === null ? [] : [createInstanceOutlet({ redis, instance, clock, hear })]),
      ],
    }),
    tracing: createTracing({ config: config.telemetry, version, clock, epoch, random: systemRandom }),
    log: createLog({ config: config.logs, clock, epoch }),
    audit: createAudit({ config: config.audit, postgres: config.postgres, version, clock, epoch }),
    redis,
    limitLedger: new LimitLedger(),
    connections: new Set(),
    active: new SlotList(),
    sessions: createSessions(
      { createVault: (binding) => lasting.guard.createVault(binding) },
      config.sessions,
      clock,
    ),
    caches: new Caches(config.cache, redis, clock, epoch),
    guard: options.guard,
    isDraining: false,
  };
  return lasting;
}

/** Runs `make` with caches that fit the next configuration; when it throws, those that were there stay. */
export function withCaches<T>(lasting: Lasting, now: CacheConfig, next: CacheConfig, make: () => T): T {
  const kept = lasting.caches;
  if (!isDeepStrictEqual(now, next))
    lasting.caches = new Caches(next, lasting.redis, lasting.clock, lasting.epoch);
  try {
    return make();
  } catch (error) {
    lasting.caches = kept;
    throw error;
  }
}
