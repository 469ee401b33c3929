import type { GatewayConfig } from "#contract";
import { type EpochClock, type MonotonicClock, systemRandom } from "#shared";
import type { Exchange, ExchangeSink } from "../exchange.ts";
import type { MetricsSource } from "../metrics/family.ts";
import { createDatabase } from "../stores/postgres/database.ts";
import { type AuditDisk, nodeDisk } from "./disk.ts";
import { isAudited, toDraft } from "./draft.ts";
import { type AuditState, NO_AUDIT } from "./figures.ts";
import { AuditShipper, SHIPPER_CONNECTIONS } from "./shipping/shipper.ts";
import { AuditWriter } from "./writer.ts";

/** The audit log of a gateway. */
export interface Audit extends AuditState {
  /** Told about every finished exchange; queues its facts and returns. */
  readonly sink: ExchangeSink;
  /** Figures of the copy in PostgreSQL; empty without one. */
  readonly sources: readonly MetricsSource[];
  /** Continues the log on disk and begins to copy it; never rejects and does not wait for PostgreSQL. */
  open(): Promise<void>;
  /** Writes what waits, ends the log in good order, copies what it can within a few seconds; never rejects. */
  close(): Promise<void>;
}

/** What a log needs to know. */
export interface AuditOptions {
  readonly config: GatewayConfig["audit"];
  readonly postgres: GatewayConfig["postgres"];
  readonly version: string;
  readonly clock: MonotonicClock;
  readonly epoch: EpochClock;
  /** Default: the file system. */
  readonly disk?: AuditDisk;
}

/**
 * Makes the audit log of a gateway: an empty one unless it is enabled and has a directory; copied to PostgreSQL when there is
 * one.
 * @throws RMP_CONFIG_INVALID when the URL of PostgreSQL cannot be read
 */
export function createAudit(options: AuditOptions): Audit {
  const { config, version, epoch, disk = nodeDisk } = options;
  const { enabled, dir, failMode, batchRecords, batchAfterMs, retentionDays, ...bounds } = config;
  if (!enabled || dir === undefined) return NONE;
  const writer = new AuditWriter({ ...bounds, dir, disk, version, now: epoch });
  const copy = createCopy(options, dir);
  return {
    sink: (exchange: Exchange) => {
      if (isAudited(exchange)) writer.offer(toDraft(exchange));
    },
    isRefusing: failMode === "closed" ? () => !writer.isHealthy : () => false,
    figures: () => writer.figures(),
    copy: () => (copy === null ? null : { state: copy.figures().state, database: copy.database }),
    sources: copy === null ? [] : [copy],
    async open() {
      await writer.open();
      copy?.start();
    },
    async close() {
      await writer.close();
      await copy?.close();
    },
  };
}

function createCopy({ config, postgres, clock, epoch }: AuditOptions, dir: string): AuditShipper | null {
  const { url, poolMin, poolMax, schema, ...timings } = postgres;
  if (url === undefined) return null;
  const database = createDatabase({
    ...timings,
    url,
    field: "postgres.url",
    schema,
    poolMin: Math.min(poolMin, SHIPPER_CONNECTIONS),
    poolMax: Math.min(poolMax, SHIPPER_CONNECTIONS),
    clock,
  });
  const { batchRecords, batchAfterMs, retentionDays } = config;
  return new AuditShipper({
    dir,
    database,
    batchRecords,
    batchAfterMs,
    retentionDays,
    epoch,
    random: systemRandom,
  });
}

const NONE: Audit = {
  sink: () => undefined,
  isRefusing: () => false,
  figures: () => NO_AUDIT,
  copy: () => null,
  sources: [],
  open: () => Promise.resolve(),
  close: () => Promise.resolve(),
};
