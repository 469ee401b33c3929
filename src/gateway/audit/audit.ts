import type { GatewayConfig } from "#contract";
import type { EpochClock } from "#shared";
import type { Exchange, ExchangeSink } from "../exchange.ts";
import { type AuditDisk, nodeDisk } from "./disk.ts";
import { isAudited, toDraft } from "./draft.ts";
import { type AuditState, NO_AUDIT } from "./figures.ts";
import { AuditWriter } from "./writer.ts";

/** The audit log of a gateway. */
export interface Audit extends AuditState {
  /** Told about every finished exchange; queues its facts and returns. */
  readonly sink: ExchangeSink;
  /** Continues the log on disk; never rejects. */
  open(): Promise<void>;
  /** Writes what waits and ends the log in good order; never rejects. */
  close(): Promise<void>;
}

/** What a log needs to know. */
export interface AuditOptions {
  readonly config: GatewayConfig["audit"];
  readonly version: string;
  readonly epoch: EpochClock;
  /** Default: the file system. */
  readonly disk?: AuditDisk;
}

/** Makes the audit log of a gateway: an empty one unless it is enabled and has a directory. */
export function createAudit({ config, version, epoch, disk = nodeDisk }: AuditOptions): Audit {
  const { enabled, dir, failMode, ...bounds } = config;
  if (!enabled || dir === undefined) return NONE;
  const writer = new AuditWriter({ ...bounds, dir, disk, version, now: epoch });
  return {
    sink: (exchange: Exchange) => {
      if (isAudited(exchange)) writer.offer(toDraft(exchange));
    },
    isRefusing: failMode === "closed" ? () => !writer.isHealthy : () => false,
    figures: () => writer.figures(),
    open: () => writer.open(),
    close: () => writer.close(),
  };
}

const NONE: Audit = {
  sink: () => undefined,
  isRefusing: () => false,
  figures: () => NO_AUDIT,
  open: () => Promise.resolve(),
  close: () => Promise.resolve(),
};
