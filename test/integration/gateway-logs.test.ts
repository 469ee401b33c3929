import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createGuard } from "#backends";
import type { GatewayConfigInput } from "#contract";
import { createGateway } from "#gateway";
import { createMockLlm, type MockLlm } from "#mock";

const KEY = "key-of-ann-0123456789";
const SECRET = "ada.lovelace@example.org";
let mock: MockLlm;
let upstream: string;
let folder: string;

beforeAll(async () => {
  mock = createMockLlm();
  upstream = (await mock.listen({ port: 0 })).url;
  folder = mkdtempSync(join(tmpdir(), "rampart-logs-"));
});

afterAll(async () => {
  await mock?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs requests against a gateway that logs into a file and answers the file's lines. */
async function logged(
  logs: NonNullable<GatewayConfigInput["logs"]>,
  run: (url: string, reload: () => Promise<unknown>) => Promise<void>,
  name: string,
): Promise<string[]> {
  const to = join(folder, name);
  const provider = { baseUrl: upstream };
  const config: GatewayConfigInput = {
    port: 0,
    providers: { openai: provider, anthropic: provider },
    customers: [
      {
        name: "ann",
        tenant: "acme",
        role: "caller",
        keys: [`sha256:${createHash("sha256").update(KEY).digest("hex")}`],
      },
    ],
    logs: { to, ...logs },
  };
  const guard = createGuard();
  const gateway = createGateway({ config, guard, readAgain: () => ({ config, guard }), version: "0" });
  const { url } = await gateway.listen();
  await run(url, () => gateway.reload());
  await gateway.close();
  return existsSync(to) ? readFileSync(to, "utf8").split("\n").slice(0, -1) : [];
}

const chat = (url: string, headers: Record<string, string>, content = SECRET) =>
  fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ model: "gpt-4", messages: [{ role: "user", content }] }),
  }).then(async (answer) => [answer.status, await answer.text()] as const);

/** Sends what `fetch` would not. */
function raw(url: string, path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(url + path, { headers }, (answer) => {
      answer.resume();
      answer.on("end", () => resolve(answer.statusCode ?? 0));
    });
    sent.on("error", reject);
    sent.end();
  });
}

describe("the log", () => {
  it("has one JSON object a line with id, route, status, times, code and customer, and no content or key", async () => {
    const lines = await logged(
      { requests: "all" },
      async (url) => {
        await chat(url, { "x-rampart-key": KEY, "x-request-id": "call-1" });
        await chat(url, { "x-rampart-key": "no-such-key-77", "x-request-id": "call-2" });
      },
      "all.log",
    );
    const told = lines.map((line) => JSON.parse(line));
    expect(told.find(({ requestId }) => requestId === "call-1")).toMatchObject({
      ...{ level: "info", route: "/v1/chat/completions", status: 200, findings: 1 },
      ...{ tenant: "acme", customer: "ann", totalMs: expect.any(Number), upstreamMs: expect.any(Number) },
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
    expect(told.find(({ requestId }) => requestId === "call-2")).toMatchObject({
      ...{ level: "warn", status: 401, errorCode: "RMP_AUTH_INVALID", tenant: null },
    });
    expect(told.map(({ msg }) => msg)).toEqual(expect.arrayContaining(["listening", "draining", "closed"]));
    for (const secret of [SECRET, KEY, "no-such-key-77"]) expect(lines.join("\n")).not.toContain(secret);
  });

  it("cannot be forged: line ends, escape sequences and quotes from outside make no line of their own", async () => {
    const forged = 'x\r\n{"level":"error","msg":"forged"}\u001b[2K';
    const lines = await logged(
      { requests: "all" },
      async (url) => {
        await raw(url, "/%0d%0a%7b%22msg%22%3a%22forged%22%7d%1b[2K", { "x-rampart-key": KEY });
        await raw(url, '/health?"forged"\u001b'.replace("\u001b", "%1b"), {
          ...{ "x-request-id": '{"msg":"forged"}', "user-agent": "forged \t[31m", "x-user-id": "forged" },
        });
        await chat(url, { "x-rampart-key": KEY }, forged);
      },
      "forged.log",
    );
    for (const line of lines) {
      expect(JSON.parse(line).msg).toMatch(/^[a-z ]+$/);
      expect(line).not.toMatch(/[\u0000-\u001f\u007f]|forged/);
    }
    expect(lines.filter((line) => line.includes('"request"'))).toHaveLength(3);
  });

  it("holds failures only, or nothing of requests, when told so", async () => {
    const run = async (url: string): Promise<void> => {
      await chat(url, { "x-rampart-key": KEY });
      await raw(url, "/nowhere", {});
    };
    const requestsIn = (lines: string[]) => lines.filter((line) => line.includes('"msg":"request"'));
    const errors = requestsIn(await logged({}, run, "errors.log"));
    expect(errors.map((line) => JSON.parse(line).errorCode)).toEqual(["RMP_ROUTE_NOT_FOUND"]);
    expect(requestsIn(await logged({ requests: "none" }, run, "none.log"))).toEqual([]);
    expect(await logged({ level: "off", requests: "all" }, run, "off.log")).toEqual([]);
    expect((await logged({ level: "error", requests: "all" }, run, "error.log")).length).toBe(0);
  });

  it("goes on in a new file after the old one was moved away and the configuration read again", async () => {
    const lines = await logged(
      { requests: "all" },
      async (url, reload) => {
        await raw(url, "/health", {});
        await expect.poll(() => readFileSync(join(folder, "moved.log"), "utf8")).toContain("/health");
        renameSync(join(folder, "moved.log"), join(folder, "moved.log.1"));
        await reload();
        await raw(url, "/health", {});
      },
      "moved.log",
    );
    expect(lines.some((line) => line.includes('"configuration reload"'))).toBe(true);
    expect(readFileSync(join(folder, "moved.log.1"), "utf8")).toContain('"listening"');
  });

  it("refuses a destination that cannot be written", async () => {
    const provider = { baseUrl: upstream };
    const gateway = createGateway({
      config: {
        port: 0,
        providers: { openai: provider, anthropic: provider },
        logs: { to: join(folder, "no-such-folder", "x.log") },
      },
      guard: createGuard(),
      version: "0",
    });
    await expect(gateway.listen()).rejects.toMatchObject({ code: "RMP_CONFIG_INVALID", field: "logs.to" });
    await gateway.close();
  });
});
