import { type CoreSnapshot, mergeCore } from "./core-snapshot.ts";
import type { MetricFamily } from "./family.ts";
import { type LiveFigures, mergeLive } from "./live-figures.ts";
import { mergeFamilies } from "./merge-families.ts";

/** All figures of one process at one moment, as plain data: what travels between the processes of a gateway. */
export interface MetricsSnapshot {
  readonly core: CoreSnapshot;
  readonly live: LiveFigures;
  /** What the other parts of the gateway tell. */
  readonly families: readonly MetricFamily[];
}

/** Several processes as one. */
export function mergeSnapshots(snapshots: readonly MetricsSnapshot[]): MetricsSnapshot {
  const [only] = snapshots;
  if (snapshots.length === 1 && only !== undefined) return only;
  return {
    core: mergeCore(snapshots.map(({ core }) => core)),
    live: mergeLive(snapshots.map(({ live }) => live)),
    families: mergeFamilies(snapshots.map(({ families }) => families)),
  };
}
