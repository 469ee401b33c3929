import type { Guard, RestoreChannel, RestoreOptions, StreamRestorer, Vault } from "#detect";
import { escapingVault } from "../body/escaping-vault.ts";
import { restoreAnswer } from "../body/restore-answer.ts";
import type { OutputScan } from "../output/output-scan.ts";
import type { Shape } from "../providers/shape.ts";
import type { EventBody, PieceKind, PieceSink, StreamAdapter } from "./adapter.ts";
import { parseEvent, type SseEvent, SseFramer } from "./sse-framer.ts";
import type { StreamPipe } from "./stream-pipe.ts";

const DONE = "[DONE]";
/** Deepest nesting of an event that is entered. */
const MAX_DEPTH = 128;
const OPTIONS: Readonly<Record<RestoreChannel, RestoreOptions>> = {
  text: { channel: "text" },
  tool: { channel: "tool" },
};

/** One text that is streaming. */
interface OpenText {
  readonly key: string;
  readonly restorer: StreamRestorer;
  readonly kind: PieceKind;
  /** The event its last piece stood in; a flush event is made after it. */
  last: EventBody;
}

/**
 * Restores a stream of server-sent events. Bytes in, bytes out: events in which nothing changes leave exactly as they came,
 * comments and line ends included; held-back text leaves before the event that ends its choice, block or stream.
 */
export class SseRestorer implements PieceSink, StreamPipe {
  private readonly framer: SseFramer;
  private readonly adapter: StreamAdapter;
  private readonly guard: Guard;
  private readonly vault: Vault;
  private escaping: Vault | null = null;
  private readonly open = new Map<string, OpenText>();
  private isChanged = false;
  /** Events that have to leave before the current one. */
  private before: EventBody[] = [];
  /** Number of the last event, in APIs that number them; and how many were put in so far. */
  private sequence = -1;
  private inserted = 0;
  private readonly scan: OutputScan | null;
  /** The first and the latest event, and what was ready when a scan ended the stream; kept for scans alone. */
  private first: EventBody | null = null;
  private last: EventBody = {};
  private stopped: Buffer[] | null = null;

  /** @param scan looks at every text before values are put back; without one nothing is looked for */
  constructor(
    guard: Guard,
    vault: Vault,
    adapter: StreamAdapter,
    maxEventBytes: number,
    scan: OutputScan | null = null,
  ) {
    this.scan = scan;
    this.framer = new SseFramer(maxEventBytes);
    this.adapter = adapter;
    this.guard = guard;
    this.vault = vault;
  }

  /**
   * Bytes that may be sent after this chunk; empty when all of it is held.
   * @throws RMP_UPSTREAM_TOO_LARGE; RMP_GUARD_BLOCKED when a scan ends the stream: `end` then tells its last events
   */
  push(chunk: Buffer): Buffer {
    const events = this.framer.push(chunk);
    if (events.length === 0) return EMPTY;
    const parts: Buffer[] = [];
    this.stopped = parts;
    for (const raw of events) this.event(parseEvent(raw), parts);
    this.stopped = null;
    return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  }

  end(isBroken: boolean): Buffer {
    if (isBroken && this.scan !== null) return this.endBroken(this.stopped ?? []);
    this.close("");
    const parts: Buffer[] = [];
    this.takeBefore(parts);
    if (!isBroken) parts.push(this.framer.rest());
    return Buffer.concat(parts);
  }

  /**
   * What was ready, and the end that the provider's content filter would have made. What is held has not been looked at
   * to its end, so it stays here.
   */
  private endBroken(parts: Buffer[]): Buffer {
    if (this.scan?.hasBlocked !== true) return Buffer.concat(parts);
    this.before = this.adapter.stop(this.first ?? {}, this.last, [...this.open.keys()]);
    this.takeBefore(parts);
    if (this.adapter.hasDone === true) parts.push(Buffer.from(`data: ${DONE}\n\n`));
    return Buffer.concat(parts);
  }

  piece(key: string, text: string, kind: PieceKind, event: EventBody, isLast: boolean): string {
    if (this.scan !== null && kind.isReading === true) {
      if (text !== "") this.isChanged = true;
      return "";
    }
    let open = this.open.get(key);
    if (open === undefined) {
      open = { key, restorer: this.restorer(kind), kind, last: event };
      this.open.set(key, open);
    }
    open.last = event;
    let restored = open.restorer.push(text);
    if (isLast) {
      restored += open.restorer.flush();
      this.open.delete(key);
    }
    if (restored !== text) this.isChanged = true;
    return restored;
  }

