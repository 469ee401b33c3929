/** What a scenario does once before the first user and once after the last. */
import { RampartError } from "#shared";
import type { HttpClient, HttpOptions } from "./model/http-types.ts";
import type { Scenario, SetupContext, TeardownContext, TeardownSummary } from "./model/scenario-types.ts";
import type { RunStats } from "./stats/run-stats.ts";
import { Http1Client } from "./transport/http1/client.ts";
import { createTransportContext } from "./transport/http1/transport-context.ts";
import type { WorkerClocks } from "./workers/worker-engine.ts";

/** What teardown found. */
export interface TeardownFindings {
  /** Reasons why the scenario failed the run. */
  readonly failures: readonly string[];
  readonly notes: readonly string[];
}

type Surroundings = Omit<SetupContext, "http">;

/** Runs `setup`; what it returns is every user's `shared`. @throws RMP_LOAD_SCENARIO_INVALID when it throws */
export async function runSetup(
  scenario: Scenario,
  http: HttpOptions,
  surroundings: Surroundings,
  clocks: WorkerClocks,
): Promise<unknown> {
  const { setup } = scenario;
  if (setup === undefined) return undefined;
  return await withClient(surroundings.host, http, clocks, async (client) => {
    try {
      return await setup({ ...surroundings, http: client });
    } catch (cause) {
      if (cause instanceof RampartError) throw cause;
      const reason = cause instanceof Error ? cause.message : "it threw a value that is no Error";
      throw new RampartError("RMP_LOAD_SCENARIO_INVALID", `setup of ${scenario.name}: ${reason}`, { cause });
    }
  });
}

/** Runs `teardown`; a throw becomes a failure of the run. */
export async function runTeardown(
  scenario: Scenario,
  http: HttpOptions,
  surroundings: Surroundings,
  clocks: WorkerClocks,
  shared: unknown,
  stats: RunStats,
  startedAtMs: number,
): Promise<TeardownFindings> {
  const failures: string[] = [];
  const notes: string[] = [];
  const { teardown } = scenario;
  if (teardown === undefined) return { failures, notes };
  await withClient(surroundings.host, http, clocks, async (client) => {
    const metric = (kind: "counter" | "gauge", name: string, value: number, unit: string) =>
      stats.addMetric({
        name,
        kind,
        unit,
        count: 1,
        sum: value,
        last: value,
        lastAtMs: clocks.epochMs(),
        histogram: null,
      });
    const context: TeardownContext = {
      ...surroundings,
      http: client,
      shared,
      summary: summarise(stats, (clocks.epochMs() - startedAtMs) / 1000),
      check: (name, holds, detail) => {
        stats.addCheck(name, holds ? 1 : 0, holds ? 0 : 1);
        if (!holds)
          failures.push(detail === undefined ? `check failed: ${name}` : `check failed: ${name}: ${detail}`);
        return holds;
      },
      fail: (reason) => {
        failures.push(reason);
      },
      note: (text) => {
        notes.push(text);
      },
      count: (name, amount = 1) => metric("counter", name, amount, ""),
      gauge: (name, value, unit = "") => metric("gauge", name, value, unit),
    };
    try {
      await teardown(context);
    } catch (error) {
      failures.push(
        `teardown failed: ${error instanceof Error ? error.message : "it threw a value that is no Error"}`,
      );
    }
  });
  return { failures, notes };
}

async function withClient<T>(
  host: string,
  http: HttpOptions,
  clocks: WorkerClocks,
  use: (client: HttpClient) => Promise<T>,
): Promise<T> {
  const context = createTransportContext(clocks.monotonicMs, () => {});
  const environment = {
    nowMs: clocks.monotonicMs,
    epochMs: clocks.epochMs,
    recorder: null,
    takeDueMs: (nowMs: number) => nowMs,
  };
  try {
    return await use(new Http1Client(environment, context, host, http, null));
  } finally {
    context.close();
  }
}

function summarise(stats: RunStats, durationSec: number): TeardownSummary {
  const byName: Record<string, { requests: number; failures: number }> = {};
  for (const row of stats.rows.values())
    byName[`${row.method} ${row.name}`] = { requests: row.count, failures: row.failures };
  const total = stats.total();
  return { requests: total.count, failures: total.failures, durationSec, byName };
}
