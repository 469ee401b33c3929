import { afterEach, describe, it } from "vitest";
import { isSkipped, missingLocust, missingZeroMq } from "../peers/locust/fleet.ts";
import { proveKill, proveLocustMaster, proveMixedFleet } from "../peers/locust/proofs.ts";

const SECONDS = 30;
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

describe("distributed load over 30 seconds", () => {
  it.skipIf(isSkipped(missingLocust()))("Locust 2.12 as master of two Rampart workers", () =>
    proveLocustMaster(SECONDS, closers),
  );

  it.skipIf(isSkipped(missingLocust()))("a Rampart master over a Rampart and a Locust worker", () =>
    proveMixedFleet(SECONDS, closers),
  );

  it.skipIf(isSkipped(missingZeroMq()))("kill -9 of one of three Rampart workers", async () => {
    const { backAfterMs, unacknowledged } = await proveKill(SECONDS, closers);
    console.info(`load back after ${backAfterMs} ms, ${unacknowledged} requests unacknowledged`);
  });
});