  whole(text: string, channel: RestoreChannel, isJson = false): string {
    const scanned = this.scan === null ? text : this.scan.whole(text, isJson);
    const restored = scanned.includes("[")
      ? this.guard.restore(scanned, isJson ? this.escapingVault() : this.vault, OPTIONS[channel])
      : scanned;
    if (restored !== text) this.isChanged = true;
    return restored;
  }

  tree(value: unknown, shape: Shape): void {
    if (typeof value !== "object" || value === null) return;
    if (restoreAnswer(value, shape, this.guard, this.vault, MAX_DEPTH, this.scan)) this.isChanged = true;
  }

  close(prefix: string): void {
    if (this.open.size === 0) return;
    for (const [key, open] of this.open) {
      if (!key.startsWith(prefix)) continue;
      const held = open.restorer.flush();
      this.open.delete(key);
      if (held !== "") this.before.push(open.kind.flushEvent(held, key, open.last));
    }
  }

  private event(event: SseEvent, parts: Buffer[]): void {
    const { data } = event;
    if (data === null || data === "") {
      parts.push(event.raw);
      return;
    }
    if (data === DONE) {
      this.close("");
      this.takeBefore(parts);
      parts.push(event.raw);
      return;
    }
    const body = parseObject(data);
    if (body === undefined) {
      // No JSON object: a text of its own.
      const restored = this.whole(data, "text");
      parts.push(restored === data ? event.raw : reframe(event, restored));
      return;
    }
    this.isChanged = false;
    if (this.scan !== null) {
      this.first ??= structuredClone(body);
      this.last = body;
    }
    this.adapter.visit(body, this);
    this.renumber(body);
    // A piece of the closing event itself leaves in it; what its close() freed has to leave first.
    this.takeBefore(parts);
    parts.push(this.isChanged ? reframe(event, JSON.stringify(body)) : event.raw);
  }

  private takeBefore(parts: Buffer[]): void {
    if (this.before.length === 0) return;
    let text = "";
    for (const body of this.before) {
      // Already numbered when an event follows; at the end of a stream the numbers go on.
      if (this.sequence >= 0 && body["sequence_number"] === undefined) {
        this.inserted += 1;
        body["sequence_number"] = this.sequence + this.inserted;
      }
      text += frame(body);
    }
    this.before = [];
    parts.push(Buffer.from(text, "utf8"));
  }

  /** Events that are put in take a number; those after them move on. */
  private renumber(body: EventBody): void {
    const number = body["sequence_number"];
    if (typeof number !== "number") return;
    for (const flushed of this.before) {
      flushed["sequence_number"] = number + this.inserted;
      this.inserted += 1;
    }
    this.sequence = number;
    if (this.inserted === 0) return;
    body["sequence_number"] = number + this.inserted;
    this.isChanged = true;
  }

  private restorer(kind: PieceKind): StreamRestorer {
    const vault = kind.isJson ? this.escapingVault() : this.vault;
    const restorer = this.guard.restoreStream(vault, OPTIONS[kind.channel]);
    return this.scan === null ? restorer : inSequence(this.scan.stream(kind.isJson), restorer);
  }

  private escapingVault(): Vault {
    this.escaping ??= escapingVault(this.vault);
    return this.escaping;
  }
}

const EMPTY = Buffer.alloc(0);

/** What leaves the first goes through the second. */
function inSequence(first: StreamRestorer, second: StreamRestorer): StreamRestorer {
  return {
    push: (chunk) => second.push(first.push(chunk)),
    flush: () => second.push(first.flush()) + second.flush(),
  };
}

function parseObject(data: string): EventBody | undefined {
  if (data.charCodeAt(0) !== 123) return undefined;
  try {
    return JSON.parse(data) as EventBody; // begins with a brace: an object
  } catch {
    return undefined;
  }
}

function frame(body: EventBody): string {
  const name = typeof body["type"] === "string" ? `event: ${body["type"]}\n` : "";
  return `${name}data: ${JSON.stringify(body)}\n\n`;
}

/** The event with new data; its other lines (name, id, retry, comments) stay as they are. */
function reframe(event: SseEvent, data: string): Buffer {
  const lineEnd = event.raw.includes("\r\n") ? "\r\n" : event.raw.includes("\n") ? "\n" : "\r";
  const lines = event.raw.toString("utf8").split(/\r\n|\n|\r/);
  const kept: string[] = [];
  let isWritten = false;
  for (const line of lines.slice(0, -2)) {
    if (!/^\uFEFF?data(?::|$)/.test(line)) kept.push(line);
    else if (!isWritten) {
      isWritten = true;
      for (const part of data.split(/\r\n|\n|\r/)) kept.push(`data: ${part}`);
    }
  }
  return Buffer.from(`${kept.join(lineEnd)}${lineEnd}${lineEnd}`, "utf8");
}
