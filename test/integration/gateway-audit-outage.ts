/** Takes PostgreSQL away from a gateway under load and counts what comes of it. The gateway is a process of its own. */
import { writeFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { join } from "node:path";
import { verifyAudit, verifyAuditDatabase } from "#gateway";
import { createMockLlm } from "#mock";
import { type Running, start, temporaryFolder } from "../e2e/rampart-process.ts";
import { databaseAt } from "./gateway-audit-fixtures.ts";
import { findBinaries, query, startPrivateServer } from "./gateway-postgres-server.ts";

/** Time between two looks at the gateway's figures, ms. */
const LOOK_EVERY_MS = 250;

/** How much longer an outage lasts at most until a busy machine's gateway has noticed it, ms. */
const NOTICED_MS = 20_000;

/** What is to be done. */
export interface OutagePlan {
  /** `stop`: connections are cut and refused; `freeze`: they stay open and nothing is answered. */
  readonly kind: "stop" | "freeze";
  readonly ratePerSec: number;
  /** Load before the outage, so that memory has settled. */
  readonly warmUpMs: number;
  readonly outageMs: number;
  /** The gateway's `postgres.statementTimeoutMs`. */
  readonly statementTimeoutMs: number;
  /** Longest time from the end of the outage until everything is copied. */
  readonly catchUpMs: number;
}

/** What came of it. */
export interface OutageResult {
  readonly requests: number;
  readonly failed: number;
  /** Slowest answer during the outage, ms. */
  readonly slowestMs: number;
  /** Records of requests in the database afterwards. */
  readonly stored: number;
  /** Places where the chain does not hold, on disk and in the database. */
  readonly faults: readonly number[];
  /** States that `/health` told during the outage. */
  readonly states: readonly string[];
  readonly mostLagRecords: number;
  /** Median resident memory in the first and in the last fifth of the outage, bytes. */
  readonly memoryBytes: readonly [number, number];
  /** From the end of the outage until everything was copied, ms. */
  readonly caughtUpAfterMs: number;
}

/** Runs the drill; null when PostgreSQL's binaries are not installed. */
export async function proveOutage(plan: OutagePlan): Promise<OutageResult | null> {
  const binaries = findBinaries();
  if (binaries === null) return null;
  const server = await startPrivateServer(binaries);
  const folder = temporaryFolder();
  const mock = createMockLlm();
  const env = { DATABASE_URL: server.url };
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  let gateway: Running | null = null;
  // A test that runs out of time never comes to its own end.
  const kill = (): void => {
    gateway?.process.kill("SIGKILL");
  };
  process.once("exit", kill);
  try {
    const upstream = await mock.listen({ port: 0 });
    const config = join(folder.path, "rampart.yaml");
    writeFileSync(config, `postgres: { statementTimeoutMs: ${plan.statementTimeoutMs} }\n`);
    gateway = start(
      ["gateway", "--port", "0", "--config", config, "--fallback-upstream", upstream.url],
      folder.path,
      {
        env,
      },
    );
    const [url] = /http:\/\/[\d.:]+/.exec(await gateway.prints("gateway on http")) ?? [""];
    const load = startLoad(agent, url, plan.ratePerSec);
    await sleep(plan.warmUpMs);
    while (Number((await getJson(agent, `${url}/metrics`))["audit_shipped_records_total"]) === 0)
      await sleep(LOOK_EVERY_MS);

    load.slowestMs = 0;
    if (plan.kind === "stop") server.stop();
    else server.freeze();
    const outageStartMs = performance.now();
    const looks: { rssBytes: number; lag: number; state: string }[] = [];
    const isOver = (): boolean => {
      const lastedMs = performance.now() - outageStartMs;
      const isSeen = looks.some(({ state, lag }) => state === "failing" && lag >= plan.ratePerSec);
      return lastedMs >= plan.outageMs && (isSeen || lastedMs >= plan.outageMs + NOTICED_MS);
    };
    while (!isOver()) {
      await sleep(LOOK_EVERY_MS);
      const metrics = await getJson(agent, `${url}/metrics`);
      const health = await getJson(agent, `${url}/health`);
      const components = health["components"] as Record<string, string>;
      looks.push({
        rssBytes: Number(metrics["memory_bytes"]),
        lag: Number(metrics["audit_ship_lag_records"]),
        state: components["audit_copy"] ?? "",
      });
    }
    const { slowestMs } = load;
    if (plan.kind === "stop") server.start();
    else server.thaw();
    const backAtMs = performance.now();
    await sleep(1_000);
    await load.stop();
    let stored = 0;
    const deadlineMs = backAtMs + plan.catchUpMs;
    while (stored < load.requests && performance.now() < deadlineMs) {
      await sleep(50);
      stored = await countExchanges(server.url);
    }
    const caughtUpAfterMs = performance.now() - backAtMs;
    gateway.process.kill("SIGTERM");
    await gateway.finished;
    stored = await countExchanges(server.url);
    const database = databaseAt(server.url);
    const faults = [
      (await verifyAudit(join(folder.path, "audit"))).faults.length,
      (await verifyAuditDatabase(database)).faults.length,
    ];
    await database.close();
    const fifth = Math.max(1, Math.floor(looks.length / 5));
    const memory = looks.map(({ rssBytes }) => rssBytes);
    return {
      requests: load.requests,
      failed: load.failed,
      slowestMs,
      stored,
      faults,
      states: [...new Set(looks.map(({ state }) => state))],
      mostLagRecords: Math.max(...looks.map(({ lag }) => lag)),
      memoryBytes: [median(memory.slice(0, fifth)), median(memory.slice(-fifth))],
      caughtUpAfterMs,
    };
  } finally {
    kill();
    process.off("exit", kill);
    agent.destroy();
    await mock.close();
    server.remove();
    folder.remove();
  }
}

const CHAT = JSON.stringify({
  model: "gpt-4",
  messages: [{ role: "user", content: "Mail Alice at alice@example.com, please." }],
});

interface Load {
  requests: number;
  failed: number;
  slowestMs: number;
  /** Sends no more and resolves when everything is answered. */
  stop(): Promise<void>;
}

/** Sends at a constant rate, whatever comes back. */
function startLoad(agent: Agent, url: string, ratePerSec: number): Load {
  const startedMs = performance.now();
  let open = 0;
  const load: Load = {
    requests: 0,
    failed: 0,
    slowestMs: 0,
    stop: async () => {
      clearInterval(timer);
      while (open > 0) await sleep(10);
    },
  };
  const send = (): void => {
    load.requests += 1;
    open += 1;
    const sentMs = performance.now();
    const end = (isGood: boolean): void => {
      open -= 1;
      if (!isGood) load.failed += 1;
      load.slowestMs = Math.max(load.slowestMs, performance.now() - sentMs);
    };
    const sent = request(
      `${url}/v1/chat/completions`,
      { method: "POST", agent, headers: { "content-type": "application/json" } },
      (answer) => {
        answer.resume().on("end", () => end(answer.statusCode === 200));
      },
    );
    sent.on("error", () => end(false));
    sent.end(CHAT);
  };
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - startedMs) / 1000) * ratePerSec);
    while (load.requests < due) send();
  }, 5);
  return load;
}

async function countExchanges(url: string): Promise<number> {
  const [row] = await query<{ count: number }>(
    url,
    "SELECT count(*)::integer AS count FROM rampart.audit_records WHERE route = '/v1/chat/completions'",
  );
  return row?.count ?? 0;
}

function getJson(agent: Agent, url: string): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      // the gateway's own pages are objects
      answer.on("end", () => resolve(JSON.parse(text) as Record<string, unknown>));
    });
    sent.on("error", reject);
    sent.end();
  });
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}

function sleep(forMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, forMs));
}
