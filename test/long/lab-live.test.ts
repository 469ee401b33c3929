/** The lab's judgements against systems whose truth is known: injected delay, known capacity, slower builds, leaks. */
import { spawn } from "node:child_process";
import { mkdtemp, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { createGuard } from "#backends";
import type { RunResult } from "#contract";
import type { Guard } from "#detect";
import { createGateway } from "#gateway";
import { compareRuns, growthOf, runCapacity, runOverhead, scenarioPath, startObserver } from "#lab";
import { runScenario } from "#load";
import { createMockLlm } from "#mock";
import { monotonicMs } from "#shared";

const closers: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A gateway before a mock LLM. */
async function serve(options: { readonly ttftMs?: number; readonly guard?: Guard } = {}) {
  const mock = createMockLlm({ config: { ttftMs: options.ttftMs ?? 0 } });
  const { url: mockUrl } = await mock.listen({ port: 0 });
  closers.push(() => mock.close());
  const gateway = createGateway({
    config: { port: 0, providers: { openai: { baseUrl: mockUrl }, anthropic: { baseUrl: mockUrl } } },
    guard: options.guard ?? createGuard(),
    version: "0.0.0-test",
  });
  const { url } = await gateway.listen();
  closers.push(() => gateway.close());
  return { url, mockUrl, mock };
}

/** A guard that takes so much longer, busy as a slow detector is. */
function slowed(guard: Guard, delayMs: number): Guard {
  return new Proxy(guard, {
    get(target, name, receiver) {
      const value: unknown = Reflect.get(target, name, receiver);
      if (name !== "detectInjection" || typeof value !== "function") return value;
      return (...words: unknown[]): unknown => {
        const untilMs = monotonicMs() + delayMs;
        while (monotonicMs() < untilMs);
        return value.apply(target, words);
      };
    },
  });
}

describe("overhead", () => {
  it("tells 20 ms that were put into the gateway as 20 +- 1 ms, as the gateway measured them", async () => {
    const measure = async (guard: Guard) => {
      const { url, mockUrl } = await serve({ guard });
      const report = await runOverhead({
        through: { url: `${url}/openai/v1/chat/completions`, headers: {} },
        direct: { url: `${mockUrl}/v1/chat/completions`, headers: {} },
        body: (pair) =>
          JSON.stringify({ model: "gpt-4", messages: [{ role: "user", content: `Question ${pair}: why?` }] }),
        users: 1,
        durationSec: 20,
        warmUpSec: 3,
      });
      return {
        addedMs: report.estimate?.added.p50.ms ?? Number.NaN,
        guardMs: report.estimate?.split["guard"] ?? Number.NaN,
      };
    };
    const guard = createGuard();
    const [plain, delayed] = [await measure(guard), await measure(slowed(guard, 20))];
    const [added, told] = [delayed.addedMs - plain.addedMs, delayed.guardMs - plain.guardMs];
    console.info(`added ${added.toFixed(2)} ms, by the gateway's own words ${told.toFixed(2)} ms`);
    expect(Math.abs(told - 20)).toBeLessThan(1);
    expect(Math.abs(added - told)).toBeLessThan(1);
  });
});

describe("capacity", () => {
  it("finds the capacity of a server that can serve 200/s within 5 %", async () => {
    const servedPerSec = 200;
    let freeAtMs = 0;
    // A single server in a queue: one answer every 1/200 s.
    const server = createServer((_request, response) => {
      const nowMs = monotonicMs();
      freeAtMs = Math.max(nowMs, freeAtMs) + 1000 / servedPerSec;
      setTimeout(() => response.end("ok"), freeAtMs - nowMs);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    closers.push(
      () => server.closeAllConnections(),
      () => server.close(),
    );
    const file = join(await mkdtemp(join(tmpdir(), "rampart-")), "capacity.ts");
    await writeFile(
      file,
      `import { defineScenario, defineUser, task } from "rampart/load";
       export default defineScenario({ name: "capacity", http: { connections: "shared" },
         userClasses: [defineUser({ name: "A", tasks: [task("get", async (user) => { await user.http.get("/"); })] })] });`,
    );
    const { capacity } = await runCapacity({
      scenario: file,
      overrides: { host: `http://127.0.0.1:${(server.address() as AddressInfo).port}` },
      vary: "rate",
      limits: { p95Ms: 300, errorPercent: 1 },
      startLevel: 50,
      maxLevel: 1600,
      levelSec: 15,
      holdSec: 0,
      tables: [],
    });
    console.info(`capacity found: ${capacity} of ${servedPerSec}/s`);
    expect(Math.abs((capacity ?? 0) - servedPerSec) / servedPerSec).toBeLessThanOrEqual(0.05);
  });
});

describe("comparing live runs with a mock LLM at 50 ms", () => {
  const RUN_SEC = 30;
  const runAt = async (ttftMs: number): Promise<RunResult> => {
    const { url, mockUrl } = await serve({ ttftMs });
    return runScenario({
      scenario: scenarioPath("capacity"),
      overrides: {
        host: url,
        settings: { mock: mockUrl },
        executors: [{ kind: "constant-arrival-rate", ratePerSec: 40, durationSec: RUN_SEC }],
      },
    });
  };
  const isFound = (before: RunResult, after: RunResult) =>
    compareRuns([before], [after], {}).differences.some((difference) => difference.finding !== "none");

  it("finds nothing in 5 pairs of the same build and +10 % in 5 of 5", async () => {
    const found = { same: 0, slower: 0 };
    for (let pair = 0; pair < 5; pair += 1) {
      const before = await runAt(50);
      if (isFound(before, await runAt(50))) found.same += 1;
      if (isFound(before, await runAt(55))) found.slower += 1;
    }
    console.info(`findings: ${found.same} of 5 same pairs, ${found.slower} of 5 slower ones`);
    expect(found).toEqual({ same: 0, slower: 5 });
  });
});

describe("a soak of ten minutes at constant load", () => {
  const soak = async (retainPerSec: number) => {
    const mock = createMockLlm();
    const { url: mockUrl } = await mock.listen({ port: 0 });
    closers.push(() => mock.close());
    const script = join(import.meta.dirname, "leaking-gateway.mjs");
    const gateway = spawn(process.execPath, [script, mockUrl, String(Math.round(retainPerSec))]);
    closers.push(() => gateway.kill("SIGKILL"));
    const host = await new Promise<string>((resolve) =>
      gateway.stdout.once("data", (line: Buffer) => resolve(line.toString().trim())),
    );
    const observer = startObserver({ targetUrl: host });
    const result = await runScenario({
      scenario: scenarioPath("soak"),
      overrides: { host, users: 30, runTimeSec: 600, settings: { mock: mockUrl } },
    });
    return growthOf(await observer.finish(result))["memory_bytes"];
  };

  it("names a gateway that retains 1 MB a minute, and does not accuse an unmodified one", async () => {
    const leaking = await soak((1024 * 1024) / 60);
    console.info(`leaking: ${leaking?.verdict}, ${leaking?.slopePerHour.toPrecision(3)} bytes per hour`);
    const plain = await soak(0);
    console.info(`unmodified: ${plain?.verdict}, ${plain?.slopePerHour.toPrecision(3)} bytes per hour`);
    expect(leaking?.verdict).toBe("grows");
    expect(plain?.verdict).not.toBe("grows");
  });
});
