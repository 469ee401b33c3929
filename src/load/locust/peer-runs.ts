/** How Rampart workers are sent into a run, and their numbered reports: each is taken once and acknowledged. */
import type { Scheduler } from "../scheduler.ts";
import type { WorkerReport } from "../stats/delta.ts";
import type { WorkerRequest } from "../workers/create-workers.ts";
import type { MasterSession } from "./master-session.ts";
import type { Member } from "./member.ts";
import { PEER, type PeerRun } from "./peer-protocol.ts";
import type { PeerWork } from "./shared-work.ts";

/** What a run tells its peers. */
export interface PeerRunsOptions {
  readonly session: MasterSession;
  readonly request: WorkerRequest;
  readonly scheduler: Scheduler;
  /** Name of this run, never used before by any master. */
  readonly run: string;
  /** When the run began, on the scheduler's clock, ms. */
  readonly startedMs: number;
}

/** The parts of one run that peers play; a peer that joins again gets a new one. */
export class PeerRuns {
  readonly #options: PeerRunsOptions;
  /** Number of the last report applied, by the name under which a peer was sent into the run. */
  readonly #lastSeq = new Map<string, number>();

  constructor(options: PeerRunsOptions) {
    this.#options = options;
  }

  /**
   * Sends a peer into the run.
   * @param share its part of the user ids and of what users share out
   * @param work its share of executors that peers run by themselves; null without one
   */
  begin(
    member: Member,
    share: { readonly index: number; readonly count: number },
    work: PeerWork | null,
  ): void {
    const { session, request, scheduler, startedMs } = this.#options;
    const { settings, overrides } = request;
    const name = `${this.#options.run}/${this.#lastSeq.size}`;
    this.#lastSeq.set(name, 0);
    const run: PeerRun = {
      run: name,
      elapsedMs: scheduler.nowMs() - startedMs,
      host: settings.host,
      seed: settings.seed,
      tags: overrides.tags ?? [],
      excludeTags: overrides.excludeTags ?? [],
      shareIndex: share.index,
      shareCount: share.count,
      shared: request.shared ?? null,
      work,
    };
    session.send(member.id, PEER.run, run);
  }

  /**
   * Acknowledges a report.
   * @param take adds it to the statistics, called when it is the next one of this run; null for a worker without a part
   */
  receive(member: Member, run: string, report: WorkerReport, take: (() => void) | null): void {
    const { session } = this.#options;
    const lastSeq = this.#lastSeq.get(run);
    // A report of an earlier run is acknowledged too, so that its worker does not keep it for ever.
    if (take === null || lastSeq === undefined) {
      session.send(member.id, PEER.received, { run, seq: report.seq });
      return;
    }
    if (report.seq === lastSeq + 1) {
      this.#lastSeq.set(run, report.seq);
      take();
    }
    session.send(member.id, PEER.received, { run, seq: this.#lastSeq.get(run) });
  }
}
