import { describe, expect, it } from "vitest";
import { createGuard, DEFAULT_POLICY } from "#detect";
import { ENDPOINTS } from "../providers/endpoints.ts";
import { AnswerKeys, type AnswerRequest } from "./answer-keys.ts";

const guard = createGuard();
const stricter = createGuard({ policy: { ...DEFAULT_POLICY, deny: ["kumquat"] } });
const provider = { baseUrl: "https://one.example" };
const context = { config: { providers: { openai: provider, anthropic: provider } } };
const base: AnswerRequest = {
  ...{ tenant: "a", guard, query: "", pathSuffix: "", passesProviderKey: true },
  upstreamBody: '{"model":"m"}',
  request: { headers: { authorization: "Bearer one" } },
  context,
};
const [chat, completions] = ENDPOINTS;

/** Requests that differ from the first in one thing each. */
const DIFFERENT: readonly Partial<AnswerRequest>[] = [
  {},
  { tenant: "b" },
  // The same letters, cut elsewhere.
  { tenant: "a1:b" },
  { guard: stricter },
  { query: "x=1" },
  { pathSuffix: "x=1" },
  { upstreamBody: '{"model":"n"}' },
  { upstreamBody: null },
  { request: { headers: { authorization: "Bearer two" } } },
  { request: { headers: { "x-api-key": "Bearer one" } } },
  { request: { headers: {} } },
  { request: { headers: { authorization: "Bearer one", "anthropic-beta": "b" } } },
  { request: { headers: { authorization: "Bearer one", "openai-organization": "b" } } },
  {
    context: {
      config: { providers: { ...context.config.providers, openai: { baseUrl: "https://two.example" } } },
    },
  },
];

describe("keys of answers", () => {
  it("differ by everything that decides about an answer", () => {
    const keys = new AnswerKeys("");
    const all = DIFFERENT.map((difference) => keys.of({ ...base, ...difference }, chat!));
    all.push(keys.of(base, completions!), new AnswerKeys("s".repeat(32)).of(base, chat!));
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    expect(new Set(all.map(({ secret }) => secret.toString("hex"))).size).toBe(all.length);
  });

  it("are the same in every process, for bytes and text, whoever asks", () => {
    const one = new AnswerKeys("").of(base, chat!);
    const headers = { authorization: "Bearer one", "user-agent": "x", "x-request-id": "7", accept: "*/*" };
    const same: AnswerRequest = {
      ...base,
      guard: createGuard(),
      upstreamBody: Buffer.from('{"model":"m"}'),
      request: { headers },
    };
    expect(new AnswerKeys("").of(same, chat!)).toEqual(one);
    expect(one.name).toMatch(/^[\w-]{43}$/);
    expect(one.secret).toHaveLength(32);
  });

  it("do not hold the client's key where the provider does not get it", () => {
    const keys = new AnswerKeys("");
    const other = { headers: { authorization: "Bearer two" } };
    const own = { ...provider, apiKey: "sk" };
    const withOwn = { config: { providers: { openai: own, anthropic: own } } };
    for (const more of [{ passesProviderKey: false }, { context: withOwn }])
      expect(keys.of({ ...base, ...more, request: other }, chat!)).toEqual(
        keys.of({ ...base, ...more }, chat!),
      );
  });
});
