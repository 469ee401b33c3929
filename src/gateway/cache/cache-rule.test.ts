import { describe, expect, it } from "vitest";
import { ENDPOINTS } from "../providers/endpoints.ts";
import { type CacheRule, EMBEDDING_CACHE, isRepeatable, RESPONSES_CACHE } from "./cache-rule.ts";

function ruleOf(provider: string, path: string): CacheRule {
  const rule = ENDPOINTS.find((endpoint) => endpoint.provider === provider && endpoint.path === path)?.cache;
  if (rule === undefined) throw new Error(`no rule for ${path}`);
  return rule;
}

const CHAT = ruleOf("openai", "/v1/chat/completions");
const MESSAGES = ruleOf("anthropic", "/v1/messages");

describe("requests that may be answered twice", () => {
  it("are those of endpoints that answer and do nothing else", () => {
    expect(ENDPOINTS.filter(({ cache }) => cache !== undefined).map(({ path }) => path)).toEqual([
      "/v1/chat/completions",
      "/v1/completions",
      "/v1/responses",
      "/v1/embeddings",
      "/v1/messages",
    ]);
  });

  it.each([
    [CHAT, { temperature: 0 }, true],
    [CHAT, { temperature: 1, seed: 7 }, true],
    [CHAT, { temperature: 0.1 }, false],
    [CHAT, {}, false],
    [EMBEDDING_CACHE, {}, true],
    [RESPONSES_CACHE, { temperature: 0 }, false],
    [RESPONSES_CACHE, { temperature: 0, store: false }, true],
  ])("have one answer: %o %o %s", (rule, body, expected) => {
    expect(isRepeatable(body, rule, true)).toBe(expected);
  });

  it.each([
    [CHAT, { store: false, tools: [{ type: "function" }, { type: "custom" }] }, true],
    [CHAT, { store: null }, true],
    [CHAT, { store: true }, false],
    [CHAT, { web_search_options: {} }, false],
    [CHAT, { modalities: ["text", "audio"] }, false],
    [CHAT, { tools: ["function"] }, false],
    [CHAT, { tools: [{ type: 7 }] }, false],
    [RESPONSES_CACHE, { store: false, previous_response_id: "resp_1" }, false],
    [RESPONSES_CACHE, { store: false, tools: [{ type: "web_search" }] }, false],
    [RESPONSES_CACHE, { store: false, background: true }, false],
    [RESPONSES_CACHE, { store: false, background: false, conversation: null }, true],
    [MESSAGES, { tools: [{ name: "f", input_schema: {} }, { type: "custom" }] }, true],
    [MESSAGES, { tools: [{ type: "web_search_20250305" }] }, false],
    [MESSAGES, { mcp_servers: [{}] }, false],
    [MESSAGES, [], false],
    [MESSAGES, null, false],
  ])("do nothing at the provider: %o %o %s", (rule, body, expected) => {
    expect(isRepeatable(body, rule, false)).toBe(expected);
  });
});
