/**
 * The load of one run on workers of other machines: the run's executors plan here with users that only count, the
 * dispatcher says which worker runs which of them, and what workers report goes into the run's statistics.
 */
import type { CoveragePoint, ExceptionStats } from "#contract";
import type { Executor } from "../executors/executor.ts";
import type { Scheduler } from "../scheduler.ts";
import type { StatsDelta, WorkerReport } from "../stats/delta.ts";
import type { WorkerRequest } from "../workers/create-workers.ts";
import type { WorkerPort } from "../workers/worker-port.ts";
import { COVERAGE_LIMIT, CoverageLog } from "./coverage.ts";
import { UserDispatcher } from "./dispatcher.ts";
import { requireFleetPlan, startFleetPlan } from "./fleet-plan.ts";
import { after, every } from "./intervals.ts";
import { emptyDelta, toDeltas } from "./locust-deltas.ts";
import type { MasterListener, MasterSession, Member } from "./master-session.ts";
import { sumUsers, TIMERS, writeSpawnOrder } from "./message.ts";
import { Pace } from "./pace.ts";
import { PEER, type PeerRun } from "./peer-protocol.ts";
import type { LocustReport } from "./stats-entry.ts";

/** How often users are handed out, ms: Rampart workers get them so often, others as often as Locust's master sends. */
const DISPATCH_MS = 100;
const LOCUST_DISPATCH_MS = 1000;
/** How long a worker may take beyond the stop time-out to end its users and hand in its last report, ms. */
const LAST_REPORT_MS = TIMERS.reportMs + 3000;
/** Ids of users of workers that join late begin here, far beyond those of a worker that was there from the start. */
const LATE_ID_BASE = 2 ** 30;
const LATE_ID_STEP = 2 ** 20;

/** What a run over a fleet adds to its result. */
export interface FleetFindings {
  readonly coverage: readonly CoveragePoint[];
  /** Workers that took part. */
  readonly workers: number;
  /** Facts for the report, one sentence each. */
  readonly notes: readonly string[];
}

/** One worker's part in the run. */
interface Part {
  readonly member: Member;
  /** Text of the last order and when it went out. */
  sent: string;
  sentAtMs: number;
  hasRun: boolean;
  /** Reports of a second that is not over yet. */
  held: WorkerReport[];
  usersByClass: Readonly<Record<string, number>>;
  /** Second up to which its users are covered by reports. */
  coveredSec: number;
  /** How many users it said to run, and since which second. */
  readonly steps: { readonly tSec: number; readonly users: number }[];
  finish: "running" | "stopped" | "done";
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
}

/** A fleet as one port of the run. @throws RMP_LOAD_SCENARIO_INVALID for executors that `spawn` messages cannot express */
export class Fleet implements WorkerPort, MasterListener {
  readonly id = "fleet";
  readonly isFleet = true;
  readonly done: Promise<void>;
  readonly #options: FleetOptions;
  readonly #startedMs: number;
  readonly #executors: readonly Executor[];
  readonly #dispatcher = new UserDispatcher();
  readonly #parts = new Map<string, Part>();
  /** Number of the last report applied, by the name under which a peer was sent into the run. */
  readonly #lastSeq = new Map<string, number>();
  readonly #coverage = new CoverageLog();
  readonly #notes = new Set<string>();
  readonly #timers: (() => void)[] = [];
  readonly #startCount: number;
  readonly #pace: Pace;
  #lateCount = 0;
  #currentUsers = 0;
  #lastTimestamp = 0;
  #isStopping = false;
  #askedSec = 0;

