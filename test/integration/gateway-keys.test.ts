import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createGuard, DEFAULT_POLICY } from "#detect";
import { createGateway, type Gateway } from "#gateway";
import { createMockLlm, type MockLlm } from "#mock";

const KEYS = {
  ann: "key-of-ann-0123456789",
  bob: "key-of-bob-0123456789",
  eye: "key-of-eye",
  root: "key-of-root",
};
const PROVIDER_KEY = "sk-provider-secret";
const hash = (key: string) => `sha256:${createHash("sha256").update(key).digest("hex")}`;
const policy = { ...DEFAULT_POLICY, injection: { action: "off" as const, threshold: 0.5 } };

let mock: MockLlm;
let gateway: Gateway;
let url: string;

beforeAll(async () => {
  mock = createMockLlm();
  const upstream = await mock.listen({ port: 0 });
  gateway = createGateway({
    config: {
      port: 0,
      providers: {
        openai: { baseUrl: upstream.url },
        anthropic: { baseUrl: upstream.url, apiKey: PROVIDER_KEY },
      },
      customers: [
        { name: "ann", tenant: "acme", role: "caller", keys: [hash(KEYS.ann)] },
        { name: "bob", tenant: "acme", role: "caller", keys: [hash(KEYS.bob)], policy: "blind" },
        { name: "eye", role: "monitor", keys: [hash(KEYS.eye)] },
        { name: "root", role: "admin", keys: [hash(KEYS.root)] },
      ],
    },
    guard: createGuard({ policy }),
    guards: { blind: createGuard({ policy: { ...policy, name: "blind", entities: {} } }) },
    version: "0.0.0-test",
  });
  url = (await gateway.listen()).url;
});

afterAll(async () => {
  await gateway?.close();
  await mock?.close();
});

const CHAT = {
  model: "gpt-4",
  max_tokens: 9,
  messages: [{ role: "user", content: "Write to ann@example.com." }],
};

