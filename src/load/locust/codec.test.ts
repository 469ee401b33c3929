import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeMessage, encodeMessage } from "./codec.ts";
import { readSpawnOrder, recordOf, writeSpawnOrder } from "./message.ts";

const NODE = "vm_483f0e42bc8a40b8bc4d4008af92474d";

/** Messages that a Locust 2.46.3 worker sent: data, length of the payload and its first 24 bytes in hex. */
const CAPTURED: readonly (readonly [string, unknown, number, string])[] = [
  ["client_ready", "2.46.3", 58, "93ac636c69656e745f7265616479a6322e34362e33d92376"],
  ["spawning", null, 48, "93a8737061776e696e67c0d923766d5f3438336630653432"],
  [
    "spawning_complete",
    { user_classes_count: { Alpha: 2, Beta: 1 }, user_count: 3 },
    102,
    "93b1737061776e696e675f636f6d706c65746582b2757365",
  ],
  ["client_stopped", null, 54, "93ae636c69656e745f73746f70706564c0d923766d5f3438"],
  ["quit", null, 44, "93a471756974c0d923766d5f343833663065343262633861"],
];

describe("the codec", () => {
  it.each(CAPTURED)("writes %s byte for byte as Locust does", (type, data, length, head) => {
    const bytes = encodeMessage({ type, data, nodeId: NODE });
    expect(bytes.length).toBe(length);
    expect(bytes.subarray(0, 24).toString("hex")).toBe(head);
  });

  it("reads what it wrote, number keys included", () => {
    const scalar = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Object.is(value, -0)),
      fc.boolean(),
      fc.constant(null),
    );
    const key = fc.oneof(
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Object.is(value, -0)),
      fc.string(),
    );
    const data = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        scalar,
        fc.array(tie("value"), { maxLength: 4 }),
        fc.array(fc.tuple(key, tie("value")), { maxLength: 4 }).map((pairs) => new Map(pairs)),
      ),
    })).value;
    fc.assert(
      fc.property(fc.string(), data, fc.string(), (type, value, nodeId) => {
        expect(decodeMessage(encodeMessage({ type, data: value, nodeId }))).toEqual({
          type,
          data: value,
          nodeId,
        });
      }),
      { numRuns: 300 },
    );
  });

  it("refuses bytes that are no message and never throws", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const message = decodeMessage(bytes);
        expect(message === null || typeof message.type === "string").toBe(true);
      }),
      { numRuns: 500 },
    );
    const whole = encodeMessage({ type: "stats", data: { a: [1, 2, 3] }, nodeId: "n" });
    for (let end = 0; end < whole.length; end += 1) expect(decodeMessage(whole.subarray(0, end))).toBeNull();
  });

  it("keeps keys that name a prototype harmless", () => {
    const message = decodeMessage(
      encodeMessage({ type: "x", data: new Map([["__proto__", new Map([["polluted", 1]])]]), nodeId: "n" }),
    );
    expect(recordOf(message?.data)).not.toHaveProperty("polluted");
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });
});

describe("spawn orders", () => {
  it("are read as Locust's master writes them", () => {
    const data = {
      timestamp: 1795308520.929406,
      user_classes_count: { Alpha: 1, Beta: 1 },
      host: "http://y",
      stop_timeout: 0.0,
      parsed_options: { tags: null, exclude_tags: ["slow"], users: 4, headless: false },
    };
    expect(readSpawnOrder(decodeMessage(encodeMessage({ type: "spawn", data, nodeId: "n" }))?.data)).toEqual({
      timestamp: 1795308520.929406,
      userClassesCount: { Alpha: 1, Beta: 1 },
      host: "http://y",
      stopTimeoutSec: 0,
      tags: [],
      excludeTags: ["slow"],
    });
  });

  it("survive the way there", () => {
    const order = {
      timestamp: 12.5,
      userClassesCount: { A: 0, B: 1000 },
      host: null,
      stopTimeoutSec: 2.5,
      tags: ["a", "b"],
      excludeTags: [],
    };
    const bytes = encodeMessage({ type: "spawn", data: writeSpawnOrder(order, { extra: "1" }), nodeId: "n" });
    expect(readSpawnOrder(decodeMessage(bytes)?.data)).toEqual(order);
  });

  it.each([
    [null],
    [{ timestamp: "1", user_classes_count: {} }],
    [{ timestamp: 1, user_classes_count: { A: -1 } }],
    [{ timestamp: 1, user_classes_count: { A: 1.5 } }],
    [{ timestamp: 1 }],
  ])("are refused when malformed: %j", (data) => {
    expect(readSpawnOrder(data)).toBeNull();
  });
});
