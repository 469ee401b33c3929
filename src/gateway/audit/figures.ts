import type { DatabaseFigures } from "../stores/postgres/figures.ts";
import type { ShipperState } from "./shipping/figures.ts";

/** Figures of the log. */
export interface AuditFigures {
  /** `off`: no log; `full`: the bound on size is reached; `failed`: the disk refuses; `stalled`: it does not answer. */
  readonly state: "off" | "starting" | "healthy" | "full" | "failed" | "stalled";
  /** Exchanges written. */
  readonly written: number;
  /** Exchanges not recorded because the queue was full. */
  readonly dropped: number;
  /** Exchanges that wait. */
  readonly queued: number;
  /** Failed attempts to write. */
  readonly failures: number;
  /** Age of the oldest exchange that waits, ms. */
  readonly lagMs: number;
}

/** Figures of a gateway without a log. */
export const NO_AUDIT: AuditFigures = {
  state: "off",
  written: 0,
  dropped: 0,
  queued: 0,
  failures: 0,
  lagMs: 0,
};

/** What `/health` tells of the copy in PostgreSQL. */
export interface AuditCopyState {
  readonly state: ShipperState;
  readonly database: DatabaseFigures;
}

/** What the rest of the gateway sees of the log. */
export interface AuditState {
  /** Whether requests have to be refused: the fail mode is closed and records do not reach the disk. */
  readonly isRefusing: () => boolean;
  readonly figures: () => AuditFigures;
  /** Null when the log is not copied to PostgreSQL. */
  readonly copy: () => AuditCopyState | null;
}
