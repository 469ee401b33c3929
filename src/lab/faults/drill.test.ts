import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import type { RunResult, SeriesPoint } from "#contract";
import { epochMs } from "#shared";
import { resultOf } from "../fixture.suite.ts";
import { type RunningDrill, startDrill } from "./drill.ts";
import { parseDrill } from "./drill-file.ts";
import { measureFault } from "./recovery.ts";

/** A server in a process of its own with one child, as a gateway with workers is. */
const SERVER = `
  const { spawn } = require("node:child_process");
  const child = () => spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]).once("exit", child);
  child();
  require("node:http").createServer((q, s) => s.end(String(process.pid))).listen(Number(process.argv[2]), "127.0.0.1");
`;

let drill: RunningDrill | null = null;
let folder = "";
afterEach(async () => {
  await drill?.close();
  drill = null;
  if (folder !== "") await rm(folder, { recursive: true, force: true });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function drillOf(port: number, faults: string): Promise<RunningDrill> {
  folder = await mkdtemp(join(tmpdir(), "drill-"));
  const script = join(folder, "server.cjs");
  await writeFile(script, SERVER);
  drill = await startDrill(
    parseDrill(
      `services:\n  web:\n    command: [${process.execPath}, ${script}, "${port}"]\n    ready: 127.0.0.1:${port}\nfaults:\n${faults}`,
      "drill.yaml",
    ),
    null,
  );
  return drill;
}

const answer = (port: number, timeoutMs = 300) =>
  fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(timeoutMs) }).then(
    (response) => response.text(),
    () => null,
  );

function resultOver(seconds: number, startedAtMs: number): RunResult {
  return {
    ...resultOf(),
    startedAtMs,
    series: Array.from({ length: seconds }, (_, tSec) => second(tSec)),
  };
}

function second(tSec: number, p95Ms = 10, failures = 0): SeriesPoint {
  return { tSec, users: 5, requests: 100, failures, p50Ms: 5, p95Ms, p99Ms: p95Ms, maxMs: p95Ms, meanMs: 5 };
}

describe("a drill", () => {
  it("kills a service for its time and starts it again", async () => {
    const port = await freePort();
    const running = await drillOf(port, "  - { at: 0, for: 1s, service: web, do: kill }");
    const before = await answer(port);
    expect(before).not.toBeNull();
    const startedAtMs = epochMs();
    running.begin(startedAtMs);
    await sleep(400);
    expect(await answer(port)).toBeNull();
    await sleep(1500);
    const after = await answer(port, 2000);
    expect(after).not.toBeNull();
    expect(after).not.toBe(before);
    const { faults } = await running.finish(resultOver(10, startedAtMs));
    expect(faults?.[0]).toMatchObject({ label: "kill web", problem: null, requestsLost: 0 });
    expect(faults?.[0]?.toSec).toBeGreaterThanOrEqual(1);
  });

  it("freezes and wakes, and kills a child that the parent replaces", async () => {
    const port = await freePort();
    const running = await drillOf(
      port,
      "  - { at: 0, for: 1s, service: web, do: freeze }\n  - { at: 2s, service: web, do: kill-child }",
    );
    const before = await answer(port);
    const startedAtMs = epochMs();
    running.begin(startedAtMs);
    await sleep(300);
    expect(await answer(port)).toBeNull();
    await sleep(2200);
    expect(await answer(port, 2000)).toBe(before);
    const { faults } = await running.finish(resultOver(5, startedAtMs));
    expect(faults?.map(({ problem }) => problem)).toEqual([null, null]);
  });

  it("tells of a fault that could not be made", async () => {
    const port = await freePort();
    const running = await drillOf(port, "  - { at: 0, for: 1s, upstream: { fault: stall } }");
    running.begin(epochMs());
    await sleep(100);
    const { faults } = await running.finish(resultOver(5, epochMs()));
    expect(faults?.[0]?.problem).toContain("mock");
  });

  it("that cannot start a service says which", async () => {
    const spec = parseDrill(
      "services:\n  gone:\n    command: [/no/such/program]\n    ready: 127.0.0.1:1\nfaults:\n  - { at: 0, for: 1s, service: gone, do: kill }",
      "drill.yaml",
    );
    await expect(startDrill(spec, null)).rejects.toMatchObject({
      code: "RMP_LAB_FAULT",
      message: expect.stringContaining("gone"),
    });
  });
});

describe("a drill file", () => {
  it.each([
    ["faults: []", "faults"],
    ["faults:\n  - { at: 1s, for: 2s, service: redis, do: kill }", "faults[0].service"],
    [
      "services:\n  redis: { pidFile: x }\nfaults:\n  - { at: 1s, for: 2s, service: redis, do: kill }",
      "faults[0].do",
    ],
    [
      "services:\n  redis: { pidFile: x }\nfaults:\n  - { at: 1s, service: redis, do: freeze }",
      "faults[0].for",
    ],
    ["proxies:\n  p: { listen: 9001, to: 10.0.0.1:80 }\nfaults: [{}]", "proxies.p.to"],
    [
      "proxies:\n  p: { listen: 9001, to: 127.0.0.1:80 }\nfaults:\n  - { at: 0, for: 1s, proxy: p }",
      "faults[0]",
    ],
    ["mock: http://example.org\nfaults: [{}]", "mock"],
    ["faults:\n  - { at: soon, for: 1s, upstream: { fault: hang } }", "faults[0].at"],
    ["extra: 1\nfaults: [{}]", "the file.extra"],
  ])("%j is refused by its field", (text, field) => {
    expect(() => parseDrill(text, "drill.yaml")).toThrow(
      expect.objectContaining({ code: "RMP_CONFIG_INVALID", field }) as Error,
    );
  });
});

describe("recovery", () => {
  it("is counted from the end of the fault to the first of three normal seconds", () => {
    const bad = [20, 21, 22, 23, 24, 26];
    const series = Array.from({ length: 60 }, (_, tSec) =>
      bad.includes(tSec) ? second(tSec, 500, 50) : second(tSec),
    );
    const result = { ...resultOf(), series };
    expect(measureFault(result, { fromSec: 20, toSec: 23 })).toEqual({
      fromSec: 20,
      toSec: 23,
      recoverySec: 4,
      requestsLost: 300,
    });
  });

  it("is unknown when the run does not come back", () => {
    const series = Array.from({ length: 40 }, (_, tSec) =>
      tSec < 20 ? second(tSec) : second(tSec, 900, 100),
    );
    expect(measureFault({ ...resultOf(), series }, { fromSec: 20, toSec: 25 })).toMatchObject({
      recoverySec: null,
      requestsLost: 2000,
    });
  });
});
