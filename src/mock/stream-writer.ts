import type { ServerResponse } from "node:http";
import type { MonotonicClock, Random } from "#shared";
import type { StreamEvent } from "./reply.ts";
import type { MockSettings } from "./settings.ts";

/** How a stream is written. */
export interface StreamPlan {
  readonly events: Iterator<StreamEvent>;
  /** Milliseconds between two characters of answer text; 0 = as fast as the socket takes them. */
  readonly msPerChar: number;
  readonly chunking: MockSettings["chunking"];
  readonly chunkBytes: number;
  readonly random: Random;
  /** What happens after `stopAfterEvents` events (or before the end of a shorter stream). */
  readonly stop: "cut" | "stall" | undefined;
  readonly stopAfterEvents: number;
  /** Called right before each write. */
  readonly onWrite: () => void;
  /** Called when the whole stream has been handed over, or was stopped. */
  readonly onEnd: () => void;
}

/** Longest delay of a timer, ms; node fires a longer one at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;
/** End of the chunked transfer coding. */
const LAST_CHUNK = "0\r\n\r\n";
/** Most UTF-16 units gathered for one write to the socket when no event has to wait. */
const GATHER_CHARS = 16 * 1024;

/**
 * Writes a stream of events to a response whose head is set: each event when it is due, cut as `chunking` says, waiting
 * for `drain` whenever the socket is full. It frames the chunks (RFC 9112 section 7.1) itself, because whole events can
 * then share a write to the socket: node's own framing makes four writes of each chunk, 4 µs of CPU in all. The head
 * must therefore say `transfer-encoding: chunked`.
 * @returns stops writing at once; to be called when the client has gone
 */
export function writeStream(response: ServerResponse, plan: StreamPlan, clock: MonotonicClock): () => void {
  response.chunkedEncoding = false;
  const startMs = clock();
  const chunks = plan.chunking === "event" ? undefined : createChunker(plan);
  let gathered = "";
  let timer: NodeJS.Timeout | undefined;
  let immediate: NodeJS.Immediate | undefined;
  let isCancelled = false;
  let next: IteratorResult<StreamEvent, unknown> | undefined;
  let charsWritten = 0;
  let eventsWritten = 0;

  /** Writes what has been gathered; false when the socket is full, and `pump` is called once it is not. */
  function writeGathered(): boolean {
    if (gathered === "") return true;
    const text = gathered;
    gathered = "";
    if (response.write(text)) return true;
    response.once("drain", pump);
    return false;
  }

  /** Writes one piece of the cut byte stream, if one is complete; false when `pump` is to go on later. */
  function writePiece(): boolean {
    const piece = chunks?.take();
    if (piece === undefined) return true;
    plan.onWrite();
    response.cork();
    response.write(`${piece.length.toString(16)}\r\n`);
    response.write(piece);
    const isReady = response.write("\r\n");
    response.uncork();
    // Parts of events shall reach the reader one by one, so each gets a turn of the event loop of its own.
    if (isReady) immediate = setImmediate(pump);
    else response.once("drain", pump);
    return false;
  }

  function stopBroken(): void {
    const half = next?.done === false ? next.value.text.slice(0, next.value.text.length >> 1) : "";
    plan.onEnd();
    if (plan.stop === "stall") return;
    if (half !== "") plan.onWrite();
    // The callback runs when the bytes have left, so that the reader sees a begun event and then the end.
    response.write(frame(half === "" ? ":" : half), () => response.socket?.destroy());
  }

  function pump(): void {
    if (isCancelled) return;
    for (;;) {
      if (gathered.length >= GATHER_CHARS && !writeGathered()) return;
      if (!writePiece()) return;
      next ??= plan.events.next();
      if (plan.stop !== undefined && (next.done || eventsWritten >= plan.stopAfterEvents)) {
        if (chunks?.flush()) continue;
        if (!writeGathered()) return;
        stopBroken();
        return;
      }
      if (next.done) {
        if (chunks?.flush()) continue;
        plan.onEnd();
        response.end(`${gathered}${LAST_CHUNK}`);
        return;
      }
      const waitMs = plan.msPerChar === 0 ? 0 : startMs + charsWritten * plan.msPerChar - clock();
      if (waitMs > 0) {
        if (!writeGathered()) return;
        timer = setTimeout(pump, Math.min(Math.ceil(waitMs), MAX_TIMER_MS));
        return;
      }
      if (chunks !== undefined) chunks.add(next.value.text);
      else {
        plan.onWrite();
        gathered += frame(next.value.text);
      }
      charsWritten += next.value.answerChars;
      eventsWritten += 1;
      next = undefined;
    }
  }

  pump();
  return () => {
    isCancelled = true;
    clearTimeout(timer);
    clearImmediate(immediate);
  };
}

/** A chunk of the chunked transfer coding. */
function frame(text: string): string {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
}

interface Chunker {
  add(text: string): void;
  /** The next piece to write, if one is complete. */
  take(): Uint8Array | undefined;
  /** Makes the incomplete rest complete; false when there is none. */
  flush(): boolean;
}

/** Cuts a byte stream into pieces of a set or drawn size that pay no heed to what they cut. */
function createChunker(plan: Pick<StreamPlan, "chunking" | "chunkBytes" | "random">): Chunker {
  const drawSize = (): number =>
    plan.chunking === "bytes" ? plan.chunkBytes : 1 + Math.floor(plan.random() * plan.chunkBytes);
  let rest: Buffer = Buffer.alloc(0);
  let size = drawSize();
  return {
    add(text) {
      rest = Buffer.concat([rest, Buffer.from(text)]);
    },
    take() {
      if (rest.length < size) return undefined;
      const piece = rest.subarray(0, size);
      rest = rest.subarray(size);
      size = drawSize();
      return piece;
    },
    flush() {
      if (rest.length === 0) return false;
      size = rest.length;
      return true;
    },
  };
}