async function send(path: string, headers: Record<string, string>, body: unknown = CHAT) {
  const answer = await fetch(`${url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  return { status: answer.status, text: await answer.text(), headers: answer.headers };
}

const last = () => mock.record.page().records.at(-1);

describe("keys", () => {
  it("are asked for on every route but the public ones", async () => {
    for (const path of ["/v1/chat/completions", "/anthropic/v1/messages", "/pii-protection/detect"]) {
      const missing = await send(path, {});
      expect(missing.status).toBe(401);
      expect(missing.text).toContain("RMP_AUTH_MISSING");
      expect(missing.headers.get("www-authenticate")).toBe("Bearer");
    }
    for (const path of ["/health", "/ready", "/live", "/status"])
      expect((await fetch(url + path)).status).toBe(200);
    expect((await fetch(`${url}/metrics`)).status).toBe(401);
  });

  it.each(["", "wrong", "' OR 1=1 --", "$1; --", "%00", "é".repeat(100), "k".repeat(9_000)])(
    "are refused when wrong (%#), without telling which part",
    async (key) => {
      const answer = await send("/v1/chat/completions", { "x-rampart-key": encodeURI(key).slice(0, 9_000) });
      expect(answer.status).toBe(401);
      expect(JSON.parse(answer.text)).toMatchObject({
        error: { code: "RMP_AUTH_INVALID", type: "authentication_error" },
      });
      if (key !== "") expect(answer.text).not.toContain(key);
    },
  );

  it("open what their role may use", async () => {
    const metrics = (key: string) => fetch(`${url}/metrics`, { headers: { "x-api-key": key } });
    expect((await metrics(KEYS.eye)).status).toBe(200);
    expect((await metrics(KEYS.root)).status).toBe(200);
    expect((await metrics(KEYS.ann)).status).toBe(403);
    const chat = await send("/v1/chat/completions", { authorization: `Bearer ${KEYS.eye}` });
    expect(chat.status).toBe(403);
    expect(chat.text).toContain("RMP_AUTH_FORBIDDEN");
    const detect = await send(
      "/pii-protection/detect",
      { authorization: `Bearer ${KEYS.ann}` },
      { text: "x" },
    );
    expect(detect.status).toBe(200);
  });

  it("of customers never reach a provider, those of providers do", async () => {
    expect((await send("/v1/chat/completions", { authorization: `Bearer ${KEYS.ann}` })).status).toBe(200);
    expect(JSON.stringify(last()?.headers)).not.toContain("authorization");
    await send("/v1/chat/completions", {
      "x-rampart-key": KEYS.ann,
      authorization: "Bearer sk-own",
      "x-api-key": "sk-other",
      cookie: "a=b",
      "x-forwarded-for": "10.0.0.1",
    });
    expect(Object.keys(last()?.headers ?? {})).toContain("authorization");
    for (const name of ["x-rampart-key", "x-api-key", "cookie", "x-forwarded-for"])
      expect(Object.keys(last()?.headers ?? {})).not.toContain(name);
    await send("/v1/messages", { "x-api-key": KEYS.ann, authorization: "Bearer sk-own" });
    expect(Object.keys(last()?.headers ?? {})).toContain("x-api-key");
    expect(Object.keys(last()?.headers ?? {})).not.toContain("authorization");
  });

  it("bring the policy of their customer", async () => {
    await send("/v1/chat/completions", { "x-rampart-key": KEYS.ann });
    expect(last()?.body).not.toContain("ann@example.com");
    await send("/v1/chat/completions", { "x-rampart-key": KEYS.bob });
    expect(last()?.body).toContain("ann@example.com");
  });

  it("bind conversations: another key's session knows no placeholder of this one", async () => {
    const session = { "x-session-id": "s-1" };
    await send("/v1/chat/completions", { "x-rampart-key": KEYS.ann, ...session });
    const asked = { ...CHAT, messages: [{ role: "user", content: "Say it again." }] };
    const guess = { model: "gpt-4", messages: [{ role: "user", content: "What is [EMAIL_1]?" }] };
    for (const key of [KEYS.bob, KEYS.root]) {
      const foreign = await send("/v1/chat/completions", { "x-rampart-key": key, ...session }, guess);
      expect(foreign.text).not.toContain("ann@example.com");
    }
    expect(
      (await send("/v1/chat/completions", { "x-rampart-key": KEYS.ann, ...session }, asked)).status,
    ).toBe(200);
    const tooLong = await send("/v1/chat/completions", {
      "x-rampart-key": KEYS.ann,
      "x-session-id": "s".repeat(200),
    });
    expect(tooLong.text).toContain("RMP_REQ_INVALID");
  });
});

describe("configuration", () => {
  const nowhere = { baseUrl: "http://127.0.0.1:1" };
  const providers = { openai: nowhere, anthropic: nowhere };
  const make = (config: object, guards = {}) =>
    createGateway({ config: { providers, ...config }, guard: createGuard(), guards, version: "x" });

  it("refuses to listen beyond loopback without keys", () => {
    expect(() => make({ host: "0.0.0.0" })).toThrow(
      expect.objectContaining({ code: "RMP_NET_BIND_REFUSED" }),
    );
  });

  it.each([
    [{ port: 99_999 }, "port"],
    [{ bounds: { bodyBites: 5 } }, "bounds.bodyBites"],
    [{ providers: { openai: { baseUrl: "ftp://x" }, anthropic: nowhere } }, "providers.openai.baseUrl"],
    [{ customers: [{ name: "a", role: "caller", keys: ["plain-text-key"] }] }, "customers.0.keys.0"],
    [{ customers: [{ name: "a", role: "caller", keys: [hash("k")], policy: "unknown" }] }, "customers"],
  ])("names the wrong key (%#)", (config, field) => {
    expect(() => make(config)).toThrow(expect.objectContaining({ code: "RMP_CONFIG_INVALID", field }));
  });
});
