import type { MetricsSnapshot } from "../metrics/snapshot.ts";
import type { FleetFigures, ReloadFigures } from "./fleet-figures.ts";

/** Figures of the whole gateway at one moment: all its processes as one, and each by itself. */
export interface Collected {
  readonly snapshot: MetricsSnapshot;
  readonly fleet: FleetFigures;
}

/** The processes that serve one address together, as one of them sees them. */
export interface Fleet {
  /** Asks every process; answers within a bounded time, naming those that did not answer. Never rejects. */
  collect(): Promise<Collected>;
  /** Has the configured file read again; all processes change, or none. Never rejects: a refusal is a result. */
  reload(): Promise<ReloadFigures>;
}
