import type { DetectionFacts } from "./detection-facts.ts";

/** An event on its way to the monitors of another process: facts only, plain data. */
export type SharedEvent = DetectionFacts;
