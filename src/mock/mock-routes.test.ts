import { describe, expect, it } from "vitest";
import { chatBody, eventsOf, post, startMock } from "./mock-client.suite.ts";

const TEXT = "Write to [EMAIL_1] and 😀 [NAME_2], é";
const TOOL = {
  type: "function",
  function: {
    name: "save",
    parameters: {
      type: "object",
      properties: { count: { type: "integer" }, note: { type: "string" }, free: { type: "boolean" } },
      required: ["note", "count"],
    },
  },
};

// biome-ignore lint/suspicious/noExplicitAny: answers of many shapes, looked into by path.
type Json = any;

async function json(response: Response): Promise<Json> {
  return response.json();
}

describe("OpenAI routes", () => {
  it("chat: every choice quotes the user's last text, usage adds up", async () => {
    const { url } = await startMock();
    const body = await json(await post(`${url}/v1/chat/completions`, chatBody(TEXT, { n: 3 })));
    expect(body.object).toBe("chat.completion");
    expect(body.choices.map((choice: Json) => choice.index)).toEqual([0, 1, 2]);
    for (const choice of body.choices) expect(choice.message.content).toContain(TEXT);
    const { prompt_tokens, completion_tokens, total_tokens } = body.usage;
    expect(prompt_tokens).toBe(Math.ceil(TEXT.length / 4));
    expect(total_tokens).toBe(prompt_tokens + completion_tokens);
  });

  it("chat: reads parts and tool results", async () => {
    const { url } = await startMock();
    const messages = [
      {
        role: "user",
        content: [{ type: "text", text: "one" }, { type: "image_url" }, { type: "text", text: "two" }],
      },
    ];
    const parts = await json(await post(`${url}/v1/chat/completions`, { model: "m", messages }));
    expect(parts.choices[0].message.content).toContain("one\ntwo");
    const withResult = [
      ...messages,
      { role: "assistant", content: null },
      { role: "tool", content: "result 7" },
    ];
    const tool = await json(await post(`${url}/v1/chat/completions`, { model: "m", messages: withResult }));
    expect(tool.choices[0].message.content).toContain("result 7");
  });

  it("chat stream: choices side by side, usage last, [DONE]", async () => {
    const { url } = await startMock({ charsPerEvent: 3 });
    const body = chatBody(TEXT, { n: 2, stream: true, stream_options: { include_usage: true } });
    const response = await post(`${url}/v1/chat/completions`, body);
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    const events = eventsOf(await response.text()) as Json[];
    expect(events.pop()).toBe("[DONE]");
    const last = events.pop();
    expect(last.choices).toEqual([]);
    expect(last.usage.total_tokens).toBe(last.usage.prompt_tokens + last.usage.completion_tokens);
    const texts = ["", ""];
    for (const { choices, usage } of events) {
      expect(usage).toBeNull();
      texts[choices[0].index] += choices[0].delta.content ?? "";
    }
    expect(texts[0]).toContain(TEXT);
    expect(texts[1]).toBe(`(2) ${texts[0]}`);
    const order = events.map(({ choices }) => choices[0].index);
    expect(order.slice(2, 6)).toEqual([0, 1, 0, 1]);
  });

  it("chat: a forced tool is called with arguments that quote the text, plain and streaming", async () => {
    const { url } = await startMock({ charsPerEvent: 5 });
    const body = chatBody(TEXT, {
      tools: [TOOL],
      tool_choice: { type: "function", function: { name: "save" } },
    });
    const plain = await json(await post(`${url}/v1/chat/completions`, body));
    expect(plain.choices[0].finish_reason).toBe("tool_calls");
    const call = plain.choices[0].message.tool_calls[0].function;
    expect([call.name, JSON.parse(call.arguments)]).toEqual(["save", { count: 1, note: TEXT }]);

    const streamed = await post(`${url}/v1/chat/completions`, { ...body, stream: true });
    const events = eventsOf(await streamed.text()).slice(0, -1) as Json[];
    const pieces = events.map(({ choices }) => choices[0].delta.tool_calls?.[0].function.arguments ?? "");
    expect(pieces.filter((piece) => piece !== "").length).toBeGreaterThan(3);
    expect(pieces.join("")).toBe(call.arguments);
    expect(events.at(-1).choices[0].finish_reason).toBe("tool_calls");
  });

  it("chat: tools by configuration, but not on top of a tool's result", async () => {
    const { url, mock } = await startMock({ toolCall: "always" });
    const call = await json(await post(`${url}/v1/chat/completions`, chatBody("x", { tools: [TOOL] })));
    expect(call.choices[0].message.tool_calls).toHaveLength(1);
    const messages = [{ role: "tool", tool_call_id: "c", content: "done" }];
    const after = await json(
      await post(`${url}/v1/chat/completions`, { model: "m", messages, tools: [TOOL] }),
    );
    expect(after.choices[0].message.content).toContain("done");
    mock.configure({ toolCall: "never" });
    const never = chatBody("x", { tools: [TOOL], tool_choice: "required" });
    const text = await json(await post(`${url}/v1/chat/completions`, never));
    expect(text.choices[0].message.content).toContain("x");
  });

  it("completions: prompts times n, echo, streaming", async () => {
    const { url } = await startMock();
    const body = { model: "gpt-3.5-turbo-instruct", prompt: ["first", "second"], n: 2, echo: true };
    const plain = await json(await post(`${url}/v1/completions`, body));
    const texts = plain.choices.map((choice: Json) => choice.text);
    expect(texts).toHaveLength(4);
    expect(texts[0]).toMatch(/^first[\s\S]*first/);
    expect(texts[3]).toMatch(/^second\(2\)[\s\S]*second/);
    const response = await post(`${url}/v1/completions`, { ...body, stream: true });
    const joined = ["", "", "", ""];
    for (const event of eventsOf(await response.text()).slice(0, -1) as Json[])
      joined[event.choices[0].index] += event.choices[0].text;
    expect(joined).toEqual(texts);
  });

  it("embeddings: unit vectors that depend on the text alone, base64 says the same", async () => {
    const { url } = await startMock();
    const ask = async (body: object): Promise<Json> =>
      json(await post(`${url}/v1/embeddings`, { model: "text-embedding-3-small", ...body }));
    const { data } = await ask({ input: ["a", "b", "a"], dimensions: 64 });
    expect(data[0].embedding).toEqual(data[2].embedding);
    expect(data[0].embedding).not.toEqual(data[1].embedding);
    const norm = Math.hypot(...data[0].embedding);
    expect(Math.abs(norm - 1)).toBeLessThan(1e-5);
    const packed = await ask({ input: "a", dimensions: 64, encoding_format: "base64" });
    const bytes = Buffer.from(packed.data[0].embedding, "base64");
    const floats = Array.from({ length: 64 }, (_, index) => bytes.readFloatLE(index * 4));
    expect(floats).toEqual(data[0].embedding);
    expect((await ask({ input: "a" })).data[0].embedding).toHaveLength(1536);
  });

  it("moderations: one result an input", async () => {
    const { url } = await startMock();
    const body = await json(await post(`${url}/v1/moderations`, { input: ["hello", "kill it"] }));
    expect(body.results.map((result: Json) => result.flagged)).toEqual([false, true]);
    expect(body.results[1].categories).toMatchObject({ violence: true, hate: false });
  });

  it("responses: text and function call, plain and streaming, in the documented order", async () => {
    const { url } = await startMock();
    const body = {
      model: "gpt-4o",
      input: [{ role: "user", content: [{ type: "input_text", text: TEXT }] }],
    };
    const plain = await json(await post(`${url}/v1/responses`, body));
    const text = plain.output[0].content[0].text;
    expect(text).toContain(TEXT);
    const events = eventsOf(
      await (await post(`${url}/v1/responses`, { ...body, stream: true })).text(),
    ) as Json[];
    expect(events.map(({ sequence_number }) => sequence_number)).toEqual(events.map((_, index) => index));
    expect([...new Set(events.map(({ type }) => type))]).toEqual([
      "response.created",
      "response.in_progress",
      "response.output_item.added",
      "response.content_part.added",
      "response.output_text.delta",
      "response.output_text.done",
      "response.content_part.done",
      "response.output_item.done",
      "response.completed",
    ]);
    expect(events.map(({ type, delta }) => (type.endsWith("text.delta") ? delta : "")).join("")).toBe(text);

    const tools = [{ type: "function", name: "save", parameters: TOOL.function.parameters }];
    const forced = { ...body, tools, tool_choice: "required", stream: true };
    const calls = eventsOf(await (await post(`${url}/v1/responses`, forced)).text()) as Json[];
    const done = calls.find(({ type }) => type === "response.function_call_arguments.done");
    expect(JSON.parse(done.arguments)).toEqual({ count: 1, note: TEXT });
    expect(calls.at(-1).response.output[0]).toMatchObject({ type: "function_call", name: "save" });
  });

  it("models: list, one, unknown", async () => {
    const { url } = await startMock();
    const list = await json(await fetch(`${url}/v1/models`));
    expect(list.object).toBe("list");
    expect((await json(await fetch(`${url}/v1/models/${list.data[0].id}`))).id).toBe(list.data[0].id);
    expect((await fetch(`${url}/v1/models/none`)).status).toBe(404);
  });

  it.each([
    ["/v1/chat/completions", "{", 400],
    ["/v1/chat/completions", "[]", 400],
    ["/v1/chat/completions", { messages: [{ role: "user", content: "x" }] }, 400],
    ["/v1/chat/completions", { model: "m", messages: [] }, 400],
    ["/v1/chat/completions", { model: "m", messages: ["x"] }, 400],
    ["/v1/chat/completions", chatBody("x", { n: 0 }), 400],
    ["/v1/chat/completions", chatBody("x", { n: 1000 }), 400],
    ["/v1/completions", { model: "m" }, 400],
    ["/v1/responses", { model: "m" }, 400],
    ["/v1/embeddings", { model: "m", input: {} }, 400],
    ["/v1/moderations", {}, 400],
    ["/v1/nowhere", {}, 404],
    ["/v1/models", {}, 405],
  ])("refuses %s with %j in OpenAI's shape", async (path, body, status) => {
    const { url, mock } = await startMock();
    const response = await post(url + path, body);
    expect(response.status).toBe(status);
    const { error } = await json(response);
    expect(Object.keys(error)).toEqual(["message", "type", "param", "code"]);
    expect(mock.record.page().records[0]).toMatchObject({ path, status });
  });
});

