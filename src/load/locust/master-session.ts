/**
 * A master's side of the protocol: who is there, who is alive, who may join. What a run does with its workers is the
 * fleet's business. Time comes from the scheduler, bytes from the link: no sockets and clocks here.
 */
import type { Scheduler } from "../scheduler.ts";
import type { WorkerReport } from "../stats/delta.ts";
import { every } from "./intervals.ts";
import { type LocustMessage, readUserClasses, recordOf, TIMERS, type WorkerState } from "./message.ts";
import {
  isPeerNodeId,
  isProof,
  PEER,
  PEER_MISSING_AFTER_MS,
  PEER_PROTOCOL,
  proofOf,
  readHello,
} from "./peer-protocol.ts";
import { type LocustReport, readReport } from "./stats-entry.ts";
import { readWorkerReport } from "./worker-report.ts";

/** How often the workers' silence is looked at, ms. */
const LIVENESS_MS = 250;
/** A worker whose id promised a hello gets so long to send it, ms. */
const HELLO_MS = 5000;
/**
 * Workers of Locust before 2.19 do not know a master's heartbeat and log a warning for each; later ones leave after 60 s
 * without one. Those that do not tell their version get one in so many.
 */
const SPARSE_HEARTBEAT = 20;
const HEARTBEAT_SINCE = [2, 19] as const;

/** One worker as its master knows it. */
export interface Member {
  readonly id: string;
  /** Stays the same for an id as long as the master lives. */
  readonly index: number;
  /** True for a Rampart worker whose reports are numbered. */
  readonly isPeer: boolean;
  /** SHA-256 of a peer's scenario source; empty for others. */
  readonly scenarioHash: string;
  state: WorkerState;
  /** True from when its users ended after a `stop` until the next order. */
  isStopped: boolean;
  lastSeenMs: number;
  cpuPercent: number;
  memoryBytes: number;
  heartbeats: number;
  readonly heartbeatEvery: number;
}

/** What happens among the workers. */
export interface MasterListener {
  joined(member: Member): void;
  /** It said goodbye, or came anew under its id. */
  left(member: Member): void;
  missing(member: Member): void;
  /** A missing one is back. */
  healed(member: Member): void;
  /** It started and ended users as it was told and now runs these. */
  spawned(member: Member, counts: Readonly<Record<string, number>>): void;
  /** Its users have ended after a `stop`. */
  stopped(member: Member): void;
  stats(member: Member, report: LocustReport): void;
  report(member: Member, run: string, report: WorkerReport): void;
  exception(member: Member, message: string, traceback: string): void;
}

/** What a session needs. */
export interface MasterSessionOptions {
  /** Shared token; empty = none, and everybody may join. */
  readonly token: string;
  readonly scheduler: Scheduler;
  /** Random text for a challenge. */
  readonly newNonce: () => string;
  readonly log: (line: string) => void;
  send(message: LocustMessage): void;
}

/** A worker whose hello is awaited. */
interface Candidate {
  readonly nonce: string;
  readonly sinceMs: number;
  readonly version: unknown;
}

/** One master's session with all its workers. */
export class MasterSession {
  /** Hears what happens; a run puts itself here. */
  listener: MasterListener | null = null;
  readonly #options: MasterSessionOptions;
  readonly #members = new Map<string, Member>();
  readonly #candidates = new Map<string, Candidate>();
  readonly #indexes = new Map<string, number>();
  readonly #waiters = new Set<() => void>();
  readonly #stopLiveness: () => void;
  #lookedAtMs: number;

  constructor(options: MasterSessionOptions) {
    this.#options = options;
    this.#lookedAtMs = options.scheduler.nowMs();
    this.#stopLiveness = every(options.scheduler, LIVENESS_MS, () => this.#look());
  }

