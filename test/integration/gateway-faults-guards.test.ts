import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { createGuard, DEFAULT_POLICY, type Recogniser } from "#detect";
import { createGateway, type Gateway } from "#gateway";

type Mode = "closed" | "open" | "degrade";
type Trouble = "crashes" | "exceeds its time budget";

const EMAIL = "ann@example.com";
const POINT =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

let provider: Server;
let providerUrl: string;
let received = "";
let folder: string;
const open: Gateway[] = [];
/** What the fragile guards do. */
let trouble: Trouble | null = null;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "rampart-guards-"));
  provider = createServer((request, response) => {
    received = "";
    request.on("data", (chunk) => {
      received += chunk;
    });
    request.on("end", () => {
      response.setHeader("content-type", "application/json");
      response.end('{"choices":[]}');
    });
  });
  await new Promise<void>((resolve) => provider.listen(0, "127.0.0.1", resolve));
  providerUrl = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
});

afterEach(async () => {
  trouble = null;
  for (const gateway of open.splice(0)) await gateway.close();
});

afterAll(() => {
  provider.closeAllConnections();
  provider.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Does what a guard in trouble does; budgets below are 20 ms. */
function suffer(): void {
  if (trouble === "crashes") throw new Error(`cannot read ${EMAIL}`);
  const startedMs = performance.now();
  while (trouble !== null && performance.now() - startedMs < 40);
}

const fragile: Recogniser = {
  name: "fragile",
  types: ["PERSON"],
  find: () => {
    suffer();
    return [];
  },
};
const fragileJudge = {
  inspect: () => {
    suffer();
    return { score: 0.1, isInjection: false, level: "safe" as const, types: [], segments: [] };
  },
};

async function gatewayWith(
  guard: object,
  injection: boolean,
): Promise<{ url: string; auditDir: string; frames: string[] }> {
  const auditDir = mkdtempSync(join(folder, "audit-"));
  const gateway = createGateway({
    config: {
      port: 0,
      providers: { openai: { baseUrl: providerUrl }, anthropic: { baseUrl: providerUrl } },
      audit: { dir: auditDir, flushMs: 5 },
      guard,
    },
    guard: createGuard({
      policy: {
        ...DEFAULT_POLICY,
        images: "inspect",
        injection: { action: injection ? "flag" : "off", threshold: 0.5 },
      },
      recognisers: injection ? [] : [fragile],
      models: { injection: () => fragileJudge },
    }),
    version: "0.0.0-test",
  });
  open.push(gateway);
  const { url } = await gateway.listen();
  const frames: string[] = [];
  const ws = new WebSocket(`${url.replace("http", "ws")}/ws/monitor`);
  ws.on("message", (data) => frames.push(String(data)));
  await new Promise((resolve) => ws.once("message", resolve));
  return { url, auditDir, frames };
}

async function chat(url: string, content: unknown) {
  const answer = await fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    body: JSON.stringify({
      messages: [
        { role: "user", content },
        { role: "user", content: `And to ${EMAIL}, please, soon.` },
      ],
    }),
  });
  return { status: answer.status, text: await answer.text(), headers: answer.headers };
}

/** What header, metric, audit log and monitor tell about a guard that failed. */
async function expectTold(
  { url, auditDir, frames }: { url: string; auditDir: string; frames: string[] },
  guard: string,
  mode: Mode,
  answer: { headers: Headers; text: string },
): Promise<void> {
  expect(answer.headers.get("x-rampart-fail-mode")).toContain(
    mode === "closed" ? "closed" : `${mode};failed=${guard}`,
  );
  expect(answer.text).not.toContain("cannot read");
  const metrics = (await (await fetch(`${url}/metrics`)).json()) as {
    guard_failures: Record<string, number>;
  };
  expect(metrics.guard_failures[guard]).toBeGreaterThanOrEqual(1);
  const records = () =>
    readdirSync(auditDir)
      .filter((name) => name.endsWith(".jsonl"))
      .map((name) => readFileSync(join(auditDir, name), "utf8"))
      .join("");
  await expect.poll(records).toContain(`"failMode":"${mode}"`);
  await expect.poll(() => frames.join("\n")).toContain(`"fail_mode":"${mode}"`);
  for (const text of [records(), frames.join("\n")]) expect(text).not.toContain(EMAIL);
}

const TROUBLES: Trouble[] = ["crashes", "exceeds its time budget"];

describe.each(TROUBLES)("a guard for personal data that %s", (how) => {
  it.each(["closed", "open", "degrade"] as const)(
    "follows its fail mode, and everybody is told: %s",
    async (mode) => {
      const gateway = await gatewayWith({ piiFailMode: mode, piiBudgetMs: 20 }, false);
      trouble = how;
      received = "";
      const answer = await chat(gateway.url, `Write to ${EMAIL}, please, and soon.`);
      if (mode === "closed") {
        expect(answer.status).toBe(500);
        expect(answer.text).toContain("RMP_GUARD_FAILED");
        expect(received).toBe("");
      } else {
        expect(answer.status).toBe(200);
        // Open lets through what was not read; degrade has it read by the recognisers that need no model.
        expect(received.includes(EMAIL)).toBe(mode === "open");
        if (mode === "degrade")
          expect(answer.headers.get("x-rampart-guards")).toContain("pii;degraded;findings=2");
      }
      await expectTold(gateway, "pii", mode, answer);
      trouble = null;
      expect((await chat(gateway.url, "Hello there, how are you?")).headers.get("x-rampart-fail-mode")).toBe(
        "closed",
      );
    },
  );
});

describe.each(TROUBLES)("a guard against injection that %s", (how) => {
  it.each(["closed", "open"] as const)("follows its fail mode, and everybody is told: %s", async (mode) => {
    const gateway = await gatewayWith({ injectionFailMode: mode, injectionBudgetMs: 20 }, true);
    trouble = how;
    received = "";
    const answer = await chat(gateway.url, `Write to ${EMAIL}, please, and soon.`);
    expect(answer.status).toBe(mode === "closed" ? 500 : 200);
    expect(received).not.toContain(EMAIL);
    expect(received === "").toBe(mode === "closed");
    await expectTold(gateway, "injection", mode, answer);
  });
});

describe("a reader of pictures that exceeds its time budget", () => {
  it.each(["closed", "open"] as const)("follows its fail mode, and everybody is told: %s", async (mode) => {
    const gateway = await gatewayWith({ imageFailMode: mode, imageBudgetMs: 1 }, false);
    const answer = await chat(gateway.url, [
      { type: "image_url", image_url: { url: `data:image/png;base64,${POINT}` } },
    ]);
    expect(answer.status).toBe(mode === "closed" ? 500 : 200);
    await expectTold(gateway, "image", mode, answer);
  });
});
