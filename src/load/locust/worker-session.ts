/**
 * A worker's side of the protocol: joins a master, does what it asks, reports. Speaks Locust's protocol to Locust, and to
 * a Rampart master its numbered reports. Time comes from the scheduler, bytes from the link: no sockets and clocks here.
 */
import type { EpochClock } from "#shared";
import { RampartError } from "#shared";
import type { Scheduler } from "../scheduler.ts";
import { every } from "./intervals.ts";
import {
  ANY_VERSION,
  type LocustMessage,
  readSpawnOrder,
  recordOf,
  type SpawnOrder,
  sumUsers,
  TIMERS,
} from "./message.ts";
import {
  isProof,
  PEER,
  PEER_HEARTBEAT_MS,
  PEER_PROTOCOL,
  type PeerRun,
  proofOf,
  readOffer,
  readPeerRun,
  readReceived,
} from "./peer-protocol.ts";
import { alignedStartMs, type WorkerLoad } from "./worker-load.ts";
import { WorkerReports } from "./worker-reports.ts";

/** Users' ids of a worker under a Locust master, which does not say how many workers there are, are this far apart. */
const ID_STRIDE = 1024;
/** Log lines kept for the master; Locust stops sending beyond 70 new ones. */
const LOG_LIMIT_LINES = 70;

/** How a worker's life ended. */
export type WorkerEnding = "quit-by-master" | "stopped";

/** What a session needs. */
export interface WorkerSessionOptions {
  readonly nodeId: string;
  /** Told in `client_ready`; -1 = do not compare. */
  readonly version?: string | number;
  /** Shared token; empty = none. */
  readonly token: string;
  readonly scenarioHash: string;
  readonly load: WorkerLoad;
  readonly scheduler: Scheduler;
  readonly epochMs: EpochClock;
  /** Random text for this worker's challenge. */
  readonly nonce: string;
  readonly memoryBytes: () => number;
  readonly log: (line: string) => void;
  send(message: LocustMessage): void;
  /** Makes a new connection. */
  reset(): void;
}

/** What a worker is doing. */
export interface WorkerStatus {
  readonly state: "connecting" | "ready" | "spawning" | "running" | "stopping";
  /** Number that the master gave it; null before. */
  readonly index: number | null;
  /** True under a Rampart master. */
  readonly isPeer: boolean;
  readonly userClassesCount: Readonly<Record<string, number>>;
}

/** One worker's session with its master. Call {@link start} once. */
export class WorkerSession {
  /** Resolves when the worker is done; rejects with RMP_NET_UNREACHABLE or RMP_LOAD_TOKEN_REFUSED. */
  readonly done: Promise<WorkerEnding>;
  readonly #options: WorkerSessionOptions;
  readonly #reports: WorkerReports;
  #state: WorkerStatus["state"] = "connecting";
  #index: number | null = null;
  #isPeer = false;
  #peerRun: PeerRun | null = null;
  #stopTimeoutSec = 0;
  #lastSpawn = Number.NEGATIVE_INFINITY;
  #masterSeenMs: number | null = null;
  readonly #logs: string[] = [];
  #logsSent = 0;
  #readyTries = 0;
  #stopReadyRetry: () => void = () => {};
  #stopHeartbeat: () => void = () => {};
  readonly #timers: (() => void)[] = [];
  #isOver = false;
  /** Orders are carried out one after the other. */
  #orders: Promise<void> = Promise.resolve();
  #resolve: (ending: WorkerEnding) => void = () => {};
  #reject: (error: RampartError) => void = () => {};

