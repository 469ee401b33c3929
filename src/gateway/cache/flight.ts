import type { Guard } from "#detect";
import { RampartError, toRampartError } from "#shared";
import type { Endpoint } from "../providers/endpoints.ts";
import type { AnswerConsumer, AnswerHead, UpstreamCall } from "../upstream/answer-consumer.ts";
import type { AnswerKey } from "./answer-keys.ts";
import { FlightMember, type FlightView, type FlightWaiter } from "./flight-member.ts";

/** Whose answer it is: the same for everybody who waits for it. */
export interface FlightOrigin {
  readonly tenant: string;
  readonly guard: Guard;
  readonly endpoint: Endpoint;
  /** Largest plain answer, bytes. */
  readonly answerBytes: number;
}

/** Whom a flight tells of its end. */
export interface FlightOwner {
  /** Nobody may join any more. */
  closed(flight: Flight): void;
  /** The whole answer came with status 200, of the model that was asked for. */
  landed(flight: Flight): void;
}

/**
 * One request to a provider that several equal requests wait for. Each reads the answer through a restorer of its own. Plain
 * answers are handed out when they are complete; streams are followed as they come, from their first byte for those who
 * join late. The first member pays for the request; when its client leaves, the request goes on as long as another member
 * waits. When it fails, members who have had nothing yet send requests of their own.
 */
export class Flight implements AnswerConsumer, FlightView<Flight> {
  readonly key: AnswerKey;
  readonly origin: FlightOrigin;
  readonly chunks: Buffer[] = [];
  head: AnswerHead | null = null;
  firstChunk = 0;
  hasEnded = false;
  private bytes = 0;
  private readonly owner: FlightOwner;
  /** Largest answer that is kept; also how far a member may fall behind in a longer stream. */
  private readonly entryBytes: number;
  private readonly members: FlightMember<Flight>[] = [];
  private call: UpstreamCall | null = null;
  private isHeld = false;

  constructor(key: AnswerKey, origin: FlightOrigin, owner: FlightOwner, entryBytes: number) {
    this.key = key;
    this.origin = origin;
    this.owner = owner;
    this.entryBytes = entryBytes;
  }

  /** The answer is too large to be kept, and not all of it may be here. */
  get isOversized(): boolean {
    return this.bytes > this.entryBytes;
  }

  /** Adds a request; a stream that is under way is read from its beginning at once. */
  join(waiter: FlightWaiter<Flight>): FlightMember<Flight> {
    const member = new FlightMember(this, waiter);
    this.members.push(member);
    return member;
  }

  /** Lets a member who has just joined read what is there. */
  catchUp(member: FlightMember<Flight>): void {
    if (this.head === null || !this.isSharedStream) return;
    member.begin(this.head);
    this.loosen();
  }

  /** The one whose request is, or would be, sent; null when all have left. */
  get leader(): FlightWaiter<Flight> | null {
    return this.members[0]?.waiter ?? null;
  }

  /** Dissolves a flight for which nothing was sent. @returns who waited */
  dissolve(): FlightWaiter<Flight>[] {
    this.owner.closed(this);
    const members = this.members.splice(0);
    for (const member of members) member.leave();
    return members.map(({ waiter }) => waiter);
  }

  /** Sends the leader's request; its answer comes to all. */
  send(call: UpstreamCall & { send(): void }): void {
    this.call = call;
    this.members[0]?.lead();
    try {
      call.send();
    } catch (error) {
      this.onFailure(toRampartError(error));
    }
  }

  onHead(head: AnswerHead): void {
    this.head = head;
    if (head.status !== 200) {
      this.owner.closed(this);
      for (const member of [...this.members])
        if (!member.isLeader) {
          member.leave();
          member.waiter.goOn();
        }
    }
    // Only the leader takes a plain answer as it comes: the others could not go on by themselves if it broke.
    for (const member of [...this.members]) if (member.isLeader || this.isSharedStream) member.begin(head);
  }

  onBytes(chunk: Buffer): boolean {
    this.bytes += chunk.length;
    this.chunks.push(chunk);
    if (this.isOversized) this.shrink();
    for (const member of [...this.members]) member.pump();
    // A stream is held up when everybody who reads it is.
    this.isHeld = this.isSharedStream && !this.members.some(({ isReading }) => isReading);
    return !this.isHeld;
  }

  onEnd(): void {
    this.hasEnded = true;
    this.owner.closed(this);
    const { head } = this;
    if (head === null) return;
    if (head.status === 200 && !head.isOtherModel) this.owner.landed(this);
    for (const member of [...this.members]) {
      member.begin(head);
      member.pump();
    }
  }

  onFailure(error: RampartError): void {
    this.owner.closed(this);
    for (const member of this.members.splice(0)) member.fail(error);
  }

  /** A member has all, has failed, or its client is gone. */
  leave(member: FlightMember<Flight>): void {
    const at = this.members.indexOf(member);
    if (at === -1) return;
    this.members.splice(at, 1);
    if (this.hasEnded) return;
    if (this.members.length > 0) {
      this.loosen();
      return;
    }
    this.owner.closed(this);
    this.call?.abort();
  }

  resume(): void {
    if (!this.isHeld || this.hasEnded) return;
    this.isHeld = false;
    this.call?.resume();
  }

  /** Goes on when somebody reads whom the held-up stream did not have before. */
  private loosen(): void {
    if (this.members.some(({ isReading }) => isReading)) this.resume();
  }

  private get isSharedStream(): boolean {
    return this.head?.isEventStream === true && this.head.status === 200;
  }

  /** Nobody joins an answer that is too large to be kept, and what all members have read is let go. */
  private shrink(): void {
    this.owner.closed(this);
    if (!this.isSharedStream) {
      if (this.bytes > this.origin.answerBytes)
        throw new RampartError("RMP_UPSTREAM_TOO_LARGE", "the provider's answer is too large");
      return;
    }
    const slowest = Math.min(...this.members.map(({ next }) => next));
    const read = Math.max(0, slowest - this.firstChunk);
    this.chunks.splice(0, read);
    this.firstChunk += read;
    // A single reader holds the provider up instead.
    const heldBytes = this.chunks.reduce((sum, { length }) => sum + length, 0);
    if (heldBytes <= this.entryBytes || this.members.length === 1) return;
    for (const member of [...this.members])
      if (member.next === slowest && member.isPaused) member.fail(tooSlow());
  }
}

function tooSlow(): RampartError {
  return new RampartError("RMP_UPSTREAM_TOO_LARGE", "the shared stream is too far ahead of this client");
}
