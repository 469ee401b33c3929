import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { resultOf } from "../fixture.suite.ts";
import { parseTargets } from "../targets/parse.ts";
import { judge } from "../verdict/judge.ts";
import { startObserver } from "./observer.ts";
import { createProcessReader } from "./process-figures.ts";
import { numbersOfJson, numbersOfPrometheus } from "./read-figures.ts";
import { createSeriesStore } from "./series-store.ts";

describe("figures", () => {
  it("are read out of JSON and of Prometheus' text", () => {
    expect(numbersOfJson({ a: 1, b: { c: 2.5, d: "x", e: [1] }, f: null })).toEqual(
      new Map([
        ["a", 1],
        ["b.c", 2.5],
      ]),
    );
    const text = [
      "# TYPE x_total counter",
      'x_total{route="/a"} 2',
      'x_total{route="/b"} 3 1700000000000',
      'd_bucket{le="1"} 9',
      "d_sum 4.5",
      's{quantile="0.5"} 1',
      "bad NaN",
    ].join("\n");
    expect(numbersOfPrometheus(text)).toEqual(
      new Map([
        ["x_total", 5],
        ["d_sum", 4.5],
      ]),
    );
  });

  it.skipIf(process.platform !== "linux")("of a process come from /proc (Linux only)", async () => {
    const reader = createProcessReader(process.pid, 1e12);
    await reader.read(0);
    const figures = await reader.read(1000);
    expect(figures.get("memory_bytes")).toBeGreaterThan(1e7);
    expect(figures.get("open_files")).toBeGreaterThan(2);
    expect(figures.get("cpu_percent")).toBeGreaterThanOrEqual(0);
    expect((await createProcessReader(2 ** 30).read(0)).size).toBe(0);
  });
});

describe("the series store", () => {
  it("thins out a day of samples and drops what never changes", () => {
    const store = createSeriesStore();
    for (let second = 0; second < 86_400; second += 1) {
      store.add("counter", second * 1000, second, false);
      store.add("constant", second * 1000, 7, false);
      store.add("kept", second * 1000, 1, true);
      store.endRound();
    }
    const { counter, kept, constant } = store.toData(0);
    expect(counter?.length).toBeLessThan(3600);
    expect(counter?.length).toBeGreaterThan(1700);
    expect(counter?.at(-1)?.[0]).toBeGreaterThan(86_300);
    expect(kept?.length).toBe(counter?.length);
    expect(constant).toBeUndefined();
  });
});

describe("startObserver", () => {
  it("samples health and metrics, counts probes and restarts, and feeds the targets", async () => {
    let asked = 0;
    const server = createServer((request, response) => {
      asked += 1;
      const isDown = asked > 12;
      if (request.url === "/health") {
        response.writeHead(isDown ? 503 : 200);
        response.end(JSON.stringify({ uptime_seconds: asked > 6 ? 1 : 100, system: { memory_percent: 10 } }));
      } else response.end(JSON.stringify({ cpu_percent: 50, memory_bytes: 2e8, requests_total: asked }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    onTestFinished(() => server.closeAllConnections());
    // A listening TCP server's address is never a pipe name.
    const targetUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const observer = startObserver({ targetUrl, intervalMs: 5 });
    await expect.poll(() => asked, { interval: 5, timeout: 20_000 }).toBeGreaterThan(30);
    const { observed } = await observer.finish(resultOf());
    expect(observed["cpu_percent"]?.[0]?.[1]).toBe(50);
    expect(observed["metrics.requests_total"]?.length).toBeGreaterThan(5);
    expect(observed["restarts_total"]?.at(-1)?.[1]).toBe(1);
    const table = parseTargets(
      [
        "name: t",
        "rows:",
        '  - { id: cpu, label: C, metric: cpu, op: "<", bound: 80, unit: "%", scenarios: light, source: s }',
        '  - { id: mem, label: M, metric: memory_used, op: "<", bound: 100, unit: MB, scenarios: light, source: s }',
        '  - { id: up, label: U, metric: uptime, op: ">=", bound: 99.9, unit: "%", scenarios: light, source: s }',
        '  - { id: re, label: R, metric: restarts, op: "=", bound: 0, scenarios: light, source: s }',
      ].join("\n"),
      "t.yaml",
    );
    const outcomes = judge(resultOf({ observed }), [table]).rows.map((row) => row.outcome);
    expect(outcomes).toEqual(["pass", "fail", "fail", "fail"]);
  });

  it("leaves out what the target does not tell", async () => {
    const server = createServer((_request, response) => response.writeHead(404).end("no"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    onTestFinished(() => server.closeAllConnections());
    // A listening TCP server's address is never a pipe name.
    const targetUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const observer = startObserver({ targetUrl, intervalMs: 1 });
    expect((await observer.finish(resultOf())).observed).toEqual({});
  });
});
