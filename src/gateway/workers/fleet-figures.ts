import { coreFamily } from "../metrics/core-families.ts";
import type { MetricFamily } from "../metrics/family.ts";

/** One serving process. Keys as they stand in the JSON answers. */
export interface WorkerFigures {
  /** Place, from 1; a replacement takes the place of the process it replaces. */
  readonly worker: number;
  readonly pid: number;
  /** `silent`: it did not tell its figures in time, what is told of it is old. */
  readonly state: "running" | "draining" | "silent";
  readonly uptime_seconds: number;
  readonly cpu_percent: number;
  readonly memory_bytes: number;
  readonly event_loop_delay_ms: number;
  readonly active_requests: number;
  readonly active_connections: number;
}

/** What became of the last change of the configuration that was asked for. */
export interface ReloadFigures {
  readonly result: "ok" | "refused";
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Why it was refused, without any value of the configuration; null when it was not. */
  readonly reason: string | null;
}

/** What is told about the processes of a gateway. */
export interface FleetFigures {
  readonly workers: readonly WorkerFigures[];
  /** Processes that ended without being asked to and were replaced. */
  readonly restarts: number;
  /** 1 at the start, one more for each accepted change. */
  readonly configurationVersion: number;
  readonly reloadsAccepted: number;
  readonly reloadsRefused: number;
  readonly lastReload: ReloadFigures | null;
}

/** The processes as metric families. */
export function fleetFamilies(fleet: FleetFigures): MetricFamily[] {
  const { workers } = fleet;
  const each = (pick: (worker: WorkerFigures) => number) =>
    workers.map((worker) => ({ value: pick(worker), labels: { worker: String(worker.worker) } }));
  return [
    coreFamily("rampart_workers", [{ value: workers.length }]),
    coreFamily("rampart_workers_silent", [
      { value: workers.filter(({ state }) => state === "silent").length },
    ]),
    coreFamily("rampart_worker_restarts_total", [{ value: fleet.restarts }]),
    coreFamily(
      "rampart_worker_cpu_percent",
      each((worker) => worker.cpu_percent),
    ),
    coreFamily(
      "rampart_worker_resident_memory_bytes",
      each((worker) => worker.memory_bytes),
    ),
    coreFamily(
      "rampart_worker_event_loop_delay_seconds",
      each((worker) => worker.event_loop_delay_ms / 1000),
    ),
    coreFamily("rampart_configuration_version", [{ value: fleet.configurationVersion }]),
    coreFamily("rampart_configuration_reloads_total", [
      { value: fleet.reloadsAccepted, labels: { result: "ok" } },
      { value: fleet.reloadsRefused, labels: { result: "refused" } },
    ]),
  ];
}
