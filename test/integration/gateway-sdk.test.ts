import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createGuard, DEFAULT_POLICY } from "#detect";
import { createGateway, type Gateway } from "#gateway";
import { createMockLlm, type MockLlm } from "#mock";

let mock: MockLlm;
let gateway: Gateway;
let openai: OpenAI;
let anthropic: Anthropic;

beforeAll(async () => {
  // Placeholders and characters are torn apart on purpose.
  mock = createMockLlm({ config: { chunking: "random", chunkBytes: 7, charsPerEvent: 3 } });
  const upstream = await mock.listen({ port: 0 });
  gateway = createGateway({
    config: {
      port: 0,
      providers: { openai: { baseUrl: upstream.url }, anthropic: { baseUrl: upstream.url } },
    },
    guard: createGuard({
      policy: {
        ...DEFAULT_POLICY,
        restoreIn: { urls: false, toolCalls: true },
        injection: { action: "off", threshold: 0.5 },
      },
    }),
    version: "0.0.0-test",
  });
  const { url } = await gateway.listen();
  openai = new OpenAI({ apiKey: "sk-test", baseURL: `${url}/openai/v1`, maxRetries: 0 });
  anthropic = new Anthropic({ apiKey: "sk-ant-test", baseURL: `${url}/anthropic`, maxRetries: 0 });
});

afterAll(async () => {
  await gateway?.close();
  await mock?.close();
});

const PROMPT = "Bitte an zoë.müller@example.com schreiben, Grüße 🙂, phone: 555-123-4567";
const VALUES = ["555-123-4567"];

function expectGuarded(answer: string): void {
  for (const value of VALUES) expect(answer).toContain(value);
  const received = mock.record.page().records.map(({ body }) => body);
  for (const value of VALUES) expect(received.join()).not.toContain(value);
  expect(received.at(-1)).toContain("[PHONE_1]");
}

describe("the official OpenAI client", () => {
  it("chats", async () => {
    const answer = await openai.chat.completions.create({
      model: "gpt-4",
      messages: [
        { role: "system", content: "The office phone is 555-123-4567." },
        { role: "user", content: [{ type: "text", text: PROMPT }] },
      ],
    });
    expectGuarded(answer.choices[0]?.message.content ?? "");
    expect(answer._request_id).toMatch(/^rq-/);
  });

  it("streams a chat with two choices", async () => {
    const stream = await openai.chat.completions.create({
      model: "gpt-4",
      n: 2,
      stream: true,
      messages: [{ role: "user", content: PROMPT }],
    });
    const texts = ["", ""];
    for await (const chunk of stream)
      for (const choice of chunk.choices) texts[choice.index] += choice.delta.content ?? "";
    expectGuarded(texts[0] ?? "");
    expectGuarded(texts[1] ?? "");
  });

  it("calls tools, plain and streaming", async () => {
    const request = {
      model: "gpt-4",
      messages: [{ role: "user" as const, content: PROMPT }],
      tools: [
        {
          type: "function" as const,
          function: {
            name: "note",
            description: "Notes for 555-123-4567",
            parameters: { type: "object", properties: { text: { type: "string" } } },
          },
        },
      ],
      tool_choice: { type: "function" as const, function: { name: "note" } },
    };
    const plain = await openai.chat.completions.create(request);
    const call = plain.choices[0]?.message.tool_calls?.[0];
    const plainArguments = call?.type === "function" ? call.function.arguments : "";
    JSON.parse(plainArguments);
    expectGuarded(plainArguments);
    const final = await openai.chat.completions.stream(request).finalChatCompletion();
    const streamed = final.choices[0]?.message.tool_calls?.[0];
    const streamedArguments = streamed?.type === "function" ? streamed.function.arguments : "";
    expect(JSON.parse(streamedArguments)).toEqual(JSON.parse(plainArguments));
    expectGuarded(streamedArguments);
  });

  it("completes, plain and streaming", async () => {
    const plain = await openai.completions.create({ model: "gpt-3.5-turbo-instruct", prompt: [PROMPT] });
    expectGuarded(plain.choices[0]?.text ?? "");
    let text = "";
    const stream = await openai.completions.create({
      model: "gpt-3.5-turbo-instruct",
      prompt: PROMPT,
      stream: true,
    });
    for await (const chunk of stream) text += chunk.choices[0]?.text ?? "";
    expectGuarded(text);
  });

  it("creates responses, plain and streaming", async () => {
    const request = {
      model: "gpt-4",
      instructions: "The office phone is 555-123-4567.",
      input: [{ role: "user" as const, content: [{ type: "input_text" as const, text: PROMPT }] }],
    };
    const plain = await openai.responses.create(request);
    expectGuarded(plain.output_text);
    const streamed = await openai.responses.stream(request).finalResponse();
    expectGuarded(streamed.output_text);
    let text = "";
    for await (const event of await openai.responses.create({ ...request, stream: true }))
      if (event.type === "response.output_text.delta") text += event.delta;
    expect(text).toBe(streamed.output_text);
  });

  it("lists models and gets one", async () => {
    const models = await openai.models.list();
    expect(models.data.length).toBeGreaterThan(0);
    const first = models.data[0]?.id ?? "";
    expect((await openai.models.retrieve(first)).id).toBe(first);
  });

  it("embeds and moderates", async () => {
    const embedded = await openai.embeddings.create({ model: "text-embedding-3-small", input: [PROMPT] });
    expect(embedded.data[0]?.embedding.length).toBeGreaterThan(0);
    expect(mock.record.page().records.at(-1)?.body).not.toContain("555-123-4567");
    const moderated = await openai.moderations.create({ input: PROMPT });
    expect(moderated.results.length).toBe(1);
    expect(mock.record.page().records.at(-1)?.body).not.toContain("555-123-4567");
  });

  it("gets errors it understands", async () => {
    const wrong = openai.chat.completions.create({ model: "gpt-4", messages: "hello" as never });
    await expect(wrong).rejects.toMatchObject({ status: 422, code: "RMP_REQ_INVALID", param: "messages" });
  });
});

