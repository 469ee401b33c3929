/**
 * The load of one run on workers of other machines: the run's executors plan here with users that only count, the
 * dispatcher says which worker runs which of them, and what workers report goes into the run's statistics.
 */
import type { ExceptionStats } from "#contract";
import type { Executor } from "../executors/executor.ts";
import type { StatsDelta, WorkerReport } from "../stats/delta.ts";
import type { WorkerPort } from "../workers/worker-port.ts";
import { CoverageLog, coverageFault } from "./coverage.ts";
import { DISPATCH_MS, FleetOrders } from "./fleet-orders.ts";
import { asReport, coverUntil, type FleetPart, newPart } from "./fleet-part.ts";
import { startFleetPlan } from "./fleet-plan.ts";
import type { FleetFindings, FleetOptions } from "./fleet-types.ts";
import { after, every } from "./intervals.ts";
import { emptyDelta, toDeltas } from "./locust-deltas.ts";
import type { MasterListener } from "./master-session.ts";
import type { Member } from "./member.ts";
import { sumUsers, TIMERS } from "./message.ts";
import { PeerRuns } from "./peer-runs.ts";
import { SharedWork } from "./shared-work.ts";
import type { LocustReport } from "./stats-entry.ts";

/** How long a worker may take beyond the stop time-out to end its users and hand in its last report, ms. */
const LAST_REPORT_MS = TIMERS.reportMs + 3000;
/** Ids of users of workers that join late begin here, far beyond those of a worker that was there from the start. */
const LATE_ID_BASE = 2 ** 30;
const LATE_ID_STEP = 2 ** 20;

/** A fleet as one port of the run. @throws RMP_LOAD_SCENARIO_INVALID for work to share and nobody to do it */
export class Fleet implements WorkerPort, MasterListener {
  readonly id = "fleet";
  readonly isFleet = true;
  readonly done: Promise<void>;
  readonly #options: FleetOptions;
  readonly #startedMs: number;
  readonly #startedAtMs: number;
  readonly #work: SharedWork;
  readonly #executors: readonly Executor[];
  readonly #orders: FleetOrders;
  readonly #peerRuns: PeerRuns;
  readonly #parts = new Map<string, FleetPart>();
  readonly #coverage = new CoverageLog();
  readonly #notes = new Set<string>();
  readonly #timers: (() => void)[] = [];
  readonly #startCount: number;
  #lateCount = 0;
  #currentUsers = 0;
  #isStopping = false;
  #askedSec = 0;

