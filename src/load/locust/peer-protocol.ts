/**
 * What Rampart's master and workers say to each other beyond Locust: message types of their own that are only sent to a
 * peer that showed itself as one, so Locust and boomer never see them.
 *
 *  worker                         master
 *  client_ready                ->
 *                              <- ack { index, rampart: { protocol, nonce } }
 *  rampart_hello               ->    proof of the shared token over the master's nonce
 *                              <- rampart_welcome, proof over the worker's nonce (or rampart_refused)
 *                              <- rampart_run, spawn ...
 *  rampart_report 1, 2, 3 ...  ->
 *                              <- rampart_received n      (cumulative)
 *  rampart_done                ->    its share of arrivals, iterations or sessions is done
 *
 * The token proves that both ends belong together; it does not encrypt. Across untrusted networks put the port into a TLS
 * tunnel.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import { recordOf } from "./message.ts";
import { type PeerWork, readWork } from "./shared-work.ts";

/** Version of this protocol; peers with another one speak Locust's. */
export const PEER_PROTOCOL = 1;

/** Part of the node id by which a master knows that a hello will follow. */
const PEER_ID_MARK = "_rampart_";

/** Message types. */
export const PEER = {
  hello: "rampart_hello",
  welcome: "rampart_welcome",
  refused: "rampart_refused",
  run: "rampart_run",
  report: "rampart_report",
  received: "rampart_received",
  done: "rampart_done",
} as const;

/** A worker's heartbeats are this far apart between peers, ms: a lost worker shows within {@link PEER_MISSING_AFTER_MS}. */
export const PEER_HEARTBEAT_MS = 500;
/** A peer that was silent for so long is missing, ms. */
export const PEER_MISSING_AFTER_MS = 2500;
/** A report that was not acknowledged is sent again after so long, ms. */
export const RESEND_AFTER_MS = 2000;

/** Node id of a Rampart worker. */
export function peerNodeId(hostname: string, random: string): string {
  return `${hostname}${PEER_ID_MARK}${random}`;
}

/** True when the node id is a Rampart worker's. */
export function isPeerNodeId(nodeId: string): boolean {
  return nodeId.includes(PEER_ID_MARK);
}

/** What a proof is for: one of a kind is none of another. */
export type ProofRole = "worker" | "master" | "source-request" | "source";

/** Proof of the token, hex HMAC-SHA-256 over role, nonce and subject: the node id, or the digest of what is sent. */
export function proofOf(token: string, role: ProofRole, nonce: string, subject: string): string {
  return createHmac("sha256", token).update(`${role}\n${nonce}\n${subject}`).digest("hex");
}

/** True when the proof is the expected one; takes the same time for every wrong one. */
export function isProof(given: string, expected: string): boolean {
  const a = Buffer.from(given, "utf8");
  const b = Buffer.from(expected, "utf8");
  return a.length === b.length && timingSafeEqual(a, b);
}

/** What a master offers in its `ack`. */
export interface PeerOffer {
  readonly protocol: number;
  readonly nonce: string;
}

/** What a worker tells of itself. */
export interface PeerHello {
  readonly nonce: string;
  readonly proof: string;
  /** SHA-256 of the scenario's source, hex. */
  readonly hash: string;
}

/** What a run is, for a peer; times are durations, so clocks need not agree. */
export interface PeerRun {
  readonly run: string;
  /** Time since second 0 of the run began, ms. */
  readonly elapsedMs: number;
  readonly host: string;
  readonly seed: number;
  readonly tags: readonly string[];
  readonly excludeTags: readonly string[];
  readonly shareIndex: number;
  readonly shareCount: number;
  /** What `setup` returned at the master. */
  readonly shared: unknown;
  /** Share of the executors that workers run by themselves; null without one. */
  readonly work: PeerWork | null;
}

/** Offer in an `ack`'s data; null when the master is none of ours. */
export function readOffer(data: unknown): PeerOffer | null {
  const fields = recordOf(recordOf(data)?.["rampart"]);
  const protocol = fields?.["protocol"];
  const nonce = fields?.["nonce"];
  return typeof protocol === "number" && typeof nonce === "string" ? { protocol, nonce } : null;
}

/** A hello's data; null when it is none. */
export function readHello(data: unknown): PeerHello | null {
  const fields = recordOf(data);
  const { nonce, proof, hash } = fields ?? {};
  if (typeof nonce !== "string" || typeof proof !== "string" || typeof hash !== "string") return null;
  return { nonce, proof, hash };
}

/** A run's data; null when it is none. */
export function readPeerRun(data: unknown): PeerRun | null {
  const fields = recordOf(data);
  if (fields === null) return null;
  const { run, elapsedMs, host, seed, shareIndex, shareCount } = fields;
  if (typeof run !== "string" || typeof elapsedMs !== "number" || typeof host !== "string") return null;
  if (typeof seed !== "number" || typeof shareIndex !== "number" || typeof shareCount !== "number")
    return null;
  return {
    run,
    elapsedMs,
    host,
    seed,
    tags: readStrings(fields["tags"]),
    excludeTags: readStrings(fields["excludeTags"]),
    shareIndex,
    shareCount,
    shared: toPlain(fields["shared"]),
    work: readWork(toPlain(fields["work"])),
  };
}

/** Number of the last report taken; null when it is none. */
export function readReceived(data: unknown): { readonly run: string; readonly seq: number } | null {
  const { run, seq } = recordOf(data) ?? {};
  return typeof run === "string" && typeof seq === "number" ? { run, seq } : null;
}

/** Decoded maps as plain objects, at every depth. */
export function toPlain(value: unknown): unknown {
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([key, item]) => [String(key), toPlain(item)]));
  return Array.isArray(value) ? value.map(toPlain) : value;
}

function readStrings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}
