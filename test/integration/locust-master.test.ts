import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { createLocustWorker } from "../../src/load/locust/worker.ts";
import {
  type CountingServer,
  freePort,
  isSkipped,
  missingLocust,
  type Peer,
  startCountingServer,
  startLocust,
  temporaryFolder,
} from "../peers/locust/fleet.ts";
import { fleetLocustfile, fleetScenario } from "../peers/locust/scenario.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** Rows of Locust's `_stats.csv` by name. */
function readStats(file: string): Map<string, Record<string, string>> {
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

async function runUnderLocust(
  server: CountingServer,
  seconds: number,
): Promise<{ stats: Map<string, Record<string, string>>; master: Peer; endings: readonly string[] }> {
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
  return { stats: readStats(join(folder.path, "out_stats.csv")), master, endings };
}

describe.skipIf(isSkipped(missingLocust()))("Rampart workers under a real Locust master", () => {
  it("count exactly what the server saw", { timeout: 60_000 }, async () => {
    const server = await startCountingServer();
    closers.push(() => server.close());
    const { stats, master, endings } = await runUnderLocust(server, 6);
    expect(endings, master.output()).toEqual(["quit-by-master", "quit-by-master"]);
    const total = stats.get("Aggregated");
    expect(Number(total?.["Request Count"]), master.output()).toBe(server.seen.length);
    expect(server.seen.length).toBeGreaterThan(300);
    for (const path of ["/read", "/write", "/bad"])
      expect(Number(stats.get(path)?.["Request Count"])).toBe(
        server.seen.filter((request) => request.path === path).length,
      );
    expect(stats.get("/bad")?.["Failure Count"]).toBe(stats.get("/bad")?.["Request Count"]);
    expect(total?.["Failure Count"]).toBe(stats.get("/bad")?.["Failure Count"]);
    expect(master.output()).not.toMatch(/Traceback|Unknown message/);
  });
});
