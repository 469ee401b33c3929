import { describe, expect, it } from "vitest";
import type { DetectionFacts } from "./detection-facts.ts";
import { createInstanceOutlet } from "./instance-outlet.ts";
import { MonitorPeers, type PeerOutlet } from "./peers.ts";
import { fromMessage, type SharedEvent, toMessage } from "./shared-event.ts";

const EVENT: DetectionFacts = {
  agent_id: "ann",
  tenant: "acme",
  request_id: "rq-1",
  route: "/v1/chat/completions",
  status: 200,
  flagged: true,
  findings: { EMAIL_ADDRESS: 1 },
  injection_score: 0.1,
  injection_level: "safe",
  fail_mode: "none",
  failed_guards: [],
  error_code: null,
  processing_time_ms: 1.5,
  endedAtMs: 1_700_000_000_000,
};

describe("events between instances", () => {
  it("arrive as they were sent", () => {
    expect(fromMessage(toMessage("a", [EVENT]))).toEqual({ from: "a", events: [EVENT] });
  });

  it.each([
    ["no JSON", "{"],
    ["no events", '{"from":"a"}'],
    ["a field that is not known", JSON.stringify({ from: "a", events: [{ ...EVENT, text: "secret" }] })],
    ["a name that is a text", JSON.stringify({ from: "a", events: [{ ...EVENT, route: "x".repeat(500) }] })],
  ])("are passed over when there is %s", (_name, text) => {
    expect(fromMessage(text)).toBeNull();
  });
});

describe("MonitorPeers", () => {
  it("sends what a second allows, in one batch, and counts the rest", () => {
    const batches: (readonly SharedEvent[])[] = [];
    const outlet: PeerOutlet = {
      isWanted: () => true,
      send: (events) => batches.push(events),
      setWatching: () => undefined,
      close: () => undefined,
    };
    const peers = new MonitorPeers([outlet], 2);
    for (let i = 0; i < 5; i += 1) peers.offer({ ...EVENT, flagged: i % 2 === 0 }, 0);
    peers.close();
    expect(batches.map((batch) => batch.length)).toEqual([4]);
    expect(peers.families()[0]?.samples).toEqual([
      { value: 4, labels: { result: "sent" } },
      { value: 1, labels: { result: "skipped" } },
      { value: 0, labels: { result: "received" } },
    ]);
  });
});

describe("the outlet to other instances", () => {
  function outlet(receivers: () => Promise<number>) {
    let nowMs = 0;
    const published: string[] = [];
    const made = createInstanceOutlet({
      redis: {
        isUsable: true,
        publish: (_channel, message) => {
          published.push(String(message));
          return receivers();
        },
        subscribe: () => () => undefined,
      },
      instance: "a",
      clock: () => nowMs,
      hear: () => undefined,
    });
    return { made, published, pass: (ms: number) => (nowMs += ms) };
  }
  const settled = () => new Promise((resolve) => setImmediate(resolve));

  it("sends once a second while nobody listens, and always while somebody does", async () => {
    let listening = 0;
    const { made, pass } = outlet(() => Promise.resolve(listening));
    expect(made.isWanted()).toBe(true);
    made.send([EVENT]);
    await settled();
    expect(made.isWanted()).toBe(false);
    pass(1_000);
    expect(made.isWanted()).toBe(true);
    listening = 1;
    made.send([EVENT]);
    await settled();
    expect(made.isWanted()).toBe(true);
  });

  it("goes quiet when Redis refuses", async () => {
    const { made } = outlet(() => Promise.reject(new Error("away")));
    made.send([EVENT]);
    await settled();
    expect(made.isWanted()).toBe(false);
  });
});
