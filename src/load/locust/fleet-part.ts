/** One worker's part in a run over a fleet, and its figures as the run's statistics take them. */
import type { StatsDelta, WorkerReport } from "../stats/delta.ts";
import type { CoverageLog } from "./coverage.ts";
import type { Member } from "./member.ts";
import { sumUsers } from "./message.ts";

/** One worker's part in the run. */
export interface FleetPart {
  readonly member: Member;
  /** Text of the last order and when it went out. */
  sent: string;
  sentAtMs: number;
  hasRun: boolean;
  /** Gets an order even when there are no users for it. */
  isOrdered: boolean;
  /** Reports of a second that is not over yet. */
  held: WorkerReport[];
  usersByClass: Readonly<Record<string, number>>;
  /** Second up to which its users are covered by reports. */
  coveredSec: number;
  /** How many users it said to run, and since which second. */
  readonly steps: { readonly tSec: number; readonly users: number }[];
  finish: "running" | "stopped" | "done";
}

/** The part of a worker that takes part from second `nowSec` on. */
export function newPart(member: Member, nowSec: number): FleetPart {
  return {
    member,
    sent: "",
    sentAtMs: Number.NEGATIVE_INFINITY,
    hasRun: false,
    isOrdered: false,
    held: [],
    usersByClass: {},
    coveredSec: nowSec,
    steps: [],
    finish: "running",
  };
}

/** What a worker that numbers no reports counted, as a report with what is known of it otherwise. */
export function asReport(part: FleetPart, delta: StatsDelta): WorkerReport {
  return {
    workerId: part.member.id,
    seq: 0,
    delta,
    users: sumUsers(part.usersByClass),
    usersByClass: part.usersByClass,
    cpuPercent: part.member.cpuPercent,
    memoryBytes: part.member.memoryBytes,
    eventLoopDelayP99Ms: 0,
  };
}

/** Notes the users that a worker ran in the seconds before `nowSec`, by what it said of them. */
export function coverUntil(part: FleetPart, nowSec: number, coverage: CoverageLog): void {
  for (let tSec = part.coveredSec; tSec < nowSec; tSec += 1)
    coverage.deliver(tSec, part.steps.findLast((step) => step.tSec <= tSec)?.users ?? 0);
  part.coveredSec = nowSec;
  part.steps.splice(0, part.steps.length - 1);
}