describe("Anthropic routes", () => {
  const ask = { model: "claude-3-opus-20240229", max_tokens: 100, system: "Be kind." };

  it("messages: text, system counted, tool results read", async () => {
    const { url } = await startMock();
    const messages = [{ role: "user", content: TEXT }];
    const body = await json(await post(`${url}/v1/messages`, { ...ask, messages }));
    expect(body).toMatchObject({ type: "message", role: "assistant", stop_reason: "end_turn" });
    expect(body.content[0].text).toContain(TEXT);
    const count = await json(await post(`${url}/v1/messages/count_tokens`, { ...ask, messages }));
    expect(count.input_tokens).toBe(Math.ceil(TEXT.length / 4) + 2);
    expect(body.usage.input_tokens).toBe(count.input_tokens);
    const result = [
      {
        role: "user",
        content: [{ type: "tool_result", tool_use_id: "t", content: [{ type: "text", text: "found" }] }],
      },
    ];
    const second = await json(await post(`${url}/v1/messages`, { ...ask, messages: result }));
    expect(second.content[0].text).toContain("found");
  });

  it("messages stream: the documented sequence; tool input as input_json_delta", async () => {
    const { url } = await startMock({ charsPerEvent: 6 });
    const body = { ...ask, messages: [{ role: "user", content: TEXT }], stream: true };
    const text = await (await post(`${url}/v1/messages`, body)).text();
    const events = eventsOf(text) as Json[];
    expect([...new Set(events.map(({ type }) => type))]).toEqual([
      "message_start",
      "content_block_start",
      "ping",
      "content_block_delta",
      "content_block_stop",
      "message_delta",
      "message_stop",
    ]);
    const names = text.split("\n").filter((line) => line.startsWith("event: "));
    expect(names).toEqual(events.map(({ type }) => `event: ${type}`));
    expect(events.map(({ delta }) => delta?.text ?? "").join("")).toContain(TEXT);

    const tools = [{ name: "save", input_schema: TOOL.function.parameters }];
    const forced = { ...body, tools, tool_choice: { type: "tool", name: "save" } };
    const calls = eventsOf(await (await post(`${url}/v1/messages`, forced)).text()) as Json[];
    expect(JSON.parse(calls.map(({ delta }) => delta?.partial_json ?? "").join(""))).toEqual({
      count: 1,
      note: TEXT,
    });
    expect(calls.at(-2).delta.stop_reason).toBe("tool_use");
    const plain = await json(await post(`${url}/v1/messages`, { ...forced, stream: false }));
    expect(plain.content[0]).toMatchObject({ type: "tool_use", name: "save", input: { note: TEXT } });
  });

  it.each([
    ["/v1/messages", "nonsense", 400],
    ["/v1/messages", { ...ask, messages: [] }, 400],
    ["/v1/messages", { ...ask, messages: [{ role: "system", content: "x" }] }, 400],
    ["/v1/messages", { model: "m", messages: [{ role: "user", content: "x" }] }, 400],
    ["/v1/messages/nowhere", {}, 404],
  ])("refuses %s with %j in Anthropic's shape", async (path, body, status) => {
    const { url } = await startMock();
    const response = await post(url + path, body);
    expect(response.status).toBe(status);
    const answer = await json(response);
    expect(answer.type).toBe("error");
    expect(Object.keys(answer.error)).toEqual(["type", "message"]);
  });

  it("models in Anthropic's shape when its version header comes", async () => {
    const { url } = await startMock();
    const headers = { "anthropic-version": "2023-06-01" };
    const list = await json(await fetch(`${url}/v1/models`, { headers }));
    expect(list).toMatchObject({ has_more: false, first_id: list.data[0].id });
  });
});
