import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { createMockLlm } from "#mock";
import { proveOutage } from "../integration/gateway-audit-outage.ts";
import { createTestDatabase, findBinaries, findServer } from "../integration/gateway-postgres-server.ts";
import { run, start, temporaryFolder } from "./rampart-process.ts";

/** The default of `audit.flushMs`, and what a busy machine takes to write. */
const UNWRITTEN_MS = 200;

const folder = temporaryFolder();
const mock = createMockLlm();
const { url: upstreamUrl } = await mock.listen({ port: 0 });
afterAll(async () => {
  await mock.close();
  folder.remove();
});

const CHAT = JSON.stringify({ model: "gpt-4", messages: [{ role: "user", content: "hello" }] });

/** Chats until the gateway is gone. @param answeredAtMs takes when each answer came */
async function chatUntilGone(url: string, answeredAtMs: number[]): Promise<void> {
  const client = async (): Promise<void> => {
    for (;;) {
      try {
        const answer = await fetch(`${url}/v1/chat/completions`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: CHAT,
        });
        await answer.text();
        answeredAtMs.push(performance.now());
      } catch {
        return;
      }
    }
  };
  await Promise.all([client(), client(), client()]);
}

async function startGateway(cwd = folder.path, env: Record<string, string> = {}) {
  const gateway = start(["gateway", "--port", "0", "--fallback-upstream", upstreamUrl], cwd, { env });
  const [url] = /http:\/\/[\d.:]+/.exec(await gateway.prints("gateway on http")) ?? [""];
  return { gateway, url };
}

describe("rampart audit", () => {
  it("finds the log whole after kill -9 under load, but for the interval that was not written", async () => {
    const { gateway, url } = await startGateway();
    const answered: number[] = [];
    const gone = chatUntilGone(url, answered);
    while (answered.length < 100) await new Promise((resolve) => setTimeout(resolve, UNWRITTEN_MS));
    const killedAtMs = performance.now();
    gateway.process.kill("SIGKILL");
    await gone;
    await gateway.finished;
    const owed = answered.filter((atMs) => atMs < killedAtMs - UNWRITTEN_MS).length;
    expect(owed).toBeGreaterThan(10);
    const after = await run(["audit", "verify", "--json"], folder.path);
    expect(after).toMatchObject({ code: 0, stderr: "" });
    const kept = (JSON.parse(after.stdout) as { exchanges: number }).exchanges;
    expect(kept).toBeGreaterThanOrEqual(owed);

    const second = await startGateway();
    await (await fetch(`${second.url}/v1/chat/completions`, { method: "POST", body: CHAT })).text();
    second.gateway.process.kill("SIGTERM");
    expect((await second.gateway.finished).code).toBe(0);
    const whole = await run(["audit", "verify", "--json"], folder.path);
    expect(whole.code).toBe(0);
    expect(JSON.parse(whole.stdout)).toMatchObject({
      exchanges: kept + 1,
      files: 1,
      tornBytes: 0,
      heads: [{ log: 0, isClosed: true }],
    });
  });

  it("shows and exports what was recorded", async () => {
    const shown = await run(
      ["audit", "query", "--limit", "3", "--since", "1h", "--status", "2xx"],
      folder.path,
    );
    expect(shown.code).toBe(0);
    expect(shown.stdout.trim().split("\n")).toHaveLength(3);
    const csv = await run(["audit", "export", "--format", "csv", "--route", "/v1/*"], folder.path);
    expect(csv.stdout).toMatch(/^time,seq,request_id,/);
    const lines = await run(["audit", "export"], folder.path);
    expect(lines.stdout.split("\n").length).toBe(csv.stdout.split("\r\n").length - 1);
    expect((await run(["audit", "query", "--since", "soon"], folder.path)).code).toBe(2);
    expect((await run(["audit", "verify", "--dir", "nowhere"], folder.path)).code).toBe(2);
  });

  it("names file and line of a record that was changed, and ends with 99", async () => {
    const dir = join(folder.path, "audit");
    const [name] = readdirSync(dir).filter((file) => file.endsWith(".jsonl"));
    const path = join(dir, name ?? "");
    const lines = readFileSync(path, "utf8").split("\n");
    lines[4] = lines[4]!.replace('"status":200', '"status":201');
    writeFileSync(path, lines.join("\n"));
    const check = await run(["audit", "verify"], folder.path);
    expect(check.code).toBe(99);
    expect(check.stdout).toContain(`broken ${name}:5 `);
  });
});

