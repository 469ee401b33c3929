/** A server with one stall under a constant arrival rate: one measure for the short and the long proof. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { RunResult } from "#contract";
import { defineScenario, defineUser, runScenario, task } from "./index.ts";
import { histogramFrom } from "./stats/histogram.ts";

/** What the run said and what the server saw. */
export interface StallOutcome {
  readonly result: RunResult;
  readonly seenByServer: number;
  readonly p99FromDueMs: number;
  readonly p99FromSentMs: number;
}

/** Every arrival has a connection of its own while it waits; the stall begins with request `stallAt`. */
export async function measureStall(
  ratePerSec: number,
  durationSec: number,
  stallAt: number,
  stallMs: number,
): Promise<StallOutcome> {
  let seenByServer = 0;
  let stalledUntilMs = 0;
  const server = createServer((_request, response) => {
    seenByServer += 1;
    if (seenByServer === stallAt) stalledUntilMs = performance.now() + stallMs;
    setTimeout(() => response.end(), Math.max(0, stalledUntilMs - performance.now()));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const caller = defineUser({
    name: "Caller",
    tasks: [
      task("hit", async (user) => {
        await user.http.get("/");
      }),
    ],
  });
  const scenario = defineScenario({
    name: "stall",
    host: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    userClasses: [caller],
    executors: [{ kind: "constant-arrival-rate", ratePerSec, durationSec }],
  });
  const result = await runScenario({ scenario });
  server.closeAllConnections();
  server.close();
  return {
    result,
    seenByServer,
    p99FromDueMs: histogramFrom(result.total.fromDue).percentileUs(99) / 1000,
    p99FromSentMs: histogramFrom(result.total.fromSent).percentileUs(99) / 1000,
  };
}
