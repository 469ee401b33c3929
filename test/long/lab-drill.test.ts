/** One drill: Redis, PostgreSQL, upstream and a worker fail under mixed load; nothing wrong comes out and nothing is lost. */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { RunResult } from "#contract";
import { run, start, temporaryFolder } from "../e2e/rampart-process.ts";

const ROOT = join(import.meta.dirname, "../..");
const hasServers = ["redis-server", "initdb"].every(
  (name) =>
    spawnSync("sh", ["-c", `command -v ${name} || ls /usr/lib/postgresql/*/bin/${name}`]).status === 0,
);
/** Ports of drills/mixed.yaml. */
const MOCK_PORT = "8701";
const DATABASE_URL = "postgres://postgres@127.0.0.1:5490/postgres";

describe.skipIf(!hasServers && process.env["CI"] !== "true")("a fault drill under mixed load", () => {
  it("ends without a wrong answer or a leak, tells recovery times, and leaves the audit complete", async () => {
    const folder = temporaryFolder();
    for (const name of ["bin", "scripts", "drills", "dist"])
      symlinkSync(join(ROOT, name), join(folder.path, name));
    const mock = start(["mock-llm", "--port", MOCK_PORT], folder.path);
    await mock.prints("mock LLM on");
    try {
      const { code, stdout, stderr } = await run(
        [
          ...[
            "load",
            "mixed",
            "--host",
            "http://127.0.0.1:8700",
            "--set",
            `mock=http://127.0.0.1:${MOCK_PORT}`,
          ],
          ...["--faults", "drills/mixed.yaml", "--only-summary", "--results-dir", "results"],
        ],
        folder.path,
        {
          env: {
            // Half of what two cores that also carry generator and mock can do.
            RAMPART_SCALE_USERS: process.env["RAMPART_DRILL_SCALE"] ?? "0.1",
            RAMPART_MIXED_CHATS: "30",
            RAMPART_SCALE_TIME: "1.4",
          },
        },
      );
      console.info(stdout, stderr.split("\n").slice(-5).join("\n"));
      expect([0, 98, 99]).toContain(code);
      const [file] = readdirSync(join(folder.path, "results")).filter((name) =>
        name.endsWith(".run.json.gz"),
      );
      const result = JSON.parse(
        gunzipSync(readFileSync(join(folder.path, "results", file ?? ""))).toString(),
      ) as RunResult;
      expect(result.faults?.map(({ label, problem }) => [label, problem])).toEqual([
        ["kill redis", null],
        ["kill postgres", null],
        ["upstream: fault stall", null],
        ["kill a child of gateway", null],
        ["proxy redis-link: delayMs 300", null],
      ]);
      for (const fault of result.faults ?? [])
        expect([fault.label, fault.recoverySec]).not.toEqual([fault.label, null]);
      const wrong = result.checks.filter(
        ({ name, fails }) => fails > 0 && /another user|upstream|restored|placeholder|altered/.test(name),
      );
      expect(wrong).toEqual([]);
      expect(
        result.checks.find(({ name }) => name === "no personal value reached the upstream")?.passes,
      ).toBeGreaterThan(1000);
      // The chain on disk is whole, and everything on it was copied before the drill ended its PostgreSQL.
      const verified = await run(["audit", "verify", "--from", "disk", "--json"], folder.path);
      expect(verified.code).toBe(0);
      const copy = await withPostgres(folder.path, () =>
        run(["audit", "verify", "--from", "postgres", "--json"], folder.path, { env: { DATABASE_URL } }),
      );
      console.info(verified.stdout.slice(0, 400), copy.stdout.slice(0, 400));
      expect(copy.code).toBe(0);
    } finally {
      mock.process.kill("SIGTERM");
      await mock.finished;
      folder.remove();
    }
  });
});

/** Serves the drill's PostgreSQL again for the time of `work`. */
async function withPostgres<T>(cwd: string, work: () => Promise<T>): Promise<T> {
  const { createService } = await import("../../src/lab/faults/service.ts");
  const service = createService({
    name: "postgres",
    command: ["sh", join(cwd, "scripts/drill-postgres.sh"), "5490"],
    env: {},
    pidFile: null,
    ready: { host: "127.0.0.1", port: 5490 },
  });
  await service.start();
  try {
    return await work();
  } finally {
    await service.end();
  }
}
