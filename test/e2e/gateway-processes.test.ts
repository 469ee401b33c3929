import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { createMockLlm, type MockLlm } from "#mock";
import { freePort } from "../fixtures/free-port.ts";
import { type Running, start, temporaryFolder } from "./rampart-process.ts";

const PROCESSES = 2;

interface Status {
  readonly workers: readonly { readonly worker: number; readonly pid: number; readonly state: string }[];
  readonly worker_restarts: number;
  readonly configuration: {
    readonly version: number;
    readonly last_reload: { readonly result: string; readonly reason: string | null } | null;
  };
}

const folder = temporaryFolder();
const file = join(folder.path, "rampart.yaml");
let mock: MockLlm;
let upstream: string;
let port: number;
let url: string;
let gateway: Running;

beforeAll(async () => {
  mock = createMockLlm();
  upstream = (await mock.listen({ port: 0 })).url;
  port = await freePort();
  url = `http://127.0.0.1:${port}`;
  configure();
  gateway = start(
    ["gateway", "--config", file, "--port", String(port), "--processes", String(PROCESSES)],
    folder.path,
  );
  await gateway.prints("gateway on");
});

afterAll(async () => {
  gateway?.process.kill("SIGTERM");
  await gateway?.finished;
  await mock?.close();
  folder.remove();
});

beforeEach(() =>
  expect.poll(async () => (await status()).workers.length, { timeout: 15_000 }).toBe(PROCESSES),
);

function configure(extra = "", baseUrl = upstream): void {
  const provider = `{ baseUrl: "${baseUrl}" }`;
  writeFileSync(file, `providers:\n  openai: ${provider}\n  anthropic: ${provider}\n${extra}`);
}

const status = async () => (await (await fetch(`${url}/status`)).json()) as Status;
const figures = async () => (await (await fetch(`${url}/metrics`)).json()) as Record<string, number>;

/** One request over a connection of its own, so that the processes take turns. */
const detect = async (): Promise<number> => {
  const answer = await fetch(`${url}/pii-protection/detect`, {
    ...{ method: "POST", headers: { connection: "close" } },
    body: JSON.stringify({ text: "Write to ada@example.org" }),
  });
  await answer.text();
  return answer.status;
};

/** Requests without a pause until the returned function is called, which answers what became of them. */
function traffic(clients: number): () => Promise<{ statuses: Set<number>; failed: number; count: number }> {
  let isOn = true;
  const statuses = new Set<number>();
  let failed = 0;
  let count = 0;
  const running = Array.from({ length: clients }, async (_, i) => {
    while (isOn) {
      count += 1;
      try {
        const answer = await fetch(`${url}/v1/chat/completions`, {
          ...{ method: "POST", headers: { "content-type": "application/json" } },
          body: JSON.stringify({
            ...{ model: "gpt-4", stream: i % 2 === 0 },
            messages: [{ role: "user", content: "hello" }],
          }),
        });
        await answer.text();
        statuses.add(answer.status);
      } catch {
        failed += 1;
      }
      await pause(10);
    }
  });
  return async () => {
    isOn = false;
    await Promise.all(running);
    return { statuses, failed, count };
  };
}

