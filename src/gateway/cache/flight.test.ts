import { describe, expect, it } from "vitest";
import { createGuard } from "#detect";
import { RampartError } from "#shared";
import { ENDPOINTS } from "../providers/endpoints.ts";
import type { AnswerConsumer, AnswerHead } from "../upstream/answer-consumer.ts";
import type { CachedAnswer } from "./cached-answer.ts";
import { Flight, type FlightOwner } from "./flight.ts";
import type { FlightWaiter } from "./flight-member.ts";

const KEY = { name: "name", secret: Buffer.alloc(32) };
const HEAD: AnswerHead = {
  ...{ status: 200, headers: ["content-type", "x"], isEventStream: true },
  ...{ host: "openai", isOtherModel: false, attempts: 1 },
};
const PLAIN: AnswerHead = { ...HEAD, isEventStream: false };
const BROKEN = new RampartError("RMP_UPSTREAM_RESET", "gone");

/** A waiter that notes what it is told, and may refuse bytes. */
class Reader implements FlightWaiter<Flight>, AnswerConsumer {
  readonly told: string[] = [];
  isSlow = false;

  consumer(): AnswerConsumer {
    return this;
  }

  lead(): void {
    this.told.push("lead");
  }

  take(answer: CachedAnswer): void {
    this.told.push(`take ${answer.body.toString()}`);
  }

  goOn(): void {
    this.told.push("go on");
  }

  onHead(head: AnswerHead): void {
    // What a consumer adds to its headers is its own.
    head.headers.push("x-own", "1");
    this.told.push(`head ${head.status} ${head.headers.length}`);
  }

  onBytes(chunk: Buffer): boolean {
    this.told.push(chunk.length > 9 ? `${chunk.length} bytes` : chunk.toString());
    return !this.isSlow;
  }

  onEnd(): void {
    this.told.push("end");
  }

  onFailure(error: RampartError): void {
    this.told.push(error.code);
  }
}

function begin(entryBytes = 1_000) {
  const events: string[] = [];
  const owner: FlightOwner = {
    closed: () => void (events.includes("closed") || events.push("closed")),
    landed: () => events.push("landed"),
  };
  const call = {
    send: () => events.push("send"),
    abort: () => events.push("abort"),
    resume: () => events.push("resume"),
  };
  const origin = { tenant: "t", guard: createGuard(), endpoint: ENDPOINTS[0]!, answerBytes: 5_000 };
  return { flight: new Flight(KEY, origin, owner, entryBytes), call, events };
}

const bytes = (text: string): Buffer => Buffer.from(text);

