/**
 * A master's side of the protocol: who is there, who is alive, who may join. What a run does with its workers is the
 * fleet's business. Time comes from the scheduler, bytes from the link: no sockets and clocks here.
 */
import type { Scheduler } from "../scheduler.ts";
import type { WorkerReport } from "../stats/delta.ts";
import { Candidates } from "./candidates.ts";
import { every } from "./intervals.ts";
import { type Member, newMember, takeHeartbeat } from "./member.ts";
import { type LocustMessage, readUserClasses, recordOf, TIMERS } from "./message.ts";
import { isPeerNodeId, PEER, PEER_MISSING_AFTER_MS } from "./peer-protocol.ts";
import { LOCUSTFILE } from "./scenario-exchange.ts";
import { type LocustReport, readReport } from "./stats-entry.ts";
import { readWorkerReport } from "./worker-report.ts";

/** How often the workers' silence is looked at, ms. */
const LIVENESS_MS = 250;
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
  /** Its share of the work that peers run by themselves is done. */
  planDone(member: Member): void;
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
  /** Answers one who asks for the scenario's source. @param from its routing id */
  readonly source?: (from: string, question: unknown) => Record<string, unknown>;
  send(message: LocustMessage): void;
}

/** One master's session with all its workers. */
export class MasterSession {
  /** Hears what happens; a run puts itself here. */
  listener: MasterListener | null = null;
  readonly #options: MasterSessionOptions;
  readonly #members = new Map<string, Member>();
  readonly #candidates: Candidates;
  readonly #indexes = new Map<string, number>();
  readonly #waiters = new Set<() => void>();
  readonly #stopLiveness: () => void;
  #lookedAtMs: number;

  constructor(options: MasterSessionOptions) {
    this.#options = options;
    this.#candidates = new Candidates(options.token, () => options.newNonce());
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
    if (type === LOCUSTFILE) {
      this.send(from, LOCUSTFILE, this.#options.source?.(from, data) ?? { error: "no source is given here" });
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
        if (takeHeartbeat(member, data)) this.send(from, "heartbeat");
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
      case PEER.done:
        this.listener?.planDone(member);
        return;
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
    const { token, scheduler, log } = this.#options;
    const index = this.#indexOf(id);
    const known = this.#members.get(id);
    if (known?.isPeer === true && known.isStopped) {
      // It proved itself when it joined, and is ready for the next run.
      this.#alive(known);
      this.send(id, "ack", { index });
      return;
    }
    if (isPeerNodeId(id)) {
      const offer = this.#candidates.challenge(id, version, scheduler.nowMs());
      this.send(id, "ack", { index, rampart: offer });
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
    const answer = this.#candidates.answer(id, data);
    if (answer === null) return;
    if (answer === "refused") {
      this.#options.log(`worker ${id} was refused: its token is another one`);
      this.send(id, PEER.refused, { reason: "token" });
      return;
    }
    this.send(id, PEER.welcome, { proof: answer.proof });
    this.#admit(id, answer.version, true, answer.scenarioHash);
  }

  #admit(id: string, version: unknown, isPeer: boolean, scenarioHash: string): void {
    const known = this.#members.get(id);
    const nowMs = this.#options.scheduler.nowMs();
    // After a `stop` a worker announces itself again; while it has users that means that it began anew.
    if (known !== undefined && (known.isStopped || known.state === "ready")) {
      known.state = "ready";
      known.lastSeenMs = nowMs;
      return;
    }
    const member = newMember({ id, index: this.#indexOf(id), isPeer, scenarioHash, version }, nowMs);
    if (known !== undefined) this.listener?.left(known);
    this.#members.set(id, member);
    this.listener?.joined(member);
    this.#changed();
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
    this.#candidates.expire(nowMs);
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
