/** The load engine: scenarios, executors, transports, statistics, workers. */
export type * from "./run-types.ts";
export * from "./scenario.ts";