  constructor(options: FleetOptions) {
    this.#options = options;
    const { request, scheduler, session } = options;
    const { settings, clocks } = request;
    requireFleetPlan(settings);
    this.#startedMs = request.startedAtMs - (clocks.epochMs() - clocks.monotonicMs());
    this.#pace = new Pace(settings.spawnRatePerSec, scheduler.nowMs());
    this.#startCount = Math.max(1, session.members.length);
    session.listener = this;
    for (const member of session.members) this.#take(member, null);
    this.#executors = startFleetPlan({
      settings,
      scheduler,
      startedMs: this.#startedMs,
      currentUsers: () => this.#currentUsers,
      addUser: (name) => this.#dispatcher.addUser(name),
      removeUser: (name) => this.#dispatcher.removeUser(name),
      rate: (ratePerSec) => {
        this.#pace.ratePerSec = ratePerSec;
      },
    });
    this.done = Promise.all(this.#executors.map((executor) => executor.done)).then(() => {});
    this.#timers.push(
      every(scheduler, DISPATCH_MS, () => this.#dispatch()),
      every(scheduler, DISPATCH_MS, () => this.#ask()),
    );
    this.#dispatch();
  }

  /** Users asked for at this moment. */
  get targetUsers(): number {
    return this.#executors.reduce((sum, executor) => sum + executor.targetUsers, 0);
  }

  setUsers(users: number, spawnRatePerSec: number): void {
    this.#pace.ratePerSec = spawnRatePerSec;
    for (const executor of this.#executors) executor.setUsers?.(users, spawnRatePerSec);
  }

  setCurrentUsers(users: number): void {
    this.#currentUsers = users;
  }

  poll(): void {}

  /** Ends all users; resolves when every worker handed in its last report or ran out of time. */
  async stop(timeoutMs: number): Promise<void> {
    const { session, scheduler, request } = this.#options;
    this.#ask();
    this.#isStopping = true;
    for (const stop of this.#timers) stop();
    for (const executor of this.#executors) executor.stop();
    const parts = [...this.#parts.values()];
    for (const part of parts) {
      if (!part.hasRun) part.finish = "done";
      else session.send(part.member.id, "stop");
    }
    const untilMs = scheduler.nowMs() + timeoutMs + LAST_REPORT_MS;
    while (scheduler.nowMs() < untilMs && parts.some((part) => this.#isAwaited(part)))
      await after(scheduler, 20);
    for (const part of parts) {
      this.#flush(part);
      if (part.finish !== "done")
        request.events.fault(
          `worker ${part.member.id} did not hand in its last report: up to its last ${TIMERS.reportMs / 1000} seconds are missing; look at that machine and run again`,
        );
      request.events.ended(part.member.id);
    }
    const { share } = this.#coverage;
    if (share < COVERAGE_LIMIT)
      request.events.fault(
        `only ${(share * 100).toFixed(1)} % of the asked user-seconds ran (bound ${COVERAGE_LIMIT * 100} %): use more or steadier workers`,
      );
    session.listener = null;
  }

  /** What goes into the result beside the statistics. */
  findings(): FleetFindings {
    return { coverage: this.#coverage.points(), workers: this.#parts.size, notes: [...this.#notes] };
  }

  joined(member: Member): void {
    if (this.#isStopping) return;
    this.#options.log(`worker ${member.id} joined the run`);
    this.#take(member, LATE_ID_BASE + this.#lateCount * LATE_ID_STEP);
    this.#lateCount += 1;
  }

  left(member: Member): void {
    this.#lose(member, "quit");
  }

  missing(member: Member): void {
    this.#lose(member, "went missing");
  }

  healed(member: Member): void {
    if (this.#isStopping) return;
    this.#options.log(`worker ${member.id} is back`);
    const part = this.#parts.get(member.id);
    if (part === undefined) return;
    // Its users still run: the next order says how many it shall keep.
    part.sent = "";
    part.finish = "running";
    this.#dispatcher.addWorker(member.id);
  }

  spawned(member: Member, counts: Readonly<Record<string, number>>): void {
    const part = this.#parts.get(member.id);
    if (part === undefined || this.#isStopping) return;
    part.usersByClass = counts;
    if (!member.isPeer) part.steps.push({ tSec: this.#nowSec(), users: sumUsers(counts) });
    this.#add(part, emptyDelta(-1));
  }

  stopped(member: Member): void {
    const part = this.#parts.get(member.id);
    if (part === undefined) return;
    if (!this.#isStopping) {
      this.#lose(member, "stopped by itself");
      return;
    }
    // A peer's reports came before; others send their last statistics on their own beat.
    part.finish = member.isPeer ? "done" : "stopped";
  }

  stats(member: Member, report: LocustReport): void {
    const part = this.#parts.get(member.id);
    if (part === undefined || member.isPeer) return;
    const nowSec = this.#nowSec();
    if (!this.#isStopping) {
      part.usersByClass = report.userClassesCount;
      part.steps.push({ tSec: nowSec, users: sumUsers(report.userClassesCount) });
    }
    for (let tSec = part.coveredSec; tSec < nowSec; tSec += 1)
      this.#coverage.deliver(tSec, part.steps.findLast((step) => step.tSec <= tSec)?.users ?? 0);
    part.coveredSec = nowSec;
    part.steps.splice(0, part.steps.length - 1);
    const { startedAtMs } = this.#options.request;
    const tSecOf = (epochSec: number) =>
      Math.min(nowSec, Math.max(0, Math.floor((epochSec * 1000 + 500 - startedAtMs) / 1000)));
    this.#flush(part);
    const deltas = toDeltas(report, tSecOf);
    // Even an empty report closes the seconds before it.
    this.#add(part, emptyDelta(nowSec - 1));
    for (const delta of deltas)
      if (delta.tSec < nowSec || part.finish !== "running") this.#add(part, delta);
      else part.held.push(this.#asReport(part, delta));
    if (part.finish === "stopped") part.finish = "done";
    if (deltas.some((delta) => delta.requests.length > 0))
      this.#notes.add(
        "some workers are Locust's: their latencies come in its buckets of two significant digits (percentiles within 5 %), from sent only",
      );
  }

  report(member: Member, run: string, report: WorkerReport): void {
    const part = this.#parts.get(member.id);
    const lastSeq = this.#lastSeq.get(run);
    // A report of an earlier run is acknowledged too, so that its worker does not keep it for ever.
    if (part === undefined || lastSeq === undefined) {
      this.#options.session.send(member.id, PEER.received, { run, seq: report.seq });
      return;
    }
    if (report.seq === lastSeq + 1) {
      this.#lastSeq.set(run, report.seq);
      part.usersByClass = report.usersByClass;
      this.#coverage.deliver(report.delta.tSec, report.users);
      this.#options.request.events.report(report);
    }
    this.#options.session.send(member.id, PEER.received, { run, seq: this.#lastSeq.get(run) });
  }

  exception(member: Member, message: string, traceback: string): void {
    const part = this.#parts.get(member.id);
    if (part === undefined) return;
    const exception: ExceptionStats = { message, traceback, count: 1, workers: [member.id] };
    this.#add(part, { ...emptyDelta(-1), exceptions: [exception] });
  }

  /** @param lateId first user id of a worker that joins a run under way; null at its start */
  #take(member: Member, lateId: number | null): void {
    const { request, scenarioHash } = this.#options;
    const part: Part = {
      member,
      sent: "",
      sentAtMs: Number.NEGATIVE_INFINITY,
      hasRun: false,
      held: [],
      usersByClass: {},
      coveredSec: this.#nowSec(),
      steps: [],
      finish: "running",
    };
    this.#parts.set(member.id, part);
    this.#dispatcher.addWorker(member.id);
    this.#add(part, emptyDelta(-1));
    if (!member.isPeer) return;
    if (member.scenarioHash !== scenarioHash)
      this.#notes.add(`worker ${member.id} runs another version of the scenario file than the master`);
    const { settings } = request;
    const name = `${this.#options.run}/${this.#lastSeq.size}`;
    this.#lastSeq.set(name, 0);
    const run: PeerRun = {
      run: name,
      elapsedMs: this.#options.scheduler.nowMs() - this.#startedMs,
      host: settings.host,
      seed: settings.seed,
      tags: request.overrides.tags ?? [],
      excludeTags: request.overrides.excludeTags ?? [],
      shareIndex: lateId ?? this.#parts.size - 1,
      shareCount: lateId === null ? this.#startCount : 1,
      shared: request.shared ?? null,
    };
    this.#options.session.send(member.id, PEER.run, run);
  }

  #lose(member: Member, how: string): void {
    const part = this.#parts.get(member.id);
    if (part === undefined) return;
    if (this.#isStopping) {
      if (how !== "quit") return;
      part.finish = "done";
      return;
    }
    const users = this.#dispatcher.removeWorker(member.id);
    part.usersByClass = {};
    // What it ran is made good by the others: whether enough of it was is for the coverage to say.
    part.finish = "done";
    this.#flush(part);
    this.#options.request.events.ended(member.id);
    const atSec = Math.round((this.#options.scheduler.nowMs() - this.#startedMs) / 1000);
    const sentence = `worker ${member.id} ${how} at ${atSec} s with ${users} users; they were started again on the others${how === "went missing" ? ", and what it had not reported yet is missing" : ""}`;
    this.#notes.add(sentence);
    this.#options.log(sentence);
  }

  #isAwaited(part: Part): boolean {
    return part.finish !== "done" && this.#options.session.members.includes(part.member);
  }

  /** Places waiting users and moves others at the asked rate, then tells each worker whose numbers changed. */
  #dispatch(): void {
    const { scheduler, session } = this.#options;
    const nowMs = scheduler.nowMs();
    this.#pace.spend(nowMs, (limit) => {
      const placed = this.#dispatcher.release(limit);
      return placed + this.#dispatcher.rebalance(limit - placed);
    });
    const present = new Set(session.members);
    for (const part of this.#parts.values()) {
      if (!present.has(part.member)) continue;
      const counts = this.#dispatcher.countsOf(part.member.id);
      const text = JSON.stringify(counts);
      const paceMs = part.member.isPeer ? DISPATCH_MS / 2 : LOCUST_DISPATCH_MS;
      if (text === part.sent || nowMs - part.sentAtMs < paceMs || (!part.hasRun && sumUsers(counts) === 0))
        continue;
      part.sent = text;
      part.sentAtMs = nowMs;
      part.hasRun = true;
      this.#order(part.member.id, counts);
    }
  }

  #order(id: string, counts: Readonly<Record<string, number>>): void {
    const { request, session } = this.#options;
    const { settings, overrides, clocks } = request;
    // Workers drop an order that is not newer than the last one.
    this.#lastTimestamp = Math.max(clocks.epochMs() / 1000, this.#lastTimestamp + 1e-6);
    const order = {
      timestamp: this.#lastTimestamp,
      userClassesCount: counts,
      host: settings.host,
      stopTimeoutSec: settings.stopTimeoutSec,
      tags: overrides.tags ?? [],
      excludeTags: overrides.excludeTags ?? [],
    };
    session.send(id, "spawn", writeSpawnOrder(order, overrides.settings ?? {}));
  }

  /** Notes what is asked for in each second, at its end. */
  #ask(): void {
    const nowSec = this.#nowSec();
    const asked = this.targetUsers;
    for (; this.#askedSec < nowSec; this.#askedSec += 1) this.#coverage.ask(this.#askedSec, asked);
  }

  #nowSec(): number {
    return Math.max(0, Math.floor((this.#options.scheduler.nowMs() - this.#startedMs) / 1000));
  }

  #flush(part: Part): void {
    for (const report of part.held.splice(0)) this.#options.request.events.report(report);
  }

  #add(part: Part, delta: StatsDelta): void {
    this.#options.request.events.report(this.#asReport(part, delta));
  }

  #asReport(part: Part, delta: StatsDelta): WorkerReport {
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
}
