import { createServer, type RequestListener, type Server } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { createRandom } from "#shared";
import { estimateOverhead } from "./estimate.ts";
import { type PairSamples, runPairs, serverTiming } from "./pairs.ts";
import { overheadText, runOverhead } from "./run-overhead.ts";

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as { port: number }).port}/`;
}

const answerAfter =
  (ms: number, timing = ""): RequestListener =>
  (request, response) => {
    request.resume();
    request.on("end", () =>
      setTimeout(() => response.writeHead(200, { "server-timing": timing }).end("{}"), ms),
    );
  };

const sides = (through: string, direct: string) => ({
  through: { url: through, headers: {} },
  direct: { url: direct, headers: {} },
  body: (pair: number) => JSON.stringify({ pair }),
});

function samplesOf(pairs: readonly (readonly [number, number])[]): PairSamples {
  return {
    throughMs: pairs.map(([through]) => through),
    directMs: pairs.map(([, direct]) => direct),
    parts: pairs.map(() => null),
    failures: { through: 0, direct: 0 },
    sentThrough: pairs.length,
  };
}

describe("pairs", () => {
  it("send every body to both sides, one first by turns, and read the gateway's own words", async () => {
    const seen: string[] = [];
    const log =
      (side: string): RequestListener =>
      (request, response) => {
        let body = "";
        request.on("data", (part) => {
          body += part;
        });
        request.on("end", () => {
          seen.push(`${side} ${body}`);
          response.writeHead(200, { "server-timing": "guard;dur=1.5, total;desc=all;dur=3" }).end("{}");
        });
      };
    const options = sides(await serve(log("through")), await serve(log("direct")));
    const samples = await runPairs({ ...options, users: 1, durationSec: 0.3, warmUpSec: 0.05 });
    expect(samples.throughMs.length).toBeGreaterThan(5);
    expect(samples.throughMs.length).toBe(samples.directMs.length);
    expect(samples.parts[0]).toEqual({ guard: 1.5, total: 3 });
    expect(seen.slice(0, 4)).toEqual([
      'through {"pair":0}',
      'direct {"pair":0}',
      'direct {"pair":1}',
      'through {"pair":1}',
    ]);
  });

  it("leave out what failed and give up on a side that is gone", async () => {
    let count = 0;
    const flaky = await serve((request, response) => {
      request.resume();
      count += 1;
      response.writeHead(count % 3 === 0 ? 500 : 200).end("{}");
    });
    const steady = await serve(answerAfter(0));
    const samples = await runPairs({ ...sides(flaky, steady), users: 1, durationSec: 0.2, warmUpSec: 0.01 });
    expect(samples.failures.through).toBeGreaterThan(0);
    expect(samples.failures.direct).toBe(0);
    await expect(
      runPairs({ ...sides("http://127.0.0.1:9/", steady), users: 2, durationSec: 5, warmUpSec: 0.01 }),
    ).rejects.toMatchObject({ code: "RMP_NET_UNREACHABLE", field: "through" });
  });

  it("parse Server-Timing", () => {
    expect(serverTiming("guard;dur=0.2, cache;dur=0, upstream;dur=12, total;dur=13.5")).toEqual({
      guard: 0.2,
      cache: 0,
      upstream: 12,
      total: 13.5,
    });
    expect(serverTiming("miss")).toBeNull();
  });
});

describe("the estimate", () => {
  it("finds what was added, and its interval holds the truth in at least 95 of 100 runs", () => {
    let held = 0;
    for (let run = 0; run < 100; run += 1) {
      const random = createRandom(run + 1);
      let wave = 0;
      // An autocorrelated machine that both sides of a pair share, and noise of each request.
      const pairs = Array.from({ length: 1000 }, () => {
        wave = 0.9 * wave + (random() - 0.5);
        const base = 5 + wave;
        return [base + 2 + random(), base + random()] as const;
      });
      const estimate = estimateOverhead(samplesOf(pairs));
      const { lowMs, highMs } = estimate?.pairedMedian ?? { lowMs: 0, highMs: 0 };
      if (lowMs <= 2 && highMs >= 2) held += 1;
      expect(estimate?.added.p50.ms).toBeGreaterThan(1.5);
      expect(estimate?.added.p50.ms).toBeLessThan(2.5);
    }
    expect(held).toBeGreaterThanOrEqual(95);
  });

  it("says nothing with too few pairs", () => {
    expect(estimateOverhead(samplesOf(Array.from({ length: 99 }, () => [2, 1] as const)))).toBeNull();
  });
});

describe("the measurement", () => {
  it("tells an injected delay as it is", async () => {
    const fast = await serve(answerAfter(5));
    const slow = await serve(answerAfter(25, "guard;dur=20, upstream;dur=5, total;dur=25"));
    const report = await runOverhead({ ...sides(slow, fast), users: 4, durationSec: 1.5, warmUpSec: 0.2 });
    expect(report.estimate?.added.p50.ms).toBeGreaterThan(18);
    expect(report.estimate?.added.p50.ms).toBeLessThan(23);
    expect(report.estimate?.split).toMatchObject({ guard: 20, upstream: 5, gateway: 20 });
    expect(report.gatewayCpuMs).toBeNull();
    expect(overheadText(report)).toContain("guard 20.000 ms");
  });
});
