/** How a worker hands in what it counted: numbered and acknowledged to a Rampart master, as Locust does to others. */
import type { EpochClock } from "#shared";
import type { Scheduler } from "../scheduler.ts";
import type { StatsDelta, WorkerReport } from "../stats/delta.ts";
import { after } from "./intervals.ts";
import { PEER } from "./peer-protocol.ts";
import { ReportOutbox } from "./report-outbox.ts";
import { toLocustReport, toStatsMessage } from "./stats-report.ts";
import type { WorkerLoad } from "./worker-load.ts";

/** How long the last reports may wait for their acknowledgement, ms. */
const LAST_REPORTS_MS = 5000;
/** Occurrences of one exception told to a Locust master per report; it takes one message for each. */
const EXCEPTIONS_PER_REPORT = 100;

/** What reports need. */
export interface WorkerReportsOptions {
  readonly load: WorkerLoad;
  readonly scheduler: Scheduler;
  readonly epochMs: EpochClock;
  send(type: string, data: unknown): void;
}

/** The reports of one worker. */
export class WorkerReports {
  readonly #options: WorkerReportsOptions;
  #outbox = new ReportOutbox();
  /** Name of the run at a Rampart master. */
  #run = "";
  #startedAtMs = 0;

  constructor(options: WorkerReportsOptions) {
    this.#options = options;
  }

  /** A run begins. @param run its name at a Rampart master @param startedAtMs when its second 0 began, epoch ms */
  begin(run: string, startedAtMs: number): void {
    this.#outbox = new ReportOutbox();
    this.#run = run;
    this.#startedAtMs = startedAtMs;
  }

  /** Sends a Rampart master what is new, and again what it did not acknowledge in time. */
  toPeer(isLast: boolean): void {
    const { load, scheduler } = this.#options;
    const nowMs = scheduler.nowMs();
    for (const report of load.takeReports(isLast)) this.#send(this.#outbox.add(report, nowMs));
    for (const report of this.#outbox.due(nowMs)) this.#send(report);
  }

  /** A Rampart master has everything up to a number. */
  acknowledge(run: string, seq: number): void {
    if (run === this.#run) this.#outbox.acknowledge(seq);
  }

  /** Waits until everything was acknowledged. @returns reports that were not in time */
  async untilAcknowledged(): Promise<number> {
    const { scheduler } = this.#options;
    const untilMs = scheduler.nowMs() + LAST_REPORTS_MS;
    while (this.#outbox.size > 0 && scheduler.nowMs() < untilMs) await after(scheduler, 20);
    return this.#outbox.size;
  }

  /** Sends a Locust master everything since the last report, which may be nothing. @param users that run by class */
  toLocust(isLast: boolean, users: Readonly<Record<string, number>>): void {
    const { load, epochMs, send } = this.#options;
    const deltas = load.takeReports(isLast).map((report) => report.delta);
    const report = toLocustReport(deltas, {
      startedAtMs: this.#startedAtMs,
      nowMs: epochMs(),
      userClassesCount: users,
    });
    send("stats", toStatsMessage(report));
    for (const delta of deltas) this.#sendExceptions(delta);
  }

  #send(report: WorkerReport): void {
    this.#options.send(PEER.report, { run: this.#run, report });
  }

  #sendExceptions(delta: StatsDelta): void {
    for (const exception of delta.exceptions)
      for (let index = 0; index < Math.min(exception.count, EXCEPTIONS_PER_REPORT); index += 1)
        this.#options.send("exception", { msg: exception.message, traceback: exception.traceback });
  }
}
