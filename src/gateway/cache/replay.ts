import type { CachedAnswer } from "./cached-answer.ts";
import { FlightMember, type FlightView, type FlightWaiter } from "./flight-member.ts";

/** A kept stream is handed out in pieces of this size, bytes: the client's pace decides when the next one follows. */
const PIECE_BYTES = 64 * 1024;

/** A kept stream, to be read like one that is under way. */
class Replay implements FlightView {
  readonly chunks: readonly Buffer[];
  readonly firstChunk = 0;
  readonly hasEnded = true;

  constructor(body: Buffer) {
    const chunks: Buffer[] = [];
    for (let at = 0; at < body.length; at += PIECE_BYTES) chunks.push(body.subarray(at, at + PIECE_BYTES));
    this.chunks = chunks;
  }

  leave(): void {
    // Nothing is under way for it.
  }

  resume(): void {
    // There is nobody to be told: all of it is here.
  }
}

/** The one reader of a kept stream. */
export function replayOf<F>(answer: CachedAnswer, waiter: FlightWaiter<F>): FlightMember<F> {
  return new FlightMember<F>(new Replay(answer.body), waiter);
}
