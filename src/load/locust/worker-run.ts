/** What a worker does with its users: its master's orders, carried out one after the other, and what they counted. */
import type { EpochClock } from "#shared";
import type { Scheduler } from "../scheduler.ts";
import { readSpawnOrder, type SpawnOrder, sumUsers } from "./message.ts";
import { PEER, type PeerRun } from "./peer-protocol.ts";
import { alignedStartMs, type WorkerLoad } from "./worker-load.ts";
import { WorkerReports } from "./worker-reports.ts";

/** Users' ids of a worker under a Locust master, which does not say how many workers there are, are this far apart. */
const ID_STRIDE = 1024;

/** What a worker is doing, in Locust's words. */
export type WorkerRunState = "connecting" | "ready" | "spawning" | "running" | "stopping";

/** What a worker's run needs. */
export interface WorkerRunOptions {
  readonly load: WorkerLoad;
  readonly scheduler: Scheduler;
  readonly epochMs: EpochClock;
  readonly send: (type: string, data?: unknown) => void;
  readonly log: (line: string) => void;
}

/** A worker's users from the first order to the last report. */
export class WorkerRun {
  readonly reports: WorkerReports;
  state: WorkerRunState = "connecting";
  /** Number that the master gave the worker; null before. */
  index: number | null = null;
  /** True under a Rampart master. */
  isPeer = false;
  /** What a Rampart master said of the run that the next order begins. */
  peerRun: PeerRun | null = null;
  readonly #options: WorkerRunOptions;
  #stopTimeoutSec = 0;
  #lastSpawn = Number.NEGATIVE_INFINITY;
  /** Orders are carried out one after the other. */
  #orders: Promise<void> = Promise.resolve();

  constructor(options: WorkerRunOptions) {
    this.#options = options;
    const { load, scheduler, epochMs } = options;
    this.reports = new WorkerReports({
      load,
      scheduler,
      epochMs,
      send: (type, data) => options.send(type, data),
    });
  }

  /** True while users run or start. */
  get isActive(): boolean {
    return this.state === "running" || this.state === "spawning";
  }

  /** Puts an order behind those before it; what it throws goes to the log and the master. @returns after it */
  order(run: () => void | Promise<void>): Promise<void> {
    this.#orders = this.#orders.then(run).catch((error: unknown) => {
      const msg = error instanceof Error ? error.message : "an order failed";
      const traceback = error instanceof Error ? (error.stack ?? "") : "";
      this.#options.log(`worker: ${msg}`);
      this.#options.send("exception", { msg, traceback });
    });
    return this.#orders;
  }

  /** Takes the data of a `spawn` message; older ones than the last are dropped. */
  spawn(data: unknown): void {
    const order = readSpawnOrder(data);
    if (order === null) return;
    this.#options.send("spawning");
    if (order.timestamp <= this.#lastSpawn) return;
    this.#lastSpawn = order.timestamp;
    void this.order(() => this.#spawn(order));
  }

  /** Reports to a Locust master; peers get their finished seconds instead. */
  reportToLocust(isLast = false): void {
    if (this.isPeer || this.state === "connecting") return;
    this.reports.toLocust(isLast, this.isActive ? this.#options.load.counts : {});
  }

  /** Ends the run's users and hands over everything that was counted. */
  async end(): Promise<void> {
    if (!this.isActive) return;
    this.state = "stopping";
    const { load, log, send } = this.#options;
    const failures = await load.end(this.#stopTimeoutSec * 1000);
    for (const failure of failures) {
      log(failure);
      send("exception", { msg: failure, traceback: "" });
    }
    if (this.isPeer) {
      this.reports.toPeer(true);
      const lost = await this.reports.untilAcknowledged();
      if (lost > 0)
        log(`${lost} reports were never acknowledged by the master: their seconds are missing there`);
    } else this.reportToLocust(true);
  }

  async #spawn(order: SpawnOrder): Promise<void> {
    const { load, log, send } = this.#options;
    this.#stopTimeoutSec = order.stopTimeoutSec;
    if (this.state === "ready") await this.#begin(order);
    this.state = "spawning";
    const unknown = load.setCounts(order.userClassesCount);
    if (unknown.length > 0) {
      log(`the master asks for users of classes that this scenario does not have: ${unknown.join(", ")}`);
      send("exception", { msg: `unknown user classes: ${unknown.join(", ")}`, traceback: "" });
    }
    this.state = "running";
    const counts = load.counts;
    send("spawning_complete", { user_classes_count: { ...counts }, user_count: sumUsers(counts) });
  }

  async #begin(order: SpawnOrder): Promise<void> {
    const { load, epochMs } = this.#options;
    const run = this.isPeer ? this.peerRun : null;
    const startedAtMs = run === null ? alignedStartMs(epochMs) : epochMs() - run.elapsedMs;
    this.reports.begin(run?.run ?? "", startedAtMs);
    await load.begin({
      startedAtMs,
      host: run?.host ?? order.host,
      seed: run?.seed ?? null,
      tags: run?.tags ?? order.tags,
      excludeTags: run?.excludeTags ?? order.excludeTags,
      share:
        run === null
          ? { index: (this.index ?? 0) % ID_STRIDE, count: ID_STRIDE }
          : { index: run.shareIndex, count: run.shareCount },
      shared: run === null ? null : { value: run.shared },
      work: run?.work ?? null,
      onWorkDone: () => this.#options.send(PEER.done),
    });
  }
}