  constructor(options: FleetOptions) {
    this.#options = options;
    const { request, scheduler, session } = options;
    const { settings, clocks } = request;
    this.#startedAtMs = request.startedAtMs + (options.leadMs ?? 0);
    this.#startedMs = this.#startedAtMs - (clocks.epochMs() - clocks.monotonicMs());
    this.#work = new SharedWork(settings, session.members, options.scenarioHash);
    this.#orders = new FleetOrders(options);
    this.#peerRuns = new PeerRuns({ ...options, startedMs: this.#startedMs });
    this.#startCount = Math.max(1, session.members.length);
    session.listener = this;
    for (const member of session.members) this.#take(member, null);
    this.#executors = startFleetPlan({
      settings,
      scheduler,
      startedMs: this.#startedMs,
      currentUsers: () => this.#currentUsers,
      addUser: (name) => this.#orders.dispatcher.addUser(name),
      removeUser: (name) => this.#orders.dispatcher.removeUser(name),
      rate: (ratePerSec) => {
        this.#orders.ratePerSec = ratePerSec;
      },
    });
    this.done = Promise.all([this.#work.done, ...this.#executors.map((executor) => executor.done)]).then(
      () => {},
    );
    this.#timers.push(
      every(scheduler, DISPATCH_MS, () => this.#orders.dispatch(this.#parts.values())),
      every(scheduler, DISPATCH_MS, () => this.#ask()),
    );
    this.#orders.dispatch(this.#parts.values());
  }

  /** Users asked for at this moment; shared work has as many as it takes. */
  get targetUsers(): number {
    return this.#work.isUsed ? Math.max(this.#dispatchedUsers, this.#currentUsers) : this.#dispatchedUsers;
  }

  get #dispatchedUsers(): number {
    return this.#executors.reduce((sum, executor) => sum + executor.targetUsers, 0);
  }

  setUsers(users: number, spawnRatePerSec: number): void {
    this.#orders.ratePerSec = spawnRatePerSec;
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
    const fault = coverageFault(this.#coverage.share);
    if (fault !== null) request.events.fault(fault);
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
    this.#orders.dispatcher.addWorker(member.id);
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
    coverUntil(part, nowSec, this.#coverage);
    const startedAtMs = this.#startedAtMs;
    const tSecOf = (epochSec: number) =>
      Math.min(nowSec, Math.max(0, Math.floor((epochSec * 1000 + 500 - startedAtMs) / 1000)));
    this.#flush(part);
    const deltas = toDeltas(report, tSecOf);
    // Even an empty report closes the seconds before it.
    this.#add(part, emptyDelta(nowSec - 1));
    for (const delta of deltas)
      if (delta.tSec < nowSec || part.finish !== "running") this.#add(part, delta);
      else part.held.push(asReport(part, delta));
    if (part.finish === "stopped") part.finish = "done";
    if (deltas.some((delta) => delta.requests.length > 0))
      this.#notes.add(
        "some workers are Locust's: their latencies come in its buckets of two significant digits (percentiles within 5 %), from sent only",
      );
  }

  report(member: Member, run: string, report: WorkerReport): void {
    const part = this.#parts.get(member.id);
    const take = (): void => {
      if (part !== undefined) part.usersByClass = report.usersByClass;
      this.#coverage.deliver(report.delta.tSec, report.users);
      this.#options.request.events.report(report);
    };
    this.#peerRuns.receive(member, run, report, part === undefined ? null : take);
  }

  planDone(member: Member): void {
    this.#work.finish(member.id);
  }

  exception(member: Member, message: string, traceback: string): void {
    const part = this.#parts.get(member.id);
    if (part === undefined) return;
    const exception: ExceptionStats = { message, traceback, count: 1, workers: [member.id] };
    this.#add(part, { ...emptyDelta(-1), exceptions: [exception] });
  }

  /** @param lateId first user id of a worker that joins a run under way; null at its start */
  #take(member: Member, lateId: number | null): void {
    const { scenarioHash } = this.#options;
    const part = newPart(member, this.#nowSec());
    this.#parts.set(member.id, part);
    this.#orders.dispatcher.addWorker(member.id);
    this.#add(part, emptyDelta(-1));
    if (!member.isPeer) return;
    if (member.scenarioHash !== scenarioHash)
      this.#notes.add(`worker ${member.id} runs another version of the scenario file than the master`);
    const work = this.#work.of(member.id);
    // An order without users begins the work that needs none.
    part.isOrdered = work !== null;
    const share = { index: lateId ?? this.#parts.size - 1, count: lateId === null ? this.#startCount : 1 };
    this.#peerRuns.begin(member, share, work);
  }

  #lose(member: Member, how: string): void {
    const part = this.#parts.get(member.id);
    if (part === undefined) return;
    if (this.#isStopping) {
      if (how !== "quit") return;
      part.finish = "done";
      return;
    }
    const lostWork = this.#work.lose(member.id);
    if (lostWork !== null) this.#options.request.events.fault(lostWork);
    const users = this.#orders.dispatcher.removeWorker(member.id);
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

  #isAwaited(part: FleetPart): boolean {
    return part.finish !== "done" && this.#options.session.members.includes(part.member);
  }

  /** Notes what is asked for in each second, at its end. */
  #ask(): void {
    const nowSec = this.#nowSec();
    const asked = this.#dispatchedUsers;
    for (; this.#askedSec < nowSec; this.#askedSec += 1) this.#coverage.ask(this.#askedSec, asked);
  }

  #nowSec(): number {
    return Math.max(0, Math.floor((this.#options.scheduler.nowMs() - this.#startedMs) / 1000));
  }

  #flush(part: FleetPart): void {
    for (const report of part.held.splice(0)) this.#options.request.events.report(report);
  }

  #add(part: FleetPart, delta: StatsDelta): void {
    this.#options.request.events.report(asReport(part, delta));
  }
}
