/** What a fleet needs, and what it adds to a result. */
import type { CoveragePoint } from "#contract";
import type { Scheduler } from "../scheduler.ts";
import type { WorkerRequest } from "../workers/create-workers.ts";
import type { MasterSession } from "./master-session.ts";

/** What a run over a fleet adds to its result. */
export interface FleetFindings {
  readonly coverage: readonly CoveragePoint[];
  /** Workers that took part. */
  readonly workers: number;
  /** Facts for the report, one sentence each. */
  readonly notes: readonly string[];
}

/** What a fleet needs. */
export interface FleetOptions {
  readonly session: MasterSession;
  readonly request: WorkerRequest;
  readonly scheduler: Scheduler;
  /** Name of this run, never used before by any master. */
  readonly run: string;
  /** SHA-256 of the master's scenario source; peers with another one are told apart. */
  readonly scenarioHash: string;
  readonly log: (line: string) => void;
  /** How long after the request second 0 begins, ms: time in which workers get ready for work that is due at once. */
  readonly leadMs?: number;
}