  /** Workers that are there, by index. */
  get members(): readonly Member[] {
    return [...this.#members.values()]
      .filter((member) => member.state !== "missing")
      .sort((a, b) => a.index - b.index);
  }

  /** Workers that were there, missing ones included. */
  get allMembers(): readonly Member[] {
    return [...this.#members.values()].sort((a, b) => a.index - b.index);
  }

  /** Calls when the number of workers may have changed. @returns ends it */
  onChange(call: () => void): () => void {
    this.#waiters.add(call);
    return () => this.#waiters.delete(call);
  }

  /** Sends one worker a message. */
  send(id: string, type: string, data: unknown = null): void {
    const member = type === "spawn" ? this.#members.get(id) : undefined;
    if (member !== undefined) member.isStopped = false;
    this.#options.send({ type, data, nodeId: id });
  }

  /** Takes bytes that were no message: the sender shall open a new connection. */
  corrupt(from: string): void {
    this.#options.log(`worker ${from} sent bytes that are no message`);
    this.send(from, "reconnect");
  }

  /** Takes a message. @param from routing id of its connection; what a message says of itself must agree */
  receive(from: string, message: LocustMessage): void {
    if (message.nodeId !== from) return;
    const { type, data } = message;
    if (type === "client_ready") {
      this.#ready(from, data);
      return;
    }
    if (type === PEER.hello) {
      this.#hello(from, data);
      return;
    }
    const member = this.#members.get(from);
    if (member === undefined) {
      // A worker that says so runs users for a master that is gone (Locust's answer to it).
      if (type === "spawning") this.send(from, "quit");
      // One of ours: it joins anew.
      if (type === "heartbeat" && isPeerNodeId(from) && !this.#candidates.has(from)) this.#ready(from, -1);
      return;
    }
    this.#alive(member);
    switch (type) {
      case "heartbeat":
        this.#heartbeat(member, data);
        return;
      case "spawning":
        member.state = "spawning";
        return;
      case "spawning_complete": {
        member.state = "running";
        const counts = readUserClasses(recordOf(data)?.["user_classes_count"]);
        if (counts !== null) this.listener?.spawned(member, counts);
        return;
      }
      case "stats": {
        const report = readReport(data);
        if (report === null) this.#options.log(`worker ${from} sent statistics that cannot be read`);
        else this.listener?.stats(member, report);
        return;
      }
      case PEER.report: {
        const read = readWorkerReport(data);
        if (read === null || read.report.workerId !== from)
          this.#options.log(`worker ${from} sent a report that cannot be read`);
        else if (this.listener !== null) this.listener.report(member, read.run, read.report);
        // Of a run that is over: its worker need not keep it.
        else this.send(from, PEER.received, { run: read.run, seq: read.report.seq });
        return;
      }
      case "exception": {
        const { msg, traceback } = recordOf(data) ?? {};
        this.listener?.exception(member, String(msg ?? ""), String(traceback ?? ""));
        return;
      }
      case "client_stopped":
        member.state = "ready";
        member.isStopped = true;
        this.listener?.stopped(member);
        return;
      case "quit":
        this.#forget(member);
        return;
      case "logs": {
        const lines = recordOf(data)?.["logs"];
        if (Array.isArray(lines))
          for (const line of lines) this.#options.log(`worker ${from}: ${String(line)}`);
        return;
      }
      default:
    }
  }

  /** Lets all workers go. */
  close(): void {
    this.#stopLiveness();
    for (const member of this.#members.values()) this.send(member.id, "quit");
    this.#members.clear();
    this.#waiters.clear();
  }

  #ready(id: string, version: unknown): void {
    const { token, newNonce, scheduler, log } = this.#options;
    const index = this.#indexOf(id);
    const known = this.#members.get(id);
    if (known?.isPeer === true && known.isStopped) {
      // It proved itself when it joined, and is ready for the next run.
      this.#alive(known);
      this.send(id, "ack", { index });
      return;
    }
    if (isPeerNodeId(id)) {
      const nonce = newNonce();
      this.#candidates.set(id, { nonce, sinceMs: scheduler.nowMs(), version });
      this.send(id, "ack", { index, rampart: { protocol: PEER_PROTOCOL, nonce } });
      return;
    }
    if (token !== "") {
      log(`worker ${id} was refused: it cannot prove the token`);
      this.send(id, "quit");
      return;
    }
    this.send(id, "ack", { index });
    this.#admit(id, version, false, "");
  }

  #hello(id: string, data: unknown): void {
    const candidate = this.#candidates.get(id);
    const hello = readHello(data);
    if (candidate === undefined || hello === null) return;
    this.#candidates.delete(id);
    const { token, log } = this.#options;
    if (!isProof(hello.proof, proofOf(token, "worker", candidate.nonce, id))) {
      log(`worker ${id} was refused: its token is another one`);
      this.send(id, PEER.refused, { reason: "token" });
      return;
    }
    this.send(id, PEER.welcome, { proof: proofOf(token, "master", hello.nonce, id) });
    this.#admit(id, candidate.version, true, hello.hash);
  }

  #admit(id: string, version: unknown, isPeer: boolean, scenarioHash: string): void {
    const known = this.#members.get(id);
    // After a `stop` a worker announces itself again; while it has users that means that it began anew.
    if (known !== undefined && (known.isStopped || known.state === "ready")) {
      known.state = "ready";
      known.lastSeenMs = this.#options.scheduler.nowMs();
      return;
    }
    const member: Member = {
      id,
      index: this.#indexOf(id),
      isPeer,
      scenarioHash,
      state: "ready",
      isStopped: false,
      lastSeenMs: this.#options.scheduler.nowMs(),
      cpuPercent: 0,
      memoryBytes: 0,
      heartbeats: 0,
      heartbeatEvery: knowsMasterHeartbeat(version) ? 1 : SPARSE_HEARTBEAT,
    };
    if (known !== undefined) this.listener?.left(known);
    this.#members.set(id, member);
    this.listener?.joined(member);
    this.#changed();
  }

  #heartbeat(member: Member, data: unknown): void {
    const fields = recordOf(data) ?? {};
    const { state, current_cpu_usage: cpu, current_memory_usage: memory } = fields;
    if (typeof cpu === "number") member.cpuPercent = cpu;
    if (typeof memory === "number") member.memoryBytes = memory;
    if (member.isStopped) member.state = "ready";
    else if (state === "ready" || state === "spawning" || state === "running") member.state = state;
    if (member.heartbeats % member.heartbeatEvery === 0) this.send(member.id, "heartbeat");
    member.heartbeats += 1;
  }

