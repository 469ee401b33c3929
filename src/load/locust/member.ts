/** One worker as its master knows it. */
import { recordOf, type WorkerState } from "./message.ts";

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

/** What a worker showed when it joined. */
export interface JoinedAs {
  readonly id: string;
  readonly index: number;
  readonly isPeer: boolean;
  readonly scenarioHash: string;
  /** As it told it in `client_ready`. */
  readonly version: unknown;
}

/** A worker that joined just now. */
export function newMember(joined: JoinedAs, nowMs: number): Member {
  const { id, index, isPeer, scenarioHash, version } = joined;
  return {
    id,
    index,
    isPeer,
    scenarioHash,
    state: "ready",
    isStopped: false,
    lastSeenMs: nowMs,
    cpuPercent: 0,
    memoryBytes: 0,
    heartbeats: 0,
    heartbeatEvery: knowsMasterHeartbeat(version) ? 1 : SPARSE_HEARTBEAT,
  };
}

/** Takes over what a heartbeat says. @returns whether it is to be answered */
export function takeHeartbeat(member: Member, data: unknown): boolean {
  const fields = recordOf(data) ?? {};
  const { state, current_cpu_usage: cpu, current_memory_usage: memory } = fields;
  if (typeof cpu === "number") member.cpuPercent = cpu;
  if (typeof memory === "number") member.memoryBytes = memory;
  if (member.isStopped) member.state = "ready";
  else if (state === "ready" || state === "spawning" || state === "running") member.state = state;
  const isAnswered = member.heartbeats % member.heartbeatEvery === 0;
  member.heartbeats += 1;
  return isAnswered;
}

/** Boomer and our workers (-1), and Locust from 2.19. */
function knowsMasterHeartbeat(version: unknown): boolean {
  if (version === -1) return true;
  const match = /^(\d+)\.(\d+)/.exec(typeof version === "string" ? version : "");
  if (match === null) return false;
  const [major, minor] = [Number(match[1]), Number(match[2])];
  return major > HEARTBEAT_SINCE[0] || (major === HEARTBEAT_SINCE[0] && minor >= HEARTBEAT_SINCE[1]);
}
