import { afterEach, describe, expect, it } from "vitest";
import { createLocustMaster, type LocustMaster } from "../../src/load/locust/master.ts";
import { createLocustWorker } from "../../src/load/locust/worker.ts";
import {
  isSkipped,
  missingLocust,
  missingZeroMq,
  type Peer,
  startCountingServer,
  startLocust,
  startWorkerProcess,
  temporaryFolder,
  until,
} from "../peers/locust/fleet.ts";
import { fleetLocustfile, fleetScenario } from "../peers/locust/scenario.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function openMaster(token = ""): Promise<{ master: LocustMaster; lines: string[] }> {
  const lines: string[] = [];
  const master = await createLocustMaster({
    scenario: fleetScenario(""),
    bindHost: "127.0.0.1",
    bindPort: 0,
    token,
    onLog: (line) => lines.push(line),
  });
  closers.push(() => master.close());
  return { master, lines };
}

function startWorkers(master: LocustMaster, names: readonly string[], token = ""): readonly Peer[] {
  return names.map((name) => {
    const peer = startWorkerProcess({ port: master.port, name, token });
    closers.push(() => peer.end());
    return peer;
  });
}

describe.skipIf(isSkipped(missingLocust()))("a Rampart master over a Rampart and a Locust worker", () => {
  it("counts exactly what the server saw", { timeout: 60_000 }, async () => {
    const server = await startCountingServer();
    closers.push(() => server.close());
    const { master, lines } = await openMaster();
    const folder = temporaryFolder();
    closers.push(() => folder.remove());
    const locust = startLocust(folder.path, fleetLocustfile("snake"), [
      ...["--worker", "--master-host", "127.0.0.1", "--master-port", String(master.port)],
    ]);
    closers.push(() => locust.end());
    const own = await createLocustWorker({ scenario: fleetScenario("own"), masterPort: master.port });
    closers.push(() => own.stop());
    await master.waitForWorkers(2, 30);
    const { result } = master.startRun({
      overrides: { host: server.url, users: 10, spawnRatePerSec: 10, runTimeSec: 6, stopTimeoutSec: 2 },
    });
    const run = await result;
    expect(run.total.count, `${lines.join("\n")}\n${locust.output()}`).toBe(server.seen.length);
    for (const worker of ["own", "snake"])
      for (const path of ["/read", "/write", "/bad"]) {
        const row = run.requests.find((request) => request.name === `${path} ${worker}`);
        const seen = server.seen.filter((request) => request.worker === worker && request.path === path);
        expect(row?.count, `${path} ${worker}`).toBe(seen.length);
        expect(row?.failures).toBe(path === "/bad" ? seen.length : 0);
      }
    const shares = ["own", "snake"].map(
      (worker) => server.seen.filter((request) => request.worker === worker).length / server.seen.length,
    );
    expect(Math.min(...shares)).toBeGreaterThan(0.3);
    expect(run.series.reduce((sum, point) => sum + point.requests, 0)).toBe(run.total.count);
    expect(run.plan.workers).toBe(2);
    expect(run.health).toMatchObject({ reasons: [], verdict: "valid" });
    await master.close();
    await locust.ended;
    expect(await own.done).toBe("quit-by-master");
    expect(locust.output()).not.toMatch(/Traceback/);
  });
});

describe.skipIf(isSkipped(missingZeroMq()))("a Rampart master over three Rampart workers", () => {
  it("loses no acknowledged request when one is killed, and has the load back in time", {
    timeout: 60_000,
  }, async () => {
    const server = await startCountingServer();
    closers.push(() => server.close());
    const { master, lines } = await openMaster("secret");
    const workers = startWorkers(master, ["one", "two", "three"], "secret");
    await master.waitForWorkers(3, 30);
    const { result, control } = master.startRun({
      overrides: { host: server.url, users: 12, spawnRatePerSec: 12, runTimeSec: 9, stopTimeoutSec: 2 },
    });
    await until(() => control.snapshot().users === 12 && control.snapshot().elapsedSec > 3, 8000, "the ramp");
    const killedAtMs = Date.now();
    workers[1]!.child.kill("SIGKILL");
    await until(() => control.snapshot().users < 12, 5000, "the loss");
    await until(() => control.snapshot().users === 12, 5000, "the re-ramp");
    const backAfterMs = Date.now() - killedAtMs;
    const run = await result;
    expect(backAfterMs).toBeLessThan(5000);
    const countOf = (worker: string) =>
      run.requests.filter((row) => row.name.endsWith(` ${worker}`)).reduce((sum, row) => sum + row.count, 0);
    const seenBy = (worker: string) => server.seen.filter((request) => request.worker === worker);
    expect(countOf("one"), lines.join("\n")).toBe(seenBy("one").length);
    expect(countOf("three")).toBe(seenBy("three").length);
    const unacknowledged = seenBy("two").length - countOf("two");
    const late = seenBy("two").filter((request) => request.atMs > killedAtMs - 2000).length;
    expect(unacknowledged).toBeGreaterThanOrEqual(0);
    expect(unacknowledged).toBeLessThanOrEqual(late);
    expect(run.scenario.notes.join("\n")).toMatch(/went missing at \d+ s with 4 users/);
    const killedSec = Math.floor((killedAtMs - run.startedAtMs) / 1000);
    const gap = run.coverage!.filter((point) => point.tSec > killedSec && point.users < point.askedUsers);
    expect(gap.length).toBeGreaterThan(0);
    expect(gap.length).toBeLessThanOrEqual(5);
    expect(run.coverage!.at(-1)?.users).toBe(12);
  });

  it("refuses a worker with another token", { timeout: 30_000 }, async () => {
    const { master, lines } = await openMaster("secret");
    const wrong = createLocustWorker({
      scenario: fleetScenario(""),
      masterPort: master.port,
      token: "guess",
    });
    await expect(wrong.then((worker) => worker.done)).rejects.toMatchObject({
      code: "RMP_LOAD_TOKEN_REFUSED",
    });
    const none = createLocustWorker({ scenario: fleetScenario(""), masterPort: master.port });
    await expect(none.then((worker) => worker.done)).rejects.toMatchObject({
      code: "RMP_LOAD_TOKEN_REFUSED",
    });
    expect(master.workers()).toEqual([]);
    expect(lines.filter((line) => line.includes("refused"))).toHaveLength(2);
    const open = await openMaster();
    const strict = createLocustWorker({
      scenario: fleetScenario(""),
      masterPort: open.master.port,
      token: "secret",
    });
    await expect(strict.then((worker) => worker.done)).rejects.toMatchObject({
      code: "RMP_LOAD_TOKEN_REFUSED",
    });
    await expect(master.waitForWorkers(1, 0.1)).rejects.toMatchObject({ code: "RMP_LOAD_WORKERS_MISSING" });
  });
});
