/** The integrity oracle: nothing in a right gateway, and the two requests named in gateways with planted bugs. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { RunResult } from "#contract";
import { judgeResult, scenarioPath } from "#lab";
import { runScenario } from "#load";
import { start, temporaryFolder } from "../e2e/rampart-process.ts";
import { freePort } from "../fixtures/free-port.ts";

/** Requests of the run against the right gateway; 500,000 by default, fewer to try it out. */
const REQUESTS = Number(process.env["RAMPART_INTEGRITY_REQUESTS"] ?? 500_000);
const ONE_IN = 10_000;

const closers: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function runAgainst(bug: string, requests: number): Promise<RunResult> {
  const folder = temporaryFolder();
  closers.push(() => folder.remove());
  const mockPort = await freePort();
  const mockUrl = `http://127.0.0.1:${mockPort}`;
  const mock = start(["mock-llm", "--port", String(mockPort)], folder.path);
  closers.push(() => mock.process.kill("SIGTERM"));
  await mock.prints("mock LLM on");
  const gateway = spawn(process.execPath, [
    join(import.meta.dirname, "buggy-gateway.mjs"),
    mockUrl,
    bug,
    String(ONE_IN),
  ]);
  closers.push(() => gateway.kill("SIGKILL"));
  const host = await new Promise<string>((resolve) =>
    gateway.stdout.once("data", (line: Buffer) => resolve(line.toString().trim())),
  );
  return runScenario({
    scenario: scenarioPath("guard-integrity"),
    overrides: {
      host,
      runTimeSec: 3000,
      settings: { mock: mockUrl },
      executors: [{ kind: "shared-iterations", users: 50, iterations: requests, maxDurationSec: 3000 }],
    },
  });
}

describe("guard-integrity", () => {
  it(`finds no leak and no crossing over ${REQUESTS} requests as fast as the gateway takes them`, async () => {
    const result = await runAgainst("none", REQUESTS);
    const { verdict } = await judgeResult(result, {});
    const seconds = (result.endedAtMs - result.startedAtMs) / 1000;
    console.info(
      `${result.total.count} requests in ${seconds.toFixed(0)} s (${(result.total.count / seconds).toFixed(0)}/s), ` +
        `${result.total.failures} failed; ${verdict.rows.map((row) => `${row.id} ${row.outcome}`).join(", ")}`,
    );
    expect(result.total.count).toBeGreaterThanOrEqual(REQUESTS);
    for (const id of ["no-leak", "no-crossing", "restored", "no-placeholder", "not-altered", "same-verdict"])
      expect([id, verdict.rows.find((row) => row.id === `rampart/${id}`)?.outcome]).toEqual([id, "pass"]);
  });

  it("catches one crossing in 10,000 and names both requests", async () => {
    const result = await runAgainst("cross-talk", 60_000);
    const crossings = result.exceptions.filter(({ message }) => message.includes("crossing"));
    console.info(`crossings named: ${crossings.map(({ message }) => message).join(" | ")}`);
    expect(crossings.length).toBeGreaterThanOrEqual(1);
    expect(crossings[0]?.message).toMatch(/the answer to \S+ holds values of \S+/);
    expect((await judgeResult(result, {})).verdict.outcome).toBe("FAIL");
  });

  it("catches one stream in 10,000 that loses an event and names the request", async () => {
    const result = await runAgainst("streaming", 60_000);
    const { verdict } = await judgeResult(result, {});
    const altered = result.exceptions.filter(({ message }) => message.startsWith("altered"));
    console.info(`altered: ${altered.map(({ message }) => message).join(" | ")}`);
    expect(altered.length).toBeGreaterThanOrEqual(1);
    expect(verdict.outcome).toBe("FAIL");
    expect(verdict.rows.some((row) => row.outcome === "fail" && /not-altered|restored/.test(row.id))).toBe(
      true,
    );
  });
});
