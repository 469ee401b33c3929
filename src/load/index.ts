/** The load engine: scenarios, executors, transports, statistics, workers. */
export { HEALTH_LIMITS } from "./health.ts";
export { loadScenario } from "./loader.ts";
export { findScenarioFiles } from "./loader-folder.ts";
export { type LoadedScenario, listOfFiles, scenarioFilesOf } from "./loader-join.ts";
export {
  createLocustMaster,
  type LocustMaster,
  type LocustMasterOptions,
  type MasterWorker,
} from "./locust/master.ts";
export { downloadMasterScenario, type ScenarioDownloadOptions } from "./locust/scenario-download.ts";
export {
  createLocustWorker,
  DEFAULT_MASTER_HOST,
  DEFAULT_MASTER_PORT,
  type LocustWorker,
  type LocustWorkerOptions,
} from "./locust/worker.ts";
export type { WorkerEnding, WorkerStatus } from "./locust/worker-session.ts";
export type * from "./run-types.ts";
export { runScenario, startRun } from "./runner.ts";
export * from "./scenario.ts";
export { Histogram, histogramFrom } from "./stats/histogram.ts";