const server = await findServer();

describe.skipIf(server === null)("rampart audit with PostgreSQL", () => {
  it("copies after kill -9 what is on disk, and shows, exports and verifies the copy as the log", async () => {
    const database = await createTestDatabase(server!);
    const own = temporaryFolder();
    const env = { DATABASE_URL: database.url };
    try {
      const first = await startGateway(own.path, env);
      const answered: number[] = [];
      const gone = chatUntilGone(first.url, answered);
      while (answered.length < 300) await new Promise((resolve) => setTimeout(resolve, 100));
      first.gateway.process.kill("SIGKILL");
      await gone;
      await first.gateway.finished;
      const onDisk = await run(["audit", "verify", "--json"], own.path);
      const { exchanges } = JSON.parse(onDisk.stdout) as { exchanges: number };
      expect(exchanges).toBeGreaterThan(100);

      const second = await startGateway(own.path, env);
      while ((await health(second.url))["components"]?.["audit_copy"] !== "healthy")
        await new Promise((resolve) => setTimeout(resolve, 20));
      const { services } = await health(second.url);
      expect(services?.["database"]).toMatchObject({ healthy: true, kind: "postgresql", pool: { max: 5 } });
      second.gateway.process.kill("SIGTERM");
      expect((await second.gateway.finished).code).toBe(0);
      const copy = await run(["audit", "verify", "--from", "postgres", "--json"], own.path, { env });
      expect(copy).toMatchObject({ code: 0, stderr: "" });
      expect(JSON.parse(copy.stdout)).toMatchObject({ exchanges, missed: 0, heads: [{ isClosed: true }] });

      for (const args of [
        ["query", "--status", "2xx", "--route", "/v1/*", "--limit", "3"],
        ["export", "--format", "csv", "--since", "1h", "--status", "200"],
      ]) {
        const [disk, stored] = await Promise.all([
          run(["audit", ...args, "--from", "disk"], own.path, { env }),
          run(["audit", ...args], own.path, { env }),
        ]);
        expect(stored).toEqual(disk);
        expect(stored.stdout.length).toBeGreaterThan(100);
      }
      const without = await run(["audit", "query", "--from", "postgres"], own.path);
      expect(without).toMatchObject({ code: 2 });
      const away = { DATABASE_URL: "postgresql://someone:secret-word@127.0.0.1:1/audit" };
      const failed = await run(["audit", "query"], own.path, { env: away });
      expect(failed.code).toBe(4);
      expect(failed.stderr).toContain("RMP_STORE_UNAVAILABLE");
      expect(failed.stderr).not.toContain("secret-word");
    } finally {
      await database.drop();
      own.remove();
    }
  }, 120_000);
});

describe.skipIf(findBinaries() === null)("a gateway whose PostgreSQL is away", () => {
  it("serves while it is stopped or frozen, and has everything in the table afterwards", async () => {
    const drill = {
      ratePerSec: 80,
      warmUpMs: 1_000,
      outageMs: 3_000,
      statementTimeoutMs: 1_000,
      catchUpMs: 60_000,
    };
    const drills = await Promise.allSettled([
      proveOutage({ ...drill, kind: "stop" }),
      proveOutage({ ...drill, kind: "freeze" }),
    ]);
    for (const settled of drills) {
      if (settled.status === "rejected") throw settled.reason;
      const { value: result } = settled;
      expect(result).toMatchObject({ failed: 0, stored: result?.requests, faults: [0, 0] });
      expect(result?.states).toContain("failing");
      expect(result?.mostLagRecords).toBeGreaterThanOrEqual(drill.ratePerSec);
      const [before, after] = result!.memoryBytes;
      expect(after - before).toBeLessThan(64 * 1024 * 1024);
    }
  }, 120_000);
});

async function health(url: string): Promise<Record<string, Record<string, unknown> | undefined>> {
  // `/health` always answers with an object
  return (await (await fetch(`${url}/health`)).json()) as Record<string, Record<string, unknown> | undefined>;
}
