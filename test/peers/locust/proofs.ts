/** The proofs of distributed load, for any length: `npm test` runs them short, `npm run test:long` for 30 s. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { RunResult } from "#contract";
import { createLocustMaster, createLocustWorker, type LocustMaster } from "#load";
import { freePort } from "../../fixtures/free-port.ts";
import {
  type CountingServer,
  type Peer,
  startCountingServer,
  startLocust,
  startWorkerProcess,
  temporaryFolder,
  until,
} from "./fleet.ts";
import { fleetLocustfile, fleetScenario } from "./scenario.ts";

/** Takes what has to be closed after the test, last first. */
export type Closers = (() => unknown)[];

const PATHS = ["/read", "/write", "/bad"] as const;

/** Rows of Locust's `_stats.csv` by name. */
export function readStats(file: string): Map<string, Record<string, string>> {
  const [head = "", ...lines] = readFileSync(file, "utf8").trim().split(/\r?\n/);
  const columns = head.split(",");
  return new Map(
    lines.map((line) => {
      const cells = line.split(",");
      return [
        cells[1] ?? "",
        Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? ""])),
      ];
    }),
  );
}

/** Real Locust as master of two Rampart workers: its totals are the server's own count. */
export async function proveLocustMaster(seconds: number, closers: Closers): Promise<void> {
  const server = await openServer(closers);
  const folder = temporaryFolder();
  closers.push(() => folder.remove());
  const port = await freePort();
  const master = startLocust(folder.path, fleetLocustfile(), [
    ...["--master", "--master-bind-host", "127.0.0.1", "--master-bind-port", String(port)],
    ...["--headless", "-u", "9", "-r", "6", "-t", `${seconds}s`, "--expect-workers", "2", "-s", "3"],
    ...["--host", server.url, "--csv", join(folder.path, "out"), "--exit-code-on-error", "0"],
  ]);
  closers.push(() => master.end());
  const workers = await Promise.all(
    [0, 1].map(() => createLocustWorker({ scenario: fleetScenario(""), masterPort: port })),
  );
  for (const worker of workers) closers.push(() => worker.stop());
  const endings = await Promise.all(workers.map((worker) => worker.done));
  await master.ended;
  const stats = readStats(join(folder.path, "out_stats.csv"));
  expect(endings, master.output()).toEqual(["quit-by-master", "quit-by-master"]);
  const total = stats.get("Aggregated");
  expect(Number(total?.["Request Count"]), master.output()).toBe(server.seen.length);
  expect(server.seen.length).toBeGreaterThan(60 * (seconds - 2));
  for (const path of PATHS)
    expect(Number(stats.get(path)?.["Request Count"])).toBe(
      server.seen.filter((request) => request.path === path).length,
    );
  expect(stats.get("/bad")?.["Failure Count"]).toBe(stats.get("/bad")?.["Request Count"]);
  expect(total?.["Failure Count"]).toBe(stats.get("/bad")?.["Failure Count"]);
  expect(master.output()).not.toMatch(/Traceback|Unknown message/);
}

/** Two Rampart workers share arrivals, then iterations: each request is made once, and each worker makes its half. */
export async function proveSharedWork(closers: Closers): Promise<void> {
  const server = await openServer(closers);
  const { master } = await openMaster(closers);
  for (const name of ["left", "right"]) {
    const worker = await createLocustWorker({ scenario: fleetScenario(name), masterPort: master.port });
    closers.push(() => worker.stop());
  }
  await master.waitForWorkers(2, 20);
  const halves = () =>
    ["left", "right"].map((name) => server.seen.filter((seen) => seen.worker === name).length);

  const arrivals = await master.startRun({
    overrides: {
      host: server.url,
      executors: [{ kind: "constant-arrival-rate", ratePerSec: 40, durationSec: 4, maxUsers: 40 }],
    },
  }).result;
  expect(server.seen.length).toBe(160);
  expect(halves()).toEqual([80, 80]);
  expect(arrivals.total.count).toBe(160);
  expect(arrivals.health.undelivered).toBe(0);
  expect(arrivals.plan).toMatchObject({ workers: 2, executors: ["constant-arrival-rate"] });

  server.seen.length = 0;
  const iterations = await master.startRun({
    overrides: { host: server.url, executors: [{ kind: "shared-iterations", users: 4, iterations: 31 }] },
  }).result;
  expect(server.seen.length).toBe(31);
  expect(halves().sort()).toEqual([15, 16]);
  expect(iterations.total.count).toBe(31);
  expect(iterations.endedAtMs - iterations.startedAtMs).toBeLessThan(20_000);
}