  constructor(options: WorkerSessionOptions) {
    this.#options = options;
    const { load, scheduler, epochMs } = options;
    this.#reports = new WorkerReports({
      load,
      scheduler,
      epochMs,
      send: (type, data) => this.#send(type, data),
    });
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  get status(): WorkerStatus {
    return {
      state: this.#state,
      index: this.#index,
      isPeer: this.#isPeer,
      userClassesCount: this.#options.load.counts,
    };
  }

  /** Announces the worker and begins to wait for orders. */
  start(): void {
    const { scheduler } = this.#options;
    this.#announce();
    this.#timers.push(
      every(scheduler, TIMERS.reportMs, () => this.#reportToLocust()),
      every(scheduler, PEER_HEARTBEAT_MS, () => this.#tick()),
      every(scheduler, TIMERS.logsMs, () => this.#sendLogs()),
    );
  }

  /** Adds a line that masters which take logs will show. */
  log(line: string): void {
    this.#options.log(line);
    if (this.#logs.length < LOG_LIMIT_LINES) this.#logs.push(line);
  }

  /** Takes a message from the master. */
  receive(message: LocustMessage): void {
    if (this.#isOver) return;
    this.#masterSeenMs = this.#masterSeenMs === null ? null : this.#options.scheduler.nowMs();
    switch (message.type) {
      case "ack":
        this.#acknowledged(message.data);
        return;
      case "heartbeat":
        this.#masterSeenMs = this.#options.scheduler.nowMs();
        return;
      case "spawn":
        this.#spawnOrder(message.data);
        return;
      case "stop":
        this.#order(() => this.#stopRun());
        return;
      case "quit":
        this.#order(() => this.#quit("quit-by-master"));
        return;
      case "reconnect":
        this.#options.reset();
        return;
      case PEER.welcome:
        this.#welcomed(message.data);
        return;
      case PEER.refused:
        this.#refuse("the master refused this worker's token");
        return;
      case PEER.run:
        this.#peerRun = readPeerRun(message.data);
        return;
      case PEER.received: {
        const received = readReceived(message.data);
        if (received !== null) this.#reports.acknowledge(received.run, received.seq);
        return;
      }
      default:
    }
  }

  /** Ends the worker's users, sends what is left and says goodbye. */
  async stop(): Promise<void> {
    this.#order(() => this.#quit("stopped"));
    await this.#orders;
  }

  #send(type: string, data: unknown = null): void {
    this.#options.send({ type, data, nodeId: this.#options.nodeId });
  }

  #order(run: () => void | Promise<void>): void {
    this.#orders = this.#orders.then(run).catch((error: unknown) => {
      this.log(`worker: ${error instanceof Error ? error.message : "an order failed"}`);
      this.#exception(error);
    });
  }

  #announce(): void {
    this.#readyTries += 1;
    this.#send("client_ready", this.#options.version ?? ANY_VERSION);
    this.#stopReadyRetry();
    this.#stopReadyRetry = every(this.#options.scheduler, TIMERS.readyRetryMs, () => {
      if (this.#readyTries > TIMERS.readyRetries) {
        this.#fail(new RampartError("RMP_NET_UNREACHABLE", "no master answered"));
        return;
      }
      this.#readyTries += 1;
      this.#send("client_ready", this.#options.version ?? ANY_VERSION);
    });
  }

  #acknowledged(data: unknown): void {
    this.#stopReadyRetry();
    this.#readyTries = 0;
    const index = recordOf(data)?.["index"];
    if (typeof index === "number") this.#index = index;
    const { token, nonce, nodeId, scenarioHash } = this.#options;
    const offer = readOffer(data);
    if (offer === null && token !== "" && !this.#isPeer) {
      this.#refuse("this worker has a token, but its master is no Rampart master");
      return;
    }
    if (offer !== null && offer.protocol === PEER_PROTOCOL)
      this.#send(PEER.hello, {
        nonce,
        proof: proofOf(token, "worker", offer.nonce, nodeId),
        hash: scenarioHash,
      });
    if (this.#state !== "connecting") return;
    this.#state = "ready";
    this.#heartbeatEvery(TIMERS.heartbeatMs);
  }

  #welcomed(data: unknown): void {
    const { token, nonce, nodeId, scheduler } = this.#options;
    const proof = recordOf(data)?.["proof"];
    if (typeof proof !== "string" || !isProof(proof, proofOf(token, "master", nonce, nodeId))) {
      this.#refuse("the master does not know this worker's token");
      return;
    }
    // A master that welcomes a worker knows of none of its users: they are those of one that is gone.
    if (this.#state === "running" || this.#state === "spawning")
      this.#order(async () => {
        await this.#endRun();
        this.#state = "ready";
      });
    this.#isPeer = true;
    this.#masterSeenMs = scheduler.nowMs();
    this.#heartbeatEvery(PEER_HEARTBEAT_MS);
  }

  #heartbeatEvery(intervalMs: number): void {
    this.#stopHeartbeat();
    const beat = () => {
      const { cpuPercent } = this.#options.load.health;
      this.#send("heartbeat", {
        state: this.#state === "stopping" ? "running" : this.#state,
        current_cpu_usage: cpuPercent,
        current_memory_usage: this.#options.memoryBytes(),
      });
    };
    beat();
    this.#stopHeartbeat = every(this.#options.scheduler, intervalMs, beat);
  }

  #spawnOrder(data: unknown): void {
    const order = readSpawnOrder(data);
    if (order === null) return;
    this.#send("spawning");
    if (order.timestamp <= this.#lastSpawn) return;
    this.#lastSpawn = order.timestamp;
    this.#order(() => this.#spawn(order));
  }

  async #spawn(order: SpawnOrder): Promise<void> {
    const { load } = this.#options;
    this.#stopTimeoutSec = order.stopTimeoutSec;
    if (this.#state === "ready") await this.#begin(order);
    this.#state = "spawning";
    const unknown = load.setCounts(order.userClassesCount);
    if (unknown.length > 0) {
      this.log(
        `the master asks for users of classes that this scenario does not have: ${unknown.join(", ")}`,
      );
      this.#send("exception", { msg: `unknown user classes: ${unknown.join(", ")}`, traceback: "" });
    }
    this.#state = "running";
    const counts = load.counts;
    this.#send("spawning_complete", { user_classes_count: { ...counts }, user_count: sumUsers(counts) });
  }

  async #begin(order: SpawnOrder): Promise<void> {
    const { load, epochMs } = this.#options;
    const run = this.#isPeer ? this.#peerRun : null;
    const startedAtMs = run === null ? alignedStartMs(epochMs) : epochMs() - run.elapsedMs;
    this.#reports.begin(run?.run ?? "", startedAtMs);
    await load.begin({
      startedAtMs,
      host: run?.host ?? order.host,
      seed: run?.seed ?? null,
      tags: run?.tags ?? order.tags,
      excludeTags: run?.excludeTags ?? order.excludeTags,
      share:
        run === null
          ? { index: (this.#index ?? 0) % ID_STRIDE, count: ID_STRIDE }
          : { index: run.shareIndex, count: run.shareCount },
      shared: run === null ? null : { value: run.shared },
    });
  }

  /** Twice a second: finished seconds to a peer, unacknowledged ones again, and a look at the master. */
  #tick(): void {
    const { scheduler } = this.#options;
    const nowMs = scheduler.nowMs();
    if (this.#isPeer) this.#reports.toPeer(false);
    if (this.#masterSeenMs === null || nowMs - this.#masterSeenMs < TIMERS.masterTimeoutMs) return;
    this.#fail(new RampartError("RMP_NET_UNREACHABLE", "the master was silent for 60 seconds"));
  }

  #reportToLocust(isLast = false): void {
    if (this.#isPeer || this.#state === "connecting") return;
    const isRunning = this.#state === "running" || this.#state === "spawning";
    this.#reports.toLocust(isLast, isRunning ? this.#options.load.counts : {});
  }

  #exception(error: unknown): void {
    const msg = error instanceof Error ? error.message : "an order failed";
    const traceback = error instanceof Error ? (error.stack ?? "") : "";
    this.#send("exception", { msg, traceback });
  }

  /** Only masters that answer heartbeats take logs; older ones would warn of an unknown message. */
  #sendLogs(): void {
    if (this.#masterSeenMs === null || this.#logs.length === this.#logsSent) return;
    this.#logsSent = this.#logs.length;
    this.#send("logs", { worker_id: this.#options.nodeId, logs: [...this.#logs] });
  }

  /** Ends the run's users and hands over everything that was counted. */
  async #endRun(): Promise<void> {
    if (this.#state !== "running" && this.#state !== "spawning") return;
    this.#state = "stopping";
    const failures = await this.#options.load.end(this.#stopTimeoutSec * 1000);
    for (const failure of failures) {
      this.log(failure);
      this.#send("exception", { msg: failure, traceback: "" });
    }
    if (this.#isPeer) {
      this.#reports.toPeer(true);
      const lost = await this.#reports.untilAcknowledged();
      if (lost > 0)
        this.log(`${lost} reports were never acknowledged by the master: their seconds are missing there`);
    } else this.#reportToLocust(true);
  }

  async #stopRun(): Promise<void> {
    await this.#endRun();
    this.#send("client_stopped");
    this.#state = "ready";
    this.#announce();
  }

  async #quit(ending: WorkerEnding): Promise<void> {
    if (this.#isOver) return;
    await this.#endRun();
    this.#send("quit");
    this.#over();
    this.#resolve(ending);
  }

  #refuse(why: string): void {
    this.#fail(new RampartError("RMP_LOAD_TOKEN_REFUSED", why));
  }

  #fail(error: RampartError): void {
    if (this.#isOver) return;
    this.#over();
    void this.#options.load
      .end(0)
      .catch(() => {})
      .then(() => this.#reject(error));
  }

  #over(): void {
    this.#isOver = true;
    this.#stopReadyRetry();
    this.#stopHeartbeat();
    for (const stop of this.#timers) stop();
  }
}