describe("a flight", () => {
  it("gives a stream to all as it comes, from its beginning to those who join late", () => {
    const { flight, call, events } = begin();
    const [one, two] = [new Reader(), new Reader()];
    flight.join(one);
    flight.send(call);
    flight.onHead(HEAD);
    expect(flight.onBytes(bytes("a"))).toBe(true);
    flight.catchUp(flight.join(two));
    expect(two.told).toEqual(["head 200 4", "a"]);
    flight.onBytes(bytes("b"));
    flight.onEnd();
    for (const reader of [one, two]) expect(reader.told).toEqual(["head 200 4", "a", "b", "end"]);
    expect(events).toEqual(["send", "closed", "landed"]);
  });

  it("gives a plain answer to the others when it is complete, and not at all when it breaks", () => {
    for (const isWhole of [true, false]) {
      const { flight, call } = begin();
      const [one, two] = [new Reader(), new Reader()];
      flight.join(one);
      flight.join(two);
      flight.send(call);
      flight.onHead(PLAIN);
      flight.onBytes(bytes("a"));
      expect(two.told).toEqual([]);
      if (isWhole) flight.onEnd();
      else flight.onFailure(BROKEN);
      expect(one.told.at(-1)).toBe(isWhole ? "end" : "RMP_UPSTREAM_RESET");
      expect(two.told).toEqual(isWhole ? ["head 200 4", "a", "end"] : ["go on"]);
    }
  });

  it("is held up only while nobody reads", () => {
    const { flight, call, events } = begin();
    const [slow, quick] = [new Reader(), new Reader()];
    slow.isSlow = true;
    const first = flight.join(slow);
    flight.send(call);
    flight.onHead(HEAD);
    expect(flight.onBytes(bytes("a"))).toBe(false);
    // Somebody who reads comes: the call goes on, and the slow one goes on where it was.
    flight.catchUp(flight.join(quick));
    expect(events).toContain("resume");
    expect(flight.onBytes(bytes("b"))).toBe(true);
    expect(slow.told).toEqual(["head 200 4", "a"]);
    slow.isSlow = false;
    first.resume();
    expect(slow.told).toEqual(["head 200 4", "a", "b"]);
    flight.onEnd();
    expect([slow.told.at(-1), quick.told.at(-1)]).toEqual(["end", "end"]);
  });

  it("ends for a slow reader when he has read all, though the call is long over", () => {
    const { flight, call } = begin();
    const slow = new Reader();
    slow.isSlow = true;
    const member = flight.join(slow);
    flight.send(call);
    flight.onHead(HEAD);
    flight.onBytes(bytes("a"));
    flight.onBytes(bytes("b"));
    flight.onEnd();
    expect(slow.told).toEqual(["head 200 4", "a"]);
    member.resume();
    member.resume();
    expect(slow.told).toEqual(["head 200 4", "a", "b", "end"]);
  });

  it("lets go of what all have read of a long stream, and of a reader who is too far behind", () => {
    const { flight, call, events } = begin(100);
    const [quick, slow] = [new Reader(), new Reader()];
    slow.isSlow = true;
    flight.join(quick);
    flight.join(slow);
    flight.send(call);
    flight.onHead(HEAD);
    for (let i = 0; i < 10; i += 1) flight.onBytes(Buffer.alloc(50));
    expect(slow.told).toEqual(["head 200 4", "50 bytes", "RMP_UPSTREAM_TOO_LARGE"]);
    expect(quick.told).toHaveLength(11);
    expect(flight.chunks.length).toBeLessThanOrEqual(2);
    expect(flight.isOversized).toBe(true);
    flight.onEnd();
    expect(quick.told.at(-1)).toBe("end");
    expect(events[1]).toBe("closed");
  });

  it("goes on without its first member, and ends with its last", () => {
    const { flight, call, events } = begin();
    const [one, two] = [new Reader(), new Reader()];
    const [first, second] = [flight.join(one), flight.join(two)];
    flight.send(call);
    first.abort();
    first.abort();
    expect(events).toEqual(["send"]);
    second.abort();
    expect(events).toEqual(["send", "closed", "abort"]);
  });

  it("has another leader when the first one leaves before anything was sent, and can be dissolved", () => {
    const { flight } = begin();
    const [one, two, three] = [new Reader(), new Reader(), new Reader()];
    const first = flight.join(one);
    flight.join(two);
    flight.join(three);
    first.abort();
    expect(flight.leader).toBe(two);
    expect(flight.dissolve()).toEqual([two, three]);
    expect(flight.leader).toBeNull();
  });

  it("keeps a refusal of the provider to the one who was refused", () => {
    const { flight, call, events } = begin();
    const [one, two] = [new Reader(), new Reader()];
    flight.join(one);
    flight.join(two);
    flight.send(call);
    flight.onHead({ ...PLAIN, status: 429 });
    flight.onBytes(bytes("no"));
    flight.onEnd();
    expect(one.told).toEqual(["head 429 4", "no", "end"]);
    expect(two.told).toEqual(["go on"]);
    expect(events).not.toContain("landed");
  });

  it("passes on that nothing could be sent", () => {
    const { flight, call } = begin();
    const [one, two] = [new Reader(), new Reader()];
    flight.join(one);
    flight.join(two);
    flight.send({
      ...call,
      send: () => {
        throw BROKEN;
      },
    });
    expect([one.told, two.told]).toEqual([["RMP_UPSTREAM_RESET"], ["go on"]]);
  });

  it("bounds a plain answer for those who wait for it", () => {
    const { flight, call } = begin(100);
    const [one, two] = [new Reader(), new Reader()];
    flight.join(one).abort();
    flight.join(two);
    flight.send(call);
    flight.onHead(PLAIN);
    expect(() => {
      for (let i = 0; i < 10; i += 1) flight.onBytes(Buffer.alloc(1_000));
    }).toThrowError(expect.objectContaining({ code: "RMP_UPSTREAM_TOO_LARGE" }));
  });
});
