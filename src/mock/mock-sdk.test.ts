import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { describe, expect, it } from "vitest";
import { startMock } from "./mock-client.suite.ts";

const TEXT = "Tell [NAME_1] — that is all — 😀";

describe("the official openai client", () => {
  async function start() {
    const { url, mock } = await startMock({ chunking: "bytes", chunkBytes: 5 });
    return { mock, client: new OpenAI({ apiKey: "sk-any", baseURL: `${url}/v1`, maxRetries: 0 }) };
  }

  it("chats, plain and streaming", async () => {
    const { client } = await start();
    const request = { model: "gpt-4", messages: [{ role: "user" as const, content: TEXT }] };
    const plain = await client.chat.completions.create(request);
    expect(plain.choices[0]?.message.content).toContain(TEXT);
    let text = "";
    for await (const chunk of await client.chat.completions.create({ ...request, stream: true }))
      text += chunk.choices[0]?.delta.content ?? "";
    expect(text).toBe(plain.choices[0]?.message.content);
  });

  it("collects a streamed tool call", async () => {
    const { client } = await start();
    const parameters = { type: "object", properties: { q: { type: "string" } }, required: ["q"] };
    const stream = client.chat.completions.stream({
      model: "gpt-4",
      messages: [{ role: "user", content: TEXT }],
      tools: [{ type: "function", function: { name: "find", parameters } }],
      tool_choice: "required",
    });
    const { choices } = await stream.finalChatCompletion();
    const call = choices[0]?.message.tool_calls?.[0];
    expect(call?.type === "function" && JSON.parse(call.function.arguments)).toEqual({ q: TEXT });
  });

  it("uses completions, responses, embeddings, moderations, models", async () => {
    const { client } = await start();
    const completion = await client.completions.create({ model: "gpt-3.5-turbo-instruct", prompt: TEXT });
    expect(completion.choices[0]?.text).toContain(TEXT);
    const response = await client.responses.create({ model: "gpt-4o", input: TEXT });
    expect(response.output_text).toContain(TEXT);
    const final = await client.responses.stream({ model: "gpt-4o", input: TEXT }).finalResponse();
    expect(final.output_text).toBe(response.output_text);
    const embedding = await client.embeddings.create({ model: "text-embedding-3-small", input: TEXT });
    expect(embedding.data[0]?.embedding).toHaveLength(1536);
    expect((await client.moderations.create({ input: TEXT })).results[0]?.flagged).toBe(false);
    expect((await client.models.list()).data.length).toBeGreaterThan(0);
  });

  it("understands errors", async () => {
    const { client, mock } = await start();
    mock.configure({ errorRate: 1, errorStatus: 429, retryAfterSec: 7 });
    const failed = client.chat.completions.create({ model: "m", messages: [{ role: "user", content: "x" }] });
    const error = await failed.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OpenAI.RateLimitError);
    expect(error).toMatchObject({ status: 429, code: "rate_limit_exceeded" });
  });
});

describe("the official Anthropic client", () => {
  async function start() {
    const { url, mock } = await startMock({ chunking: "random", chunkBytes: 9 });
    return { mock, client: new Anthropic({ apiKey: "any", baseURL: url, maxRetries: 0 }) };
  }
  const request = {
    model: "claude-3-opus-20240229",
    max_tokens: 100,
    messages: [{ role: "user" as const, content: TEXT }],
  };

  it("sends messages, plain and streaming, and counts tokens", async () => {
    const { client } = await start();
    const plain = await client.messages.create(request);
    expect(plain.content[0]).toMatchObject({ type: "text", text: expect.stringContaining(TEXT) });
    const final = await client.messages.stream(request).finalMessage();
    expect(final.content).toMatchObject(plain.content);
    expect(final.usage.output_tokens).toBe(plain.usage.output_tokens);
    const { input_tokens } = await client.messages.countTokens({
      model: request.model,
      messages: request.messages,
    });
    expect(input_tokens).toBe(plain.usage.input_tokens);
    expect((await client.models.list()).data.length).toBeGreaterThan(0);
  });

  it("collects a streamed tool call", async () => {
    const { client } = await start();
    const message = await client.messages
      .stream({
        ...request,
        tools: [{ name: "find", input_schema: { type: "object", properties: { q: { type: "string" } } } }],
        tool_choice: { type: "any" },
      })
      .finalMessage();
    expect(message.content[0]).toMatchObject({ type: "tool_use", name: "find", input: { q: TEXT } });
  });

  it("understands errors", async () => {
    const { client, mock } = await start();
    mock.configure({ errorRate: 1, errorStatus: 529 });
    const error = await client.messages.create(request).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Anthropic.APIError);
    expect(error).toMatchObject({ status: 529, error: { error: { type: "overloaded_error" } } });
  });
});