describe("the official Anthropic client", () => {
  const request = {
    model: "claude-3-opus-20240229",
    max_tokens: 100,
    system: [{ type: "text" as const, text: "The office phone is 555-123-4567." }],
    messages: [{ role: "user" as const, content: PROMPT }],
  };

  it("sends messages", async () => {
    const answer = await anthropic.messages.create(request);
    const [block] = answer.content;
    expectGuarded(block?.type === "text" ? block.text : "");
  });

  it("streams messages", async () => {
    expectGuarded(await anthropic.messages.stream(request).finalText());
  });

  it("uses tools, plain and streaming", async () => {
    const withTool = {
      ...request,
      tools: [
        {
          name: "note",
          description: "Notes for 555-123-4567",
          input_schema: { type: "object" as const, properties: { text: { type: "string" } } },
        },
      ],
      tool_choice: { type: "tool" as const, name: "note" },
    };
    const plain = await anthropic.messages.create(withTool);
    const used = plain.content.find((block) => block.type === "tool_use");
    expectGuarded(JSON.stringify(used?.type === "tool_use" ? used.input : ""));
    const final = await anthropic.messages.stream(withTool).finalMessage();
    const streamed = final.content.find((block) => block.type === "tool_use");
    expectGuarded(JSON.stringify(streamed?.type === "tool_use" ? streamed.input : ""));
  });

  it("counts tokens", async () => {
    const { max_tokens: _, ...countable } = request;
    expect((await anthropic.messages.countTokens(countable)).input_tokens).toBeGreaterThan(0);
    expect(mock.record.page().records.at(-1)?.body).not.toContain("555-123-4567");
  });

  it("gets errors it understands", async () => {
    const wrong = anthropic.messages.create({ ...request, system: 7 as never });
    await expect(wrong).rejects.toMatchObject({
      status: 422,
      error: { type: "error", error: { code: "RMP_REQ_INVALID" } },
    });
  });
});
