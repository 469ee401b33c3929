import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Gateway } from "#gateway";
import { KEYS, type RawProvider, sendRaw, startGuarded, startRawProvider } from "./guarded-gateway.ts";

let folder: string;
let provider: RawProvider;
let gateway: Gateway;
let url: string;
let port: number;
const read = {
  log: () => readFileSync(join(folder, "log"), "utf8"),
  audit: () =>
    readdirSync(join(folder, "audit"))
      .filter((name) => name.endsWith(".jsonl"))
      .map((name) => readFileSync(join(folder, "audit", name), "utf8"))
      .join(""),
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "rampart-security-"));
  provider = await startRawProvider();
  gateway = await startGuarded(provider.url, {
    logs: { to: join(folder, "log"), level: "debug", requests: "all" },
    audit: { dir: join(folder, "audit"), flushMs: 10 },
  });
  url = gateway.address?.url ?? "";
  port = gateway.address?.port ?? 0;
});

afterAll(async () => {
  await gateway?.close();
  provider?.close();
  rmSync(folder, { recursive: true, force: true });
});

const CHAT = '{"messages":[]}';
const raw = (headers: string) =>
  sendRaw(
    port,
    `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\n${headers}content-length: ${CHAT.length}\r\nconnection: close\r\n\r\n${CHAT}`,
    50,
  );

describe("keys", () => {
  const WRONG = [
    "' OR '1'='1",
    "'; DROP TABLE customers; --",
    '" OR ""="',
    "x\\' OR 1=1 --",
    "$1",
    `\${7*7}{{7*7}}<%= 7*7 %>`,
    "%00",
    "%27%20OR%201=1",
    "__proto__",
    "constructor",
    "toString",
    "sha256:0000000000000000000000000000000000000000000000000000000000000000",
    "*",
    "../../etc/passwd",
    Buffer.from("ключ-Ünïcödé-鍵-🔑", "utf8").toString("latin1"),
    "k".repeat(8_000),
    `${KEYS.admin} `.repeat(2),
    KEYS.admin.toUpperCase(),
    KEYS.admin.slice(0, -1),
    `${KEYS.admin}x`,
  ];

  it("that are wrong in any spelling are refused alike, by every way in", async () => {
    for (const key of WRONG)
      for (const header of [
        `x-api-key: ${key}\r\n`,
        `authorization: Bearer ${key}\r\n`,
        `x-rampart-key: ${key}\r\n`,
      ]) {
        const answer = await raw(header);
        expect(answer, key).toMatch(/^HTTP\/1\.1 401 /);
        expect(answer).toContain("RMP_AUTH_INVALID");
        if (key.length > 6) expect(answer).not.toContain(key);
      }
    expect(provider.received()).toBe("");
  });

  it("with a NUL or of 64 KB end with the parser, before anything looks at them", async () => {
    expect(await raw("x-api-key: a\0b\r\n")).toMatch(/^HTTP\/1\.1 400 /);
    expect(await raw(`x-api-key: ${"k".repeat(65_536)}\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
  });

  it("that come twice are no key", async () => {
    const answer = await raw(`x-rampart-key: wrong\r\nx-rampart-key: ${KEYS.caller}\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
  });
});

describe("lines of the log and of the audit", () => {
  const FORGED = [
    'x","level":"fatal","msg":"forged',
    'x\\n{"level":"fatal","msg":"forged"}',
    "x\u001b[2Jforged\u001b[31m",
    "x\u0085\u2028forged",
    "x\tforged",
  ];

  it("stay one JSON object each, whatever stands in model, key, path and headers", async () => {
    for (const value of FORGED) {
      const bytes = Buffer.from(value, "utf8").toString("latin1");
      await fetch(`${url}/v1/chat/completions`, {
        method: "POST",
        headers: { "x-rampart-key": KEYS.caller },
        body: JSON.stringify({ model: value, messages: [{ role: "user", content: value }] }),
      });
      await fetch(`${url}/v1/models/${encodeURIComponent(value)}`, {
        headers: { "x-rampart-key": KEYS.caller },
      });
      if (!/[\u0000-\u001f]/.test(value.replaceAll("\t", "")))
        for (const name of [
          "x-request-id",
          "x-user-id",
          "user-agent",
          "x-session-id",
          "x-rampart-key",
          "traceparent",
        ])
          await raw(`${name}: ${bytes}\r\n`);
      await sendRaw(
        port,
        `GET /${bytes.replaceAll(" ", "")} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`,
        50,
      );
    }
    await expect.poll(() => read.audit().split("\n").length).toBeGreaterThan(10);
    await expect.poll(() => read.log().split("\n").length).toBeGreaterThan(10);
    for (const text of [read.log(), read.audit()]) {
      expect(text).not.toContain("forged");
      expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029]/);
      for (const line of text.split("\n").slice(0, -1)) expect(typeof JSON.parse(line)).toBe("object");
    }
  });
});