  #alive(member: Member): void {
    member.lastSeenMs = this.#options.scheduler.nowMs();
    if (member.state !== "missing") return;
    member.state = "running";
    this.listener?.healed(member);
    this.#changed();
  }

  #look(): void {
    const nowMs = this.#options.scheduler.nowMs();
    // While the master itself was held up nobody could be heard: that time is no silence of the workers.
    const heldUpMs = nowMs - this.#lookedAtMs - LIVENESS_MS;
    this.#lookedAtMs = nowMs;
    for (const member of [...this.#members.values()]) {
      if (heldUpMs > LIVENESS_MS) member.lastSeenMs += heldUpMs;
      const silentMs = nowMs - member.lastSeenMs;
      if (member.state === "missing") {
        if (silentMs > TIMERS.forgottenAfterMs) this.#members.delete(member.id);
        continue;
      }
      if (silentMs <= (member.isPeer ? PEER_MISSING_AFTER_MS : TIMERS.missingAfterMs)) continue;
      member.state = "missing";
      this.listener?.missing(member);
      this.#changed();
    }
    for (const [id, candidate] of this.#candidates)
      if (nowMs - candidate.sinceMs > HELLO_MS) this.#candidates.delete(id);
  }

  #forget(member: Member): void {
    this.#members.delete(member.id);
    this.listener?.left(member);
    this.#changed();
  }

  #indexOf(id: string): number {
    const known = this.#indexes.get(id) ?? this.#indexes.size;
    this.#indexes.set(id, known);
    return known;
  }

  #changed(): void {
    for (const call of [...this.#waiters]) call();
  }
}

/** Boomer and our workers (-1), and Locust from 2.19. */
function knowsMasterHeartbeat(version: unknown): boolean {
  if (version === -1) return true;
  const match = /^(\d+)\.(\d+)/.exec(typeof version === "string" ? version : "");
  if (match === null) return false;
  const [major, minor] = [Number(match[1]), Number(match[2])];
  return major > HEARTBEAT_SINCE[0] || (major === HEARTBEAT_SINCE[0] && minor >= HEARTBEAT_SINCE[1]);
}
