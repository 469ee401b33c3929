import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createGuard } from "#backends";
import type { RunResult } from "#contract";
import { createGateway, type Gateway } from "#gateway";
import { recordRun, scenarioPath, startObserver } from "#lab";
import { runScenario } from "#load";
import { createMockLlm, type MockLlm } from "#mock";

let mock: MockLlm;
let gateway: Gateway;
let host: string;
let mockUrl: string;

beforeAll(async () => {
  mock = createMockLlm();
  mockUrl = (await mock.listen({ port: 0 })).url;
  gateway = createGateway({
    config: { port: 0, providers: { openai: { baseUrl: mockUrl }, anthropic: { baseUrl: mockUrl } } },
    guard: createGuard(),
    version: "0.0.0-test",
  });
  host = (await gateway.listen()).url;
});

afterAll(async () => {
  await gateway?.close();
  await mock?.close();
});

async function run(name: string, users: number): Promise<RunResult> {
  const observer = startObserver({ targetUrl: host, intervalMs: 200 });
  const result = await runScenario({
    scenario: scenarioPath(name),
    overrides: { host, users, spawnRatePerSec: 20, runTimeSec: 3, settings: { mock: mockUrl } },
  });
  return observer.finish(result);
}

describe("scenarios against our own gateway and mock", () => {
  // The seven documented kinds of requests, all answers checked; speed is not judged on a shared machine.
  it.each([
    [
      "light",
      10,
      ["prompt-guard/light-errors", "rampart/no-leak", "rampart/restored", "rampart/no-placeholder"],
    ],
    [
      "guard-integrity",
      3,
      ["rampart/no-leak", "rampart/no-crossing", "rampart/not-altered", "rampart/guards-signed"],
    ],
    ["streaming", 5, ["rampart/no-leak", "rampart/restored", "rampart/whole-streams"]],
  ])("%s leaks nothing and restores everything", async (name, users, rows) => {
    const result = await run(name, users);
    expect(result.errors).toEqual([]);
    expect(result.scenarioFailures ?? []).toEqual([]);
    expect(result.observed["memory_bytes"]?.length).toBeGreaterThan(0);
    const folder = await mkdtemp(join(tmpdir(), "rampart-lab-"));
    const { verdict } = await recordRun(result, { resultsDirectory: folder, reports: {}, generatedAtMs: 0 });
    const outcomes = new Map(verdict.rows.map((row) => [row.id, row.outcome]));
    for (const row of rows) expect([row, outcomes.get(row)]).toEqual([row, "pass"]);
  });
});