/** A Rampart master over one Rampart and one Locust worker: each row is the server's own count. */
export async function proveMixedFleet(seconds: number, closers: Closers): Promise<void> {
  const server = await openServer(closers);
  const { master, lines } = await openMaster(closers);
  const folder = temporaryFolder();
  closers.push(() => folder.remove());
  const locust = startLocust(folder.path, fleetLocustfile("snake"), [
    ...["--worker", "--master-host", "127.0.0.1", "--master-port", String(master.port)],
  ]);
  closers.push(() => locust.end());
  const own = await createLocustWorker({ scenario: fleetScenario("own"), masterPort: master.port });
  closers.push(() => own.stop());
  await master.waitForWorkers(2, 30);
  const run = await master.startRun({
    overrides: { host: server.url, users: 10, spawnRatePerSec: 10, runTimeSec: seconds, stopTimeoutSec: 2 },
  }).result;
  expect(run.total.count, `${lines.join("\n")}\n${locust.output()}`).toBe(server.seen.length);
  for (const worker of ["own", "snake"])
    for (const path of PATHS) {
      const row = run.requests.find((request) => request.name === `${path} ${worker}`);
      const seen = seenBy(server, worker).filter((request) => request.path === path);
      expect(row?.count, `${path} ${worker}`).toBe(seen.length);
      expect(row?.failures).toBe(path === "/bad" ? seen.length : 0);
    }
  const shares = ["own", "snake"].map((worker) => seenBy(server, worker).length / server.seen.length);
  expect(Math.min(...shares)).toBeGreaterThan(0.3);
  expect(run.series.reduce((sum, point) => sum + point.requests, 0)).toBe(run.total.count);
  expect(run.plan.workers).toBe(2);
  expect(distributionFaults(run)).toEqual([]);
  await master.close();
  await locust.ended;
  expect(await own.done).toBe("quit-by-master");
  expect(locust.output()).not.toMatch(/Traceback/);
}

/** Three Rampart workers, one killed after three seconds: acknowledged requests are the server's, the load comes back. */
export async function proveKill(
  seconds: number,
  closers: Closers,
): Promise<{ readonly backAfterMs: number; readonly unacknowledged: number }> {
  const server = await openServer(closers);
  const { master, lines } = await openMaster(closers, "secret");
  const workers = ["one", "two", "three"].map((name) => {
    const peer: Peer = startWorkerProcess({ port: master.port, name, token: "secret" });
    closers.push(() => peer.end());
    return peer;
  });
  await master.waitForWorkers(3, 60);
  const { result, control } = master.startRun({
    overrides: { host: server.url, users: 12, spawnRatePerSec: 12, runTimeSec: seconds, stopTimeoutSec: 2 },
  });
  const isFull = () => control.snapshot().users === 12;
  await until(() => isFull() && control.snapshot().elapsedSec > 3, 20_000, "the ramp");
  const killedAtMs = Date.now();
  workers[1]!.child.kill("SIGKILL");
  await until(() => !isFull(), 10_000, "the loss");
  await until(isFull, 10_000, "the re-ramp");
  const backAfterMs = Date.now() - killedAtMs;
  const run = await result;
  expect(backAfterMs).toBeLessThan(5000);
  expect(countOf(run, "one"), lines.join("\n")).toBe(seenBy(server, "one").length);
  expect(countOf(run, "three")).toBe(seenBy(server, "three").length);
  const unacknowledged = seenBy(server, "two").length - countOf(run, "two");
  const late = seenBy(server, "two").filter((request) => request.atMs > killedAtMs - 2000).length;
  expect(unacknowledged).toBeGreaterThanOrEqual(0);
  expect(unacknowledged).toBeLessThanOrEqual(late);
  expect(run.total.count).toBe(server.seen.length - unacknowledged);
  expect(run.scenario.notes.join("\n")).toMatch(/went missing at \d+ s with 4 users/);
  const killedSec = Math.floor((killedAtMs - run.startedAtMs) / 1000);
  const gap = run.coverage!.filter((point) => point.tSec > killedSec && point.users < point.askedUsers);
  expect(gap.length).toBeGreaterThan(0);
  expect(gap.length).toBeLessThanOrEqual(5);
  expect(run.coverage!.at(-1)).toMatchObject({ askedUsers: 12, users: 12, workers: 2 });
  // A third of the load away for about three seconds is too much of a short run, and little of a long one.
  if (seconds >= 30) expect(distributionFaults(run)).toEqual([]);
  return { backAfterMs, unacknowledged };
}

/** A master on a free port of this machine, and what it logs. */
export async function openMaster(
  closers: Closers,
  token = "",
): Promise<{ readonly master: LocustMaster; readonly lines: readonly string[] }> {
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

async function openServer(closers: Closers): Promise<CountingServer> {
  const server = await startCountingServer();
  closers.push(() => server.close());
  return server;
}

/** Reasons that are the fleet's own; a machine under other load may add its own. */
function distributionFaults(run: RunResult): readonly string[] {
  return run.health.reasons.filter((reason) => /user-seconds|last report/.test(reason));
}

function seenBy(server: CountingServer, worker: string) {
  return server.seen.filter((request) => request.worker === worker);
}

function countOf(run: RunResult, worker: string): number {
  return run.requests
    .filter((row) => row.name.endsWith(` ${worker}`))
    .reduce((sum, row) => sum + row.count, 0);
}
