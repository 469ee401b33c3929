import { afterEach, describe, expect, it } from "vitest";
import { createLocustMaster, createLocustWorker } from "#load";
import { isSkipped, missingLocust, missingZeroMq } from "../peers/locust/fleet.ts";
import { openMaster, proveKill, proveMixedFleet, proveSharedWork } from "../peers/locust/proofs.ts";
import { fleetScenario } from "../peers/locust/scenario.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

describe.skipIf(isSkipped(missingLocust()))("a Rampart master over a Rampart and a Locust worker", () => {
  it("counts exactly what the server saw", { timeout: 60_000 }, () => proveMixedFleet(6, closers));
});

describe.skipIf(isSkipped(missingZeroMq()))("a Rampart master over Rampart workers", () => {
  it("loses no acknowledged request when one of three is killed, and has the load back in time", {
    timeout: 90_000,
  }, async () => {
    await proveKill(9, closers);
  });

  it("shares arrivals and iterations exactly among them", { timeout: 60_000 }, () =>
    proveSharedWork(closers),
  );

  it("refuses a worker with another token", { timeout: 30_000 }, async () => {
    const { master, lines } = await openMaster(closers, "secret");
    const join = async (port: number, token: string) =>
      (await createLocustWorker({ scenario: fleetScenario(""), masterPort: port, token })).done;
    const refused = { code: "RMP_LOAD_TOKEN_REFUSED" };
    await expect(join(master.port, "guess")).rejects.toMatchObject(refused);
    await expect(join(master.port, "")).rejects.toMatchObject(refused);
    expect(master.workers()).toEqual([]);
    expect(lines.filter((line) => line.includes("refused"))).toHaveLength(2);
    const open = await openMaster(closers);
    await expect(join(open.master.port, "secret")).rejects.toMatchObject(refused);
  });

  it("says which workers did not come, and which port is taken", { timeout: 30_000 }, async () => {
    const { master } = await openMaster(closers);
    await expect(master.waitForWorkers(1, 0.1)).rejects.toMatchObject({ code: "RMP_LOAD_WORKERS_MISSING" });
    const taken = createLocustMaster({
      scenario: fleetScenario(""),
      bindHost: "127.0.0.1",
      bindPort: master.port,
    });
    await expect(taken).rejects.toMatchObject({ code: "RMP_NET_PORT_IN_USE" });
  });
});
