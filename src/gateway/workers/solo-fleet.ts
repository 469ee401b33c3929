import type { EpochClock } from "#shared";
import type { MetricsSnapshot } from "../metrics/snapshot.ts";
import type { Fleet } from "./fleet.ts";
import type { ReloadFigures } from "./fleet-figures.ts";
import { ReloadLog } from "./reload-log.ts";
import type { WorkerLoad } from "./scaling.ts";
import { workerFigures } from "./worker-figures.ts";

/** What a gateway of one process tells and does. */
export interface SoloMember {
  readonly epoch: EpochClock;
  snapshot(): MetricsSnapshot;
  load(): WorkerLoad;
  isDraining(): boolean;
  /** Changes the configuration; rejects when it stays as it was. */
  reload(): Promise<void>;
  /** Told what became of it. */
  onReload(figures: ReloadFigures): void;
}

/** The fleet of a gateway that is one process. */
export function createSoloFleet(member: SoloMember): Fleet {
  const log = new ReloadLog(member.epoch);
  return {
    async collect() {
      const snapshot = member.snapshot();
      const state = member.isDraining() ? "draining" : "running";
      const workers = [workerFigures(1, process.pid, state, snapshot.live)];
      return { snapshot, fleet: { ...log.figures(), workers, restarts: 0 } };
    },
    async reload() {
      const figures = await log.record(() => member.reload());
      member.onReload(figures);
      return figures;
    },
  };
}
