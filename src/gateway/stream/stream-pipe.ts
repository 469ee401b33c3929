import { SseFramer } from "./sse-framer.ts";

/** What a stream of events goes through on its way to the client. */
export interface StreamPipe {
  /**
   * Bytes that may be sent after this chunk; empty when all of it is held.
   * @throws RMP_UPSTREAM_TOO_LARGE when one event exceeds the bound
   */
  push(chunk: Buffer): Buffer;
  /**
   * What is left at the end of the stream.
   * @param isBroken the stream ended too early: an event that was never completed is dropped, so that an error event can
   *   follow
   */
  end(isBroken: boolean): Buffer;
}

/** Passes a stream on as it is, whole events at a time: it can be ended by an error event at any point. */
export class EventGate implements StreamPipe {
  private readonly framer: SseFramer;

  constructor(maxEventBytes: number) {
    this.framer = new SseFramer(maxEventBytes);
  }

  push(chunk: Buffer): Buffer {
    const events = this.framer.push(chunk);
    return events.length === 1 ? events[0]! : Buffer.concat(events);
  }

  end(isBroken: boolean): Buffer {
    return isBroken ? Buffer.alloc(0) : this.framer.rest();
  }
}
