import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createGuard } from "#backends";
import { createGateway, METRICS_CATALOGUE } from "#gateway";
import { createMockLlm } from "#mock";

const KEYS = { ann: "key-of-ann-0123456789", root: "key-of-root-0123456789" };
const customer = (name: keyof typeof KEYS, role: "caller" | "admin") => ({
  ...{ name, role },
  keys: [`sha256:${createHash("sha256").update(KEYS[name]).digest("hex")}`],
});

/** The second seed's continuous metrics in the words of its own list, and where each stands in the JSON form. */
const CONTINUOUS: Readonly<Record<string, string>> = {
  "Response Time (P50, P95, P99)": "response_time_ms",
  "Throughput (req/s)": "throughput_per_second",
  "Error Rate (%)": "error_rate_percent",
  "CPU Usage (%)": "cpu_usage_percent",
  "Memory Usage (MB)": "memory_usage_mb",
  "Cache Hit Rate (%)": "cache_hit_rate_percent",
  "Active Connections (count)": "active_connections",
  "PII Detection Rate (%)": "pii_detection_rate_percent",
};

describe("metrics of a gateway with everything on", () => {
  const folder = mkdtempSync(join(tmpdir(), "rampart-metrics-"));
  const mock = createMockLlm();
  let stop: () => Promise<void>;
  let url: string;

  beforeAll(async () => {
    const provider = { baseUrl: (await mock.listen({ port: 0 })).url };
    const gateway = createGateway({
      config: {
        port: 0,
        providers: { openai: provider, anthropic: provider },
        customers: [customer("ann", "caller"), customer("root", "admin")],
        audit: { dir: join(folder, "audit") },
        logs: { to: join(folder, "log") },
        telemetry: { url: "http://127.0.0.1:1/v1/traces" },
        // Nobody is there: the figures of a link do not depend on that.
        redis: { url: "redis://127.0.0.1:1" },
        postgres: { url: "postgres://nobody@127.0.0.1:1/none" },
        // A busy machine must not make this gateway refuse what is counted here.
        overload: { eventLoopDelayMs: 60_000 },
        limits: { proxy: { requestsPerMinute: 1_000 } },
      },
      guard: createGuard(),
      version: "1.2.3",
    });
    url = (await gateway.listen()).url;
    stop = () => gateway.close();
    await send("/v1/chat/completions", chat("Write to ada@example.org"));
    await send("/v1/chat/completions", chat("Write to ada@example.org"));
    await send("/v1/chat/completions", chat("What is the capital of France?"));
    await send("/v1/chat/completions", { model: "gpt-4" });
    await send("/anthropic/v1/messages", { ...chat("hello"), max_tokens: 9 });
  });

  afterAll(async () => {
    await stop?.();
    await mock.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const chat = (content: string) => ({ model: "gpt-4", messages: [{ role: "user", content }] });
  const send = (path: string, body: object) =>
    fetch(url + path, {
      ...{ method: "POST", headers: { "x-rampart-key": KEYS.ann, "content-type": "application/json" } },
      body: JSON.stringify(body),
    }).then((answer) => answer.text());
  const metrics = (accept: string) =>
    fetch(`${url}/metrics`, { headers: { accept, "x-api-key": KEYS.root } }).then((answer) => answer.text());

  it("has the second seed's eight continuous metrics in the JSON form, with true values", async () => {
    const { continuous, ...figures } = JSON.parse(await metrics("application/json"));
    expect(Object.keys(continuous).toSorted()).toEqual(Object.values(CONTINUOUS).toSorted());
    const { response_time_ms: times, ...rest } = continuous;
    expect(0 < times.p50 && times.p50 <= times.p95 && times.p95 <= times.p99).toBe(true);
    expect(rest.throughput_per_second).toBeGreaterThan(0);
    expect(rest.memory_usage_mb).toBeGreaterThan(20);
    expect(rest.cpu_usage_percent).toBeGreaterThanOrEqual(0);
    expect(rest.active_connections).toBeGreaterThanOrEqual(1);
    expect(rest.error_rate_percent).toBe(0);
    const { requests_anonymized: found } = figures;
    expect(found).toBe(2);
    expect(rest.pii_detection_rate_percent).toBe(40);
    expect(rest.cache_hit_rate_percent).toBe(figures.cache_hit_rate);
    expect(figures).toMatchObject({
      ...{ routes: { "/v1/chat/completions": { count: 4 } }, findings_by_type: { EMAIL_ADDRESS: 2 } },
      ...{ workers: 1, workers_silent: 0, configuration_version: 1 },
    });
  });

  it("has no family that the catalogue lacks, none the catalogue alone knows, and its types, helps and labels", async () => {
    const text = await metrics("text/plain");
    const told = new Map<string, { type: string; help: string }>();
    for (const [, name = "", help = "", type = ""] of text.matchAll(
      /^# HELP (\S+) (.*)\n# TYPE \S+ (\S+)$/gm,
    ))
      told.set(name, { type, help });
    const known = new Map(Object.entries(METRICS_CATALOGUE));
    expect([...told.keys()].filter((name) => !known.has(name))).toEqual([]);
    expect([...known.keys()].filter((name) => !told.has(name))).toEqual([]);
    for (const [name, { type, help }] of told) expect(known.get(name), name).toMatchObject({ type, help });
    for (const [, name = "", labels = ""] of text.matchAll(
      /^(rampart_\w+?)(?:_bucket|_sum|_count)?\{(.*)\} /gm,
    )) {
      const entry = known.get(name) ?? known.get(`${name}_count`);
      if (entry === undefined) continue;
      const names = [...labels.matchAll(/(\w+)="/g)]
        .map(([, label]) => label)
        .filter((label) => label !== "le");
      expect(entry.labels ?? [], name).toEqual(names);
    }
  });

  it("has each family once, with all its samples below it", async () => {
    const names = [...(await metrics("text/plain")).matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});
