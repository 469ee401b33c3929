/**
 * A worker's side of the protocol: joins a master, does what it asks, reports. Speaks Locust's protocol to Locust, and to
 * a Rampart master its numbered reports. Time comes from the scheduler, bytes from the link: no sockets and clocks here.
 */
import type { EpochClock } from "#shared";
import { RampartError } from "#shared";
import type { Scheduler } from "../scheduler.ts";
import { every } from "./intervals.ts";
import { ANY_VERSION, type LocustMessage, recordOf, TIMERS } from "./message.ts";
import {
  isProof,
  PEER,
  PEER_HEARTBEAT_MS,
  PEER_PROTOCOL,
  proofOf,
  readOffer,
  readPeerRun,
  readReceived,
} from "./peer-protocol.ts";
import { ReadyCalls } from "./ready-calls.ts";
import type { WorkerLoad } from "./worker-load.ts";
import { WorkerRun, type WorkerRunState } from "./worker-run.ts";

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
  readonly state: WorkerRunState;
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
  readonly #run: WorkerRun;
  readonly #ready: ReadyCalls;
  #masterSeenMs: number | null = null;
  readonly #logs: string[] = [];
  #logsSent = 0;
  #stopHeartbeat: () => void = () => {};
  readonly #timers: (() => void)[] = [];
  #isOver = false;
  #resolve: (ending: WorkerEnding) => void = () => {};
  #reject: (error: RampartError) => void = () => {};

  constructor(options: WorkerSessionOptions) {
    this.#options = options;
    const { load, scheduler, epochMs } = options;
    this.#run = new WorkerRun({
      load,
      scheduler,
      epochMs,
      send: (type, data) => this.#send(type, data),
      log: (line) => this.log(line),
    });
    this.#ready = new ReadyCalls(
      scheduler,
      () => this.#send("client_ready", options.version ?? ANY_VERSION),
      () => this.#fail(new RampartError("RMP_NET_UNREACHABLE", "no master answered")),
    );
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  get status(): WorkerStatus {
    const { state, index, isPeer } = this.#run;
    return {
      state,
      index,
      isPeer,
      userClassesCount: this.#options.load.counts,
    };
  }

  /** Announces the worker and begins to wait for orders. */
  start(): void {
    const { scheduler } = this.#options;
    this.#ready.begin();
    this.#timers.push(
      every(scheduler, TIMERS.reportMs, () => this.#run.reportToLocust()),
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
        this.#run.spawn(message.data);
        return;
      case "stop":
        void this.#run.order(() => this.#stopRun());
        return;
      case "quit":
        void this.#run.order(() => this.#quit("quit-by-master"));
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
        this.#run.peerRun = readPeerRun(message.data);
        return;
      case PEER.received: {
        const received = readReceived(message.data);
        if (received !== null) this.#run.reports.acknowledge(received.run, received.seq);
        return;
      }
      default:
    }
  }

  /** Ends the worker's users, sends what is left and says goodbye. */
  async stop(): Promise<void> {
    await this.#run.order(() => this.#quit("stopped"));
  }

  #send(type: string, data: unknown = null): void {
    this.#options.send({ type, data, nodeId: this.#options.nodeId });
  }

  #acknowledged(data: unknown): void {
    this.#ready.answered();
    const index = recordOf(data)?.["index"];
    if (typeof index === "number") this.#run.index = index;
    const { token, nonce, nodeId, scenarioHash } = this.#options;
    const offer = readOffer(data);
    if (offer === null && token !== "" && !this.#run.isPeer) {
      this.#refuse("this worker has a token, but its master is no Rampart master");
      return;
    }
    if (offer !== null && offer.protocol === PEER_PROTOCOL)
      this.#send(PEER.hello, {
        nonce,
        proof: proofOf(token, "worker", offer.nonce, nodeId),
        hash: scenarioHash,
      });
    if (this.#run.state !== "connecting") return;
    this.#run.state = "ready";
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
    if (this.#run.isActive)
      void this.#run.order(async () => {
        await this.#run.end();
        this.#run.state = "ready";
      });
    this.#run.isPeer = true;
    this.#masterSeenMs = scheduler.nowMs();
    this.#heartbeatEvery(PEER_HEARTBEAT_MS);
  }

  #heartbeatEvery(intervalMs: number): void {
    this.#stopHeartbeat();
    const beat = () => {
      const { cpuPercent } = this.#options.load.health;
      this.#send("heartbeat", {
        state: this.#run.state === "stopping" ? "running" : this.#run.state,
        current_cpu_usage: cpuPercent,
        current_memory_usage: this.#options.memoryBytes(),
      });
    };
    beat();
    this.#stopHeartbeat = every(this.#options.scheduler, intervalMs, beat);
  }

  /** Twice a second: finished seconds to a peer, unacknowledged ones again, and a look at the master. */
  #tick(): void {
    const { scheduler } = this.#options;
    const nowMs = scheduler.nowMs();
    if (this.#run.isPeer) this.#run.reports.toPeer(false);
    if (this.#masterSeenMs === null || nowMs - this.#masterSeenMs < TIMERS.masterTimeoutMs) return;
    this.#fail(new RampartError("RMP_NET_UNREACHABLE", "the master was silent for 60 seconds"));
  }

  /** Only masters that answer heartbeats take logs; older ones would warn of an unknown message. */
  #sendLogs(): void {
    if (this.#masterSeenMs === null || this.#logs.length === this.#logsSent) return;
    this.#logsSent = this.#logs.length;
    this.#send("logs", { worker_id: this.#options.nodeId, logs: [...this.#logs] });
  }

  async #stopRun(): Promise<void> {
    await this.#run.end();
    this.#send("client_stopped");
    this.#run.state = "ready";
    this.#ready.begin();
  }

  async #quit(ending: WorkerEnding): Promise<void> {
    if (this.#isOver) return;
    await this.#run.end();
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
    this.#ready.end();
    this.#stopHeartbeat();
    for (const stop of this.#timers) stop();
  }
}
