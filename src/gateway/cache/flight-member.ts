import { type RampartError, toRampartError } from "#shared";
import type { AnswerConsumer, AnswerHead, UpstreamCall } from "../upstream/answer-consumer.ts";
import type { CachedAnswer } from "./cached-answer.ts";

/** A request that waits for the answer to an equal one. `F`: what it is given when its own is the one to be sent. */
export interface FlightWaiter<F = never> {
  /** Who takes the answer; made anew when the request becomes the one that is sent. */
  consumer(): AnswerConsumer;
  /** The answer is not known: this request is sent, for all who wait. */
  lead(flight: F): void;
  /** The answer was found elsewhere. */
  take(answer: CachedAnswer): void;
  /** The answer does not come this way: the request goes on as if it had never waited. */
  goOn(): void;
}

/** What a member sees of its flight. */
export interface FlightView<F = never> {
  /** What has come of the answer, but for the first `firstChunk` chunks. */
  readonly chunks: readonly Buffer[];
  readonly firstChunk: number;
  readonly hasEnded: boolean;
  leave(member: FlightMember<F>): void;
  /** A member reads again. */
  resume(): void;
}

/** What a member does: waits for an answer, reads it, or has nothing more to do with it. */
type MemberState = "waiting" | "reading" | "gone";

/** One request on a flight: reads the flight's chunks at its own pace. To the request it is the upstream call. */
export class FlightMember<F = never> implements UpstreamCall {
  readonly waiter: FlightWaiter<F>;
  /** Position in the answer of the chunk to be read next. */
  next = 0;
  /** Its request is the one that was sent. */
  isLeader = false;
  isPaused = false;
  private state: MemberState = "waiting";
  private readonly flight: FlightView<F>;
  private consumer: AnswerConsumer;

  constructor(flight: FlightView<F>, waiter: FlightWaiter<F>) {
    this.flight = flight;
    this.waiter = waiter;
    this.consumer = waiter.consumer();
  }

  /** Whether it takes bytes as they come. */
  get isReading(): boolean {
    return this.state === "reading" && !this.isPaused;
  }

  /** This request is the one that is sent now. */
  lead(): void {
    this.isLeader = true;
    // Its time with the provider begins here, not when it began to look for the answer elsewhere.
    this.consumer = this.waiter.consumer();
  }

  /** Takes the head and what is there of the body; once. */
  begin(head: AnswerHead): void {
    if (this.state !== "waiting") return;
    this.state = "reading";
    this.guarded(() => this.consumer.onHead({ ...head, headers: head.headers.slice() }));
    this.pump();
  }

  /** Reads until there is no more, or the client is slower. */
  pump(): void {
    const { flight, consumer } = this;
    this.guarded(() => {
      while (this.isReading) {
        const chunk = flight.chunks[this.next - flight.firstChunk];
        if (chunk === undefined) break;
        this.next += 1;
        this.isPaused = !consumer.onBytes(chunk);
      }
      if (!this.isReading || !flight.hasEnded) return;
      this.leave();
      consumer.onEnd();
    });
  }

  resume(): void {
    if (!this.isPaused) return;
    this.isPaused = false;
    this.pump();
    if (this.isReading) this.flight.resume();
  }

  abort(): void {
    this.leave();
  }

  /** The answer will not come, or not all of it: a request of its own, unless it is too late or it was its own. */
  fail(error: RampartError): void {
    const isUntouched = this.state === "waiting" && !this.isLeader;
    this.leave();
    if (isUntouched) this.waiter.goOn();
    else this.consumer.onFailure(error);
  }

  /** Has nothing more to do with the flight. */
  leave(): void {
    if (this.state === "gone") return;
    this.state = "gone";
    this.flight.leave(this);
  }

  private guarded(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.leave();
      this.consumer.onFailure(toRampartError(error));
    }
  }
}