describe("a gateway of several processes", () => {
  it("shares one port, and tells the figures of all at whichever answers", async () => {
    const before = (await figures())["requests_total"] ?? 0;
    for (let i = 0; i < 30; i += 1) expect(await detect()).toBe(200);
    const after = await figures();
    // 30 and the questions for figures that were finished by then
    expect(after["requests_total"]).toBe(before + 31);
    const { workers } = await status();
    expect(new Set(workers.map(({ pid }) => pid)).size).toBe(PROCESSES);
    expect(workers.map(({ worker }) => worker)).toEqual([1, 2]);
    const text = await (await fetch(`${url}/metrics`, { headers: { accept: "text/plain" } })).text();
    expect(text).toContain(`rampart_workers ${PROCESSES}\n`);
    expect(text).toContain("rampart_workers_silent 0\n");
    expect(text).toContain('rampart_worker_cpu_percent{worker="2"}');
    expect(await (await fetch(`${url}/health`)).json()).toMatchObject({
      ...{ status: "healthy", workers: { running: PROCESSES, silent: 0 } },
    });
  });

  it("replaces a process that dies, keeps its counts, and names one that does not answer", async () => {
    const { workers, worker_restarts: restarts } = await status();
    const [stopped, killed] = workers.map(({ pid }) => pid);
    const before = (await figures())["requests_total"] ?? 0;
    process.kill(stopped!, "SIGSTOP");
    const silent = async () => {
      // Connections that were handed to the stopped process wait: others answer.
      const signal = AbortSignal.timeout(2_000);
      const answer = await fetch(`${url}/status`, { signal, headers: { connection: "close" } });
      return ((await answer.json()) as Status).workers.find(({ state }) => state === "silent")?.pid;
    };
    await expect.poll(() => silent().catch(() => null), { timeout: 15_000 }).toBe(stopped);
    process.kill(stopped!, "SIGCONT");
    process.kill(killed!, "SIGKILL");
    await expect
      .poll(async () => (await status()).workers.filter(({ pid }) => pid !== killed).length, {
        timeout: 15_000,
      })
      .toBe(PROCESSES);
    expect((await status()).worker_restarts).toBe(restarts + 1);
    expect((await figures())["requests_total"]).toBeGreaterThanOrEqual(before);
  });

  it("changes process by process on SIGHUP without losing a request", { timeout: 120_000 }, async () => {
    const old = await status();
    const stop = traffic(2);
    await pause(300);
    configure("overload:\n  activeRequests: 4999\n");
    gateway.process.kill("SIGHUP");
    await expect
      .poll(async () => (await status()).configuration.version, { timeout: 50_000 })
      .toBe(old.configuration.version + 1);
    await expect
      .poll(
        async () => {
          const pids = (await status()).workers.map(({ pid }) => pid);
          return old.workers.filter(({ pid }) => pids.includes(pid)).length;
        },
        { timeout: 50_000 },
      )
      .toBe(0);
    const { statuses, failed, count } = await stop();
    expect([...statuses], `${failed} of ${count} failed`).toEqual([200]);
    expect(failed).toBe(0);
  });

  it("goes on as it was when the file cannot be used", async () => {
    const old = await status();
    configure("", "ftp://nowhere");
    gateway.process.kill("SIGHUP");
    await gateway.prints("configuration stays as it was");
    const now = await status();
    expect(now.workers.map(({ pid }) => pid)).toEqual(old.workers.map(({ pid }) => pid));
    expect(now.configuration.last_reload).toMatchObject({ result: "refused" });
    expect(now.configuration.last_reload?.reason).toContain("providers.openai.baseUrl");
    configure();
  });

  it("shows every monitor what happens at any process", async () => {
    const watchers = await Promise.all(
      Array.from({ length: 5 }, async () => {
        const ws = new WebSocket(`${url.replace("http", "ws")}/ws/monitor`);
        const events: { type: string; seq: number; request_id?: string }[] = [];
        ws.on("message", (data) => events.push(JSON.parse(String(data))));
        await new Promise((resolve) => ws.once("message", resolve));
        return { ws, events };
      }),
    );
    await pause(200);
    for (let i = 0; i < 12; i += 1) await detect();
    for (const { events } of watchers)
      await expect
        .poll(() => events.filter(({ type }) => type === "detection_result").length, { timeout: 5_000 })
        .toBe(12);
    await pause(200);
    for (const { ws, events } of watchers) {
      const results = events.filter(({ type }) => type === "detection_result");
      expect(new Set(results.map(({ request_id }) => request_id)).size).toBe(12);
      const seqs = results.map(({ seq }) => seq);
      expect(seqs).toEqual(seqs.map((_, i) => seqs[0]! + i));
      expect(results).toHaveLength(12);
      ws.terminate();
    }
  });

  it("drains all processes on SIGTERM without losing a request", async () => {
    mock.configure({ ttftMs: 400 });
    const answers = Array.from({ length: 9 }, () =>
      fetch(`${url}/v1/chat/completions`, {
        ...{ method: "POST", headers: { "content-type": "application/json" } },
        body: JSON.stringify({ model: "gpt-4", messages: [{ role: "user", content: "hello" }] }),
      }).then(async (answer) => [answer.status, (await answer.text()).includes("hello")]),
    );
    await expect.poll(() => mock.record.page().records.length > 0 && activeRequests()).toBe(true);
    gateway.process.kill("SIGTERM");
    expect(await Promise.all(answers)).toEqual(answers.map(() => [200, true]));
    const { code, stderr } = await gateway.finished;
    expect(code).toBe(0);
    for (const line of stderr.split("\n").filter((text) => text.startsWith("{")))
      expect(JSON.parse(line)).toHaveProperty("msg");
    expect(readFileSync(file, "utf8")).toContain("providers");
  });
});

async function activeRequests(): Promise<boolean> {
  return ((await figures())["active_requests"] ?? 0) >= 10;
}
