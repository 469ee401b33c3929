import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createGuard, loadPolicy } from "#backends";
import type { GatewayConfigInput } from "#contract";
import { createGateway, type Gateway } from "#gateway";
import { createMockLlm, type MockLlm } from "#mock";

const KEYS = { ann: "key-of-ann-0123456789", bob: "key-of-bob-0123456789", root: "key-of-root-0123456789" };
const customer = (name: keyof typeof KEYS, role: "caller" | "admin", more: { policy?: string } = {}) => ({
  ...{ name, role, ...more },
  keys: [`sha256:${createHash("sha256").update(KEYS[name]).digest("hex")}`],
});

let first: MockLlm;
let second: MockLlm;
let gateway: Gateway;
let url: string;
/** What the configured file says; a function that throws stands for a file that cannot be read. */
let file: () => GatewayConfigInput;
let urls: { first: string; second: string };

beforeEach(async () => {
  first = createMockLlm({ config: { seed: 1 } });
  second = createMockLlm({ config: { seed: 2 } });
  urls = { first: (await first.listen({ port: 0 })).url, second: (await second.listen({ port: 0 })).url };
  file = () => configOf(urls.first, [customer("ann", "caller"), customer("root", "admin")]);
  const configured = () => {
    const config = file();
    const names = (config.customers ?? []).flatMap(({ policy }) => policy ?? []);
    const guards = Object.fromEntries(
      names.map((policy) => [policy, createGuard({ policy: loadPolicy(policy) })]),
    );
    return { config, guard: createGuard(), guards };
  };
  gateway = createGateway({ ...configured(), readAgain: configured, version: "0" });
  url = (await gateway.listen()).url;
});

afterEach(async () => {
  await gateway?.close();
  await first?.close();
  await second?.close();
});

function configOf(baseUrl: string, customers: GatewayConfigInput["customers"] = []): GatewayConfigInput {
  return { port: 0, providers: { openai: { baseUrl }, anthropic: { baseUrl } }, customers };
}

async function chat(key: string, stream = false): Promise<{ status: number; text: string }> {
  const answer = await fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { "x-rampart-key": key, "content-type": "application/json" },
    body: JSON.stringify({
      ...{ model: "gpt-4", stream },
      messages: [{ role: "user", content: "Write to ada@example.org please, about the weather." }],
    }),
  });
  return { status: answer.status, text: await answer.text() };
}

const reload = (key: string) =>
  fetch(`${url}/admin/reload`, { method: "POST", headers: { "x-api-key": key } }).then(
    async (answer) => [answer.status, (await answer.json()) as { reason: string }] as const,
  );

describe("configuration reload", () => {
  it("changes customers, providers and policies while requests go on, none of which is lost", async () => {
    let isOn = true;
    const statuses: number[] = [];
    const traffic = Array.from({ length: 4 }, async (_, i) => {
      while (isOn) {
        const { status, text } = await chat(KEYS.ann, i % 2 === 0);
        statuses.push(status);
        expect(text).toContain("ada@example.org");
      }
    });
    expect((await chat(KEYS.bob)).status).toBe(401);
    file = () =>
      configOf(urls.second, [
        customer("ann", "caller"),
        customer("bob", "caller", { policy: "gdpr_strict" }),
        customer("root", "admin"),
      ]);
    const before = second.record.page().records.length;
    expect(await reload(KEYS.root)).toMatchObject([200, { result: "ok", configuration_version: 2 }]);
    expect((await chat(KEYS.bob)).status).toBe(200);
    for (let i = 0; i < 3; i += 1) await chat(KEYS.ann);
    isOn = false;
    await Promise.all(traffic);
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(before).toBe(0);
    expect(second.record.page().records.length).toBeGreaterThanOrEqual(4);
    const { configuration } = (await (await fetch(`${url}/status`)).json()) as { configuration: unknown };
    expect(configuration).toMatchObject({
      ...{ version: 2, reloads: { ok: 1, refused: 0 } },
      last_reload: { result: "ok", reason: null, at: expect.stringMatching(/^\d{4}-/) },
    });
  });

  it("lets a stream that began before end with the provider it began with", async () => {
    first.configure({ ttftMs: 300 });
    const stream = chat(KEYS.ann, true);
    await expect.poll(() => first.record.page().records.length).toBe(1);
    file = () => configOf(urls.second, [customer("ann", "caller"), customer("root", "admin")]);
    expect((await reload(KEYS.root))[0]).toBe(200);
    const { status, text } = await stream;
    expect([status, text.includes("[DONE]")]).toEqual([200, true]);
  });

  it.each<[string, (good: GatewayConfigInput) => GatewayConfigInput, string]>([
    ["a wrong address of a provider", () => configOf("ftp://x"), "providers.openai.baseUrl"],
    ["another port", (good) => ({ ...good, port: 1 }), "port"],
    ["another host", (good) => ({ ...good, host: "127.0.0.2" }), "host"],
    ["a section of the process", (good) => ({ ...good, logs: { to: "stderr" } }), "logs"],
    ["no customers beyond loopback", () => ({ ...configOf(urls.first), host: "0.0.0.0" }), "host|listening"],
    [
      "a policy that is missing",
      () => configOf(urls.first, [customer("ann", "caller", { policy: "no-such-policy" })]),
      "policy",
    ],
    [
      "two customers of one name",
      () => configOf(urls.first, [customer("ann", "caller"), customer("ann", "caller")]),
      "same",
    ],
    [
      "a file that cannot be read",
      () => {
        throw new Error("gone");
      },
      "RMP_INTERNAL",
    ],
  ])("refuses %s and goes on as before", async (_name, broken, reason) => {
    const good = file;
    file = () => broken(good());
    const answer = await reload(KEYS.root);
    expect(answer).toMatchObject([409, { result: "refused", configuration_version: 1 }]);
    expect(answer[1].reason).toMatch(new RegExp(reason));
    expect((await chat(KEYS.ann)).status).toBe(200);
    file = good;
    expect((await reload(KEYS.root))[0]).toBe(200);
  });

  it("is the administrator's, takes nothing from the request, and needs a file", async () => {
    expect((await reload(KEYS.ann))[0]).toBe(403);
    expect((await fetch(`${url}/admin/reload`, { method: "POST" })).status).toBe(401);
    const answer = await fetch(`${url}/admin/reload`, {
      ...{ method: "POST", headers: { "x-api-key": KEYS.root } },
      body: JSON.stringify({ customers: [] }),
    });
    expect(answer.status).toBe(200);
    expect((await chat("nobody")).status).toBe(401);
    const fileless = createGateway({ config: configOf(urls.first), guard: createGuard(), version: "0" });
    await fileless.listen();
    expect(await fileless.reload()).toMatchObject({
      result: "refused",
      reason: expect.stringContaining("RMP_CONFIG_NO_FILE"),
    });
    await fileless.close();
  });
});
