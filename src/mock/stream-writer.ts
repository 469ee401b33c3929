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

/**
 * Writes a stream of events to a response whose head is set: each event when it is due, cut as `chunking` says, waiting
 * for `drain` whenever the socket is full.
 * @returns stops writing at once; to be called when the client has gone
 */
export function writeStream(response: ServerResponse, plan: StreamPlan, clock: MonotonicClock): () => void {
  const startMs = clock();
  const chunks = createChunker(plan);
  let timer: NodeJS.Timeout | undefined;
  let immediate: NodeJS.Immediate | undefined;
  let isCancelled = false;
  let next: IteratorResult<StreamEvent, unknown> | undefined;
  let charsWritten = 0;
  let eventsWritten = 0;

  /** Writes what is cut so far; false when the socket is full or the write is to stand alone. */
  function writeReady(): boolean {
    for (let chunk = chunks.take(); chunk !== undefined; chunk = chunks.take()) {
      plan.onWrite();
      if (!response.write(chunk)) {
        response.once("drain", pump);
        return false;
      }
      // Parts of events shall reach the reader one by one, so each gets a turn of the event loop of its own.
      if (plan.chunking !== "event") {
        immediate = setImmediate(pump);
        return false;
      }
    }
    return true;
  }

  function stopBroken(): void {
    const half = next?.done === false ? next.value.text.slice(0, next.value.text.length >> 1) : "";
    plan.onEnd();
    if (plan.stop === "stall") return;
    if (half !== "") plan.onWrite();
    // The callback runs when the bytes have left, so that the reader sees a begun event and then the end.
    response.write(half === "" ? ":" : half, () => response.socket?.destroy());
  }

  function pump(): void {
    if (isCancelled) return;
    for (;;) {
      if (!writeReady()) return;
      next ??= plan.events.next();
      if (plan.stop !== undefined && (next.done || eventsWritten >= plan.stopAfterEvents)) {
        if (chunks.flush()) continue;
        stopBroken();
        return;
      }
      if (next.done) {
        if (chunks.flush()) continue;
        plan.onEnd();
        response.end();
        return;
      }
      const waitMs = plan.msPerChar === 0 ? 0 : startMs + charsWritten * plan.msPerChar - clock();
      if (waitMs > 0) {
        timer = setTimeout(pump, Math.ceil(waitMs));
        return;
      }
      chunks.add(next.value.text);
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

interface Chunker {
  add(text: string): void;
  /** The next piece to write, if one is complete. */
  take(): string | Uint8Array | undefined;
  /** Makes the incomplete rest complete; false when there is none. */
  flush(): boolean;
}

/** Cuts a byte stream: whole events, or pieces of a set or drawn size that pay no heed to what they cut. */
function createChunker(plan: Pick<StreamPlan, "chunking" | "chunkBytes" | "random">): Chunker {
  if (plan.chunking === "event") {
    let text: string | undefined;
    return {
      add(added) {
        text = added;
      },
      take() {
        const taken = text;
        text = undefined;
        return taken;
      },
      flush: () => false,
    };
  }
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
