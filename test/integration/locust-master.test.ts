import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { createCountingLoad } from "../../src/load/locust/counting-load.suite.ts";
import { connectWorker } from "../../src/load/locust/links.ts";
import type { LocustMessage } from "../../src/load/locust/message.ts";
import { WorkerSession } from "../../src/load/locust/worker-session.ts";
import { createScheduler } from "../../src/load/scheduler.ts";
import { epochMs, monotonicMs } from "../../src/shared/index.ts";
import { freePort } from "../fixtures/free-port.ts";
import { isSkipped, missingLocust, startLocust, temporaryFolder } from "../peers/locust/fleet.ts";
import { proveLocustMaster, readStats } from "../peers/locust/proofs.ts";
import { fleetLocustfile } from "../peers/locust/scenario.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

describe.skipIf(isSkipped(missingLocust()))("Rampart workers under a real Locust master", () => {
  it("count exactly what the server saw", { timeout: 60_000 }, () => proveLocustMaster(6, closers));

  it("make its percentiles exact", { timeout: 60_000 }, async () => {
    const folder = temporaryFolder();
    closers.push(() => folder.remove());
    const port = await freePort();
    const master = startLocust(folder.path, fleetLocustfile(), [
      ...["--master", "--master-bind-host", "127.0.0.1", "--master-bind-port", String(port)],
      ...["--headless", "-u", "3", "-r", "3", "-t", "4s", "--expect-workers", "1"],
      ...["--host", "http://127.0.0.1:1", "--csv", join(folder.path, "out")],
    ]);
    closers.push(() => master.end());
    const nodeId = "rampart-samples";
    const samples = createCountingLoad(nodeId, "/slow", monotonicMs, epochMs() - monotonicMs(), 1049);
    let receive: (message: LocustMessage) => void = () => {};
    const link = await connectWorker({ host: "127.0.0.1", port, nodeId }, (message) => receive(message));
    closers.push(() => link.close());
    const session = new WorkerSession({
      ...{ nodeId, token: "", scenarioHash: "", nonce: "n", load: samples.load, epochMs },
      scheduler: createScheduler(monotonicMs),
      memoryBytes: () => 0,
      log: () => {},
      send: (message) => link.send(message),
      reset: () => void link.reset(),
    });
    receive = (message) => session.receive(message);
    session.start();
    expect(await session.done, master.output()).toBe("quit-by-master");
    await master.ended;
    const row = readStats(join(folder.path, "out_stats.csv")).get("/slow");
    expect(Number(row?.["Request Count"])).toBe(samples.made());
    expect(samples.made()).toBeGreaterThan(5);
    for (const column of ["Median Response Time", "50%", "95%", "99%", "100%"])
      expect(Math.abs(Number(row?.[column]) - 1049), column).toBeLessThanOrEqual(1.049);
    expect(Number(row?.["Average Response Time"])).toBeCloseTo(1049, 3);
  });
});
