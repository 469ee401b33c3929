import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { createMockLlm } from "#mock";
import { run, start, temporaryFolder } from "./rampart-process.ts";

/** The default of `audit.flushMs`, and what a busy machine takes to write. */
const UNWRITTEN_MS = 200;

const folder = temporaryFolder();
const mock = createMockLlm();
afterAll(async () => {
  await mock.close();
  folder.remove();
});

const CHAT = JSON.stringify({ model: "gpt-4", messages: [{ role: "user", content: "hello" }] });

/** Chats until the gateway is gone. @returns when each answer came, ms */
async function chatUntilGone(url: string): Promise<number[]> {
  const answeredAtMs: number[] = [];
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
  return answeredAtMs;
}

async function startGateway(upstreamUrl: string) {
  const gateway = start(["gateway", "--port", "0", "--fallback-upstream", upstreamUrl], folder.path);
  const [url] = /http:\/\/[\d.:]+/.exec(await gateway.prints("gateway on http")) ?? [""];
  return { gateway, url };
}

describe("rampart audit", () => {
  it("finds the log whole after kill -9 under load, but for the interval that was not written", async () => {
    const { url: upstreamUrl } = await mock.listen({ port: 0 });
    const { gateway, url } = await startGateway(upstreamUrl);
    const answers = chatUntilGone(url);
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    const killedAtMs = performance.now();
    gateway.process.kill("SIGKILL");
    const answered = await answers;
    await gateway.finished;
    const owed = answered.filter((atMs) => atMs < killedAtMs - UNWRITTEN_MS).length;
    expect(owed).toBeGreaterThan(10);
    const after = await run(["audit", "verify", "--json"], folder.path);
    expect(after).toMatchObject({ code: 0, stderr: "" });
    const kept = (JSON.parse(after.stdout) as { exchanges: number }).exchanges;
    expect(kept).toBeGreaterThanOrEqual(owed);

    const second = await startGateway(upstreamUrl);
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
