import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createGuard, DEFAULT_POLICY } from "#detect";
import { createGateway, type Gateway } from "#gateway";
import { createMockLlm, type MockLlm } from "#mock";

let mock: MockLlm;
let gateway: Gateway;
let url: string;

beforeAll(async () => {
  mock = createMockLlm();
  const upstream = await mock.listen({ port: 0 });
  gateway = createGateway({
    config: {
      port: 0,
      providers: { openai: { baseUrl: upstream.url }, anthropic: { baseUrl: upstream.url } },
    },
    guard: createGuard({ policy: { ...DEFAULT_POLICY, injection: { action: "off", threshold: 0.5 } } }),
    version: "0.0.0-test",
  });
  url = (await gateway.listen()).url;
});

afterAll(async () => {
  await gateway?.close();
  await mock?.close();
});

async function say(text: string, headers: Record<string, string>): Promise<{ sent: string; answer: string }> {
  const answer = await fetch(`${url}/v1/responses`, {
    method: "POST",
    headers,
    body: JSON.stringify({ model: "gpt-4", input: text }),
  });
  expect(answer.status).toBe(200);
  return { sent: mock.record.page().records.at(-1)?.body ?? "", answer: await answer.text() };
}

describe("a conversation", () => {
  it("keeps its placeholders from turn to turn", async () => {
    const session = { "x-session-id": "talk-1" };
    expect((await say("Write to ann@example.com", session)).sent).toContain("[EMAIL_1]");
    const second = await say("Now to bob@example.com", session);
    expect(second.sent).toContain("[EMAIL_2]");
    expect(second.answer).toContain("bob@example.com");
    const third = await say("And ann@example.com again", session);
    expect(third.sent).toContain("[EMAIL_1]");
    expect(third.answer).toContain("ann@example.com");
  });

  it("is another one under another name, another key, or without a name", async () => {
    const first = { "x-session-id": "talk-2", authorization: "Bearer sk-one" };
    await say("Write to ann@example.com", first);
    for (const headers of [
      { "x-session-id": "talk-3", authorization: "Bearer sk-one" },
      { "x-session-id": "talk-2", authorization: "Bearer sk-two" },
      { authorization: "Bearer sk-one" },
    ])
      expect((await say("Write to bob@example.com", headers)).sent).toContain("[EMAIL_1]");
    expect((await say("Write to bob@example.com", first)).sent).toContain("[EMAIL_2]");
  });
});
