/** The load engine: scenarios, executors, transports, statistics, workers. */
export { HEALTH_LIMITS } from "./health.ts";
export { type LoadedScenario, loadScenario } from "./loader.ts";
export type * from "./run-types.ts";
export { runScenario, startRun } from "./runner.ts";
export * from "./scenario.ts";
export { Histogram, histogramFrom } from "./stats/histogram.ts";
