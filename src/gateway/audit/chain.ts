import crypto, { createHash } from "node:crypto";
import { AUDIT_VERSION, type AuditContent, type AuditRecord, GENESIS } from "./record.ts";

const HASH_START = ',"hash":"';
const HASH_CHARACTERS = 64;
/** Bytes of `,"hash":"…"}` at the end of every line. */
const SEAL_BYTES = HASH_START.length + HASH_CHARACTERS + 2;

/** A line of the log that could be read, or why it could not. */
export type OpenedLine =
  | { readonly kind: "record"; readonly record: AuditRecord }
  | { readonly kind: "fault"; readonly problem: string };

/**
 * Strings records together: each line holds the hash of the line before, and its own hash over all of its bytes but the hash
 * itself. The bytes as written are the canonical form, so that no byte can change unseen. The chain proves that nothing was
 * changed inside it; who can write the file can write a new chain, and only a hash kept elsewhere shows that.
 */
export class Chain {
  /** Place of the last record; 0 before the first. */
  seq: number;
  /** Hash of the last record. */
  hash: string;

  constructor(seq = 0, hash: string = GENESIS) {
    this.seq = seq;
    this.hash = hash;
  }

  /** Adds a record. @returns its line with the newline */
  seal(ts: number, content: AuditContent): string {
    this.seq += 1;
    const json = JSON.stringify(content);
    const body = `{"v":${AUDIT_VERSION},"seq":${this.seq},"ts":${ts},${json.slice(1, -1)},"prev":"${this.hash}"`;
    this.hash = sha256(`${body}}`);
    return `${body}${HASH_START}${this.hash}"}\n`;
  }
}

/**
 * Reads one line and checks its own hash.
 * @param line without the newline
 */
export function openLine(line: Buffer): OpenedLine {
  const sealAt = line.length - SEAL_BYTES;
  if (sealAt < 2) return fault("no record");
  const seal = line.toString("latin1", sealAt);
  if (!seal.startsWith(HASH_START) || !seal.endsWith('"}')) return fault("no record");
  const body = line.subarray(0, sealAt);
  const hash = createHash("sha256").update(body).update("}").digest("hex");
  if (seal.slice(HASH_START.length, -2) !== hash) return fault("the record was changed");
  try {
    // The hash says that the log wrote this; a forger's other shape shows in the fields that are compared.
    return { kind: "record", record: JSON.parse(line.toString("utf8")) as AuditRecord };
  } catch {
    return fault("no record");
  }
}

/** Whether bytes after the last newline are more than a write that was cut short: a whole record and then something. */
export function isMoreThanTorn(tail: Buffer): boolean {
  return /,"hash":"[0-9a-f]{64}"\}./s.test(tail.toString("latin1"));
}

function fault(problem: string): OpenedLine {
  return { kind: "fault", problem };
}

/** The one-shot form came with Node 20.12 and takes half the time. */
const sha256: (text: string) => string =
  typeof crypto.hash === "function"
    ? (text) => crypto.hash("sha256", text, "hex")
    : (text) => createHash("sha256").update(text).digest("hex");
