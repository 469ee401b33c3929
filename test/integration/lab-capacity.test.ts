import { mkdtemp, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { runCapacity } from "#lab";

const SERVED_PER_SEC = 80;

const SCENARIO = `
import { defineScenario, defineUser, task } from "rampart/load";
export default defineScenario({
  name: "capacity", http: { connections: "shared" },
  userClasses: [defineUser({ name: "A", tasks: [task("get", async (user) => { await user.http.get("/"); })] })],
});
`;

describe("runCapacity", () => {
  it("brackets a server of known capacity", async () => {
    let freeAtMs = 0;
    // A single server in a queue: one answer every 1/80 s.
    const server = createServer((_request, response) => {
      const nowMs = performance.now();
      freeAtMs = Math.max(nowMs, freeAtMs) + 1000 / SERVED_PER_SEC;
      setTimeout(() => response.end("ok"), freeAtMs - nowMs);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    onTestFinished(() => server.closeAllConnections());
    const file = join(await mkdtemp(join(tmpdir(), "rampart-")), "capacity.ts");
    await writeFile(file, SCENARIO);
    const report = await runCapacity({
      scenario: file,
      // A listening TCP server's address is never a pipe name.
      overrides: { host: `http://127.0.0.1:${(server.address() as AddressInfo).port}` },
      vary: "rate",
      limits: { p95Ms: 150, errorPercent: 1 },
      startLevel: 40,
      maxLevel: 640,
      levelSec: 1,
      holdSec: 0,
      precision: 0.9,
      settleSec: 0.2,
      tables: [],
    });
    // Short levels and a busy machine give a wide bracket; the full-length search is a long proof.
    expect(report.steps.length).toBeGreaterThan(0);
    expect(report.steps.find((step) => step.level === 160)?.outcome.verdict ?? "fails").not.toBe("holds");
    expect(report.capacity ?? 0).toBeLessThan(160);
    expect(report.chart.x).toHaveLength(report.steps.length);
  });
});
