import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { epochMs, monotonicMs } from "#shared";
import { Recorder } from "../../stats/recorder.ts";
import { Http1Client } from "../http1/client.ts";
import { createTransportContext } from "../http1/transport-context.ts";
import { type DecodedEvent, EventDecoder } from "./event-decoder.ts";
import { LlmStream } from "./llm-stream.ts";

const cleanups: (() => void)[] = [];

afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

async function serve(listener: RequestListener): Promise<{ client: Http1Client; recorder: Recorder }> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const recorder = new Recorder("test", { startedAtMs: monotonicMs(), epochOffsetMs: 0 });
  const context = createTransportContext(monotonicMs, () => {});
  cleanups.push(() => {
    context.close();
    server.closeAllConnections();
    server.close();
  });
  const host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const environment = { nowMs: monotonicMs, epochMs, recorder, takeDueMs: (nowMs: number) => nowMs };
  return { client: new Http1Client(environment, context, host, {}, null), recorder };
}

function decode(pieces: readonly Buffer[]): DecodedEvent[] {
  const decoder = new EventDecoder();
  const events: DecodedEvent[] = [];
  for (const piece of pieces) decoder.feed(piece, (event) => events.push(event));
  return events;
}

const chat = (delta: object, more: object = {}) =>
  JSON.stringify({ choices: [{ index: 0, delta, ...more }] });

describe("EventDecoder", () => {
  it("reads the same events from any split, line ends included", () => {
    const event = fc.record({
      name: fc.constantFrom("", "ping", "content_block_delta"),
      lines: fc.array(
        fc.string({ unit: "grapheme", maxLength: 12 }).filter((text) => !/[\r\n]/.test(text)),
        {
          minLength: 1,
          maxLength: 3,
        },
      ),
      eol: fc.constantFrom("\n", "\r\n", "\r"),
    });
    fc.assert(
      fc.property(
        fc.array(event, { maxLength: 6 }),
        fc.array(fc.nat(), { maxLength: 10 }),
        (events, cuts) => {
          let text = "\uFEFF: hello\n\n";
          for (const { name, lines, eol } of events) {
            if (name !== "") text += `event: ${name}${eol}`;
            for (const line of lines) text += `data: ${line}${eol}`;
            text += eol;
          }
          const bytes = Buffer.from(`${text}: end\n`);
          const edges = [0, ...cuts.map((cut) => cut % bytes.length).sort((a, b) => a - b), bytes.length];
          const pieces = edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge));
          expect(decode(pieces)).toEqual(
            events.map(({ name, lines }) => ({
              event: name === "" ? "message" : name,
              data: lines.join("\n"),
              id: "",
            })),
          );
        },
      ),
    );
  });

  it("does not emit an event that was not ended", () => {
    expect(decode([Buffer.from("data: half")])).toEqual([]);
    expect(decode([Buffer.from("data: half\n")])).toEqual([]);
  });
});

describe("LlmStream", () => {
  it("reads OpenAI chat: reasoning, content, tool calls, usage and end", () => {
    const stream = new LlmStream();
    stream.take(chat({ role: "assistant" }));
    stream.take(chat({ reasoning_content: "think" }));
    stream.take(chat({ content: "Hello" }));
    stream.take(chat({ content: " you" }));
    stream.take(chat({ tool_calls: [{ index: 0, function: { name: "f", arguments: '{"a"' } }] }));
    stream.take(chat({ tool_calls: [{ index: 0, function: { arguments: ":1}" } }] }));
    stream.take(chat({}, { finish_reason: "stop" }));
    stream.take(JSON.stringify({ choices: [], usage: { completion_tokens: 7 } }));
    expect(stream.isTruncated).toBe(true);
    stream.take("[DONE]");
    expect(stream).toMatchObject({
      dialect: "openai-chat",
      content: "Hello you",
      reasoning: "think",
      toolArguments: ['{"a":1}'],
      finishReason: "stop",
      outputTokens: 7,
      isTruncated: false,
      errorKind: "",
    });
  });

  it("reads OpenAI completions and responses", () => {
    const completion = new LlmStream();
    completion.take(JSON.stringify({ choices: [{ text: "abc", finish_reason: "length" }] }));
    expect(completion).toMatchObject({ content: "abc", finishReason: "length" });
    const response = new LlmStream();
    response.take(JSON.stringify({ type: "response.created", response: {} }));
    response.take(JSON.stringify({ type: "response.output_text.delta", delta: "abc" }));
    expect(response.isTruncated).toBe(true);
    response.take(
      JSON.stringify({
        type: "response.completed",
        response: { status: "completed", usage: { output_tokens: 3 } },
      }),
    );
    expect(response).toMatchObject({ content: "abc", outputTokens: 3, isTruncated: false });
  });

  it("reads Anthropic messages", () => {
    const stream = new LlmStream();
    for (const event of [
      { type: "message_start", message: { usage: { input_tokens: 3 } } },
      { type: "content_block_delta", index: 0, delta: { type: "thinking_delta", thinking: "hm" } },
      { type: "content_block_delta", index: 1, delta: { type: "text_delta", text: "Hi" } },
      { type: "content_block_delta", index: 2, delta: { type: "input_json_delta", partial_json: "{}" } },
      { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 5 } },
    ])
      stream.take(JSON.stringify(event));
    expect(stream.isTruncated).toBe(true);
    stream.take(JSON.stringify({ type: "message_stop" }));
    expect(stream).toMatchObject({
      dialect: "anthropic",
      content: "Hi",
      reasoning: "hm",
      toolArguments: ["{}"],
      finishReason: "end_turn",
      outputTokens: 5,
      isTruncated: false,
    });
  });

  it("names the kind of an error event and nothing of its text", () => {
    const openai = new LlmStream();
    openai.take(JSON.stringify({ error: { type: "server_error", message: "secret prompt" } }));
    expect(openai.errorKind).toBe("server_error");
    const anthropic = new LlmStream();
    anthropic.take(JSON.stringify({ type: "error", error: { type: "overloaded_error", message: "x" } }));
    expect(anthropic.errorKind).toBe("overloaded_error");
  });

  it("survives data of any kind", () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (data) => {
        expect(() => new LlmStream().take(data)).not.toThrow();
      }),
    );
  });
});

describe("user.http.stream", () => {
  const events = [chat({ content: "a" }), chat({ content: "b" }), chat({}, { finish_reason: "stop" })];
  const usage = (tokens: number) => JSON.stringify({ choices: [], usage: { completion_tokens: tokens } });

  it("measures the tokens of a stream and counts it as one sample", async () => {
    const { client, recorder } = await serve((_request, response) => {
      response.setHeader("content-type", "text/event-stream");
      response.write(`data: ${events[0]}\n\n`);
      setTimeout(() => {
        response.write(`data: ${events[1]}\n\ndata: ${events[2]}\n\ndata: ${usage(2)}\n\n`);
        response.end("data: [DONE]\n\n");
      }, 80);
    });
    const seen: string[] = [];
    const res = await client.stream("/chat", {
      json: {},
      name: "chat",
      onEvent: (event) => {
        seen.push(event.data);
        return undefined;
      },
    });
    expect(res).toMatchObject({
      ok: true,
      content: "ab",
      chunks: 2,
      outputTokens: 2,
      truncated: false,
      events: 5,
    });
    expect(seen.at(-1)).toBe("[DONE]");
    expect(res.text()).toBe("ab");
    expect(res.ttftMs).toBeGreaterThan(0);
    expect(res.itlMs).toHaveLength(1);
    expect(res.itlMs[0]).toBeGreaterThan(30);
    const [delta] = recorder.takeAll();
    expect(delta!.requests).toMatchObject([{ method: "SSE", name: "chat", count: 1, failures: 0 }]);
    const metric = (name: string) => delta!.metrics.find((entry) => entry.name === name);
    expect(metric("llm_ttft")).toMatchObject({ kind: "trend", unit: "ms", count: 1 });
    expect(metric("llm_itl")).toMatchObject({ count: 1 });
    expect(metric("llm_output_tokens")).toMatchObject({ sum: 2 });
    expect(metric("llm_chunk_token_ratio")).toMatchObject({ sum: 1 });
    expect(metric("llm_bundled")).toMatchObject({ sum: 0, count: 1 });
    expect(metric("llm_truncated")).toMatchObject({ sum: 0, count: 1 });
  });

  it("flags bundled chunks", async () => {
    const { client, recorder } = await serve((_request, response) => {
      response.setHeader("content-type", "text/event-stream");
      response.end(
        `data: ${chat({ content: "many tokens at once" })}\n\ndata: ${usage(8)}\n\ndata: [DONE]\n\n`,
      );
    });
    expect(await client.stream("/")).toMatchObject({ ok: true, chunks: 1, outputTokens: 8 });
    expect(recorder.takeAll()[0]!.metrics.find((entry) => entry.name === "llm_bundled")).toMatchObject({
      sum: 1,
    });
  });

  it.each([
    ["cut by the connection", "destroy", { family: "reset" }],
    ["ended without its end mark", "end", { family: "reset", message: "stream ended without its end mark" }],
    ["with an error event", "error", { family: "http", message: "error event (server_error)" }],
    ["that is no event stream", "json", { family: "protocol" }],
    ["refused", "refused", { family: "http", message: "HTTP 429" }],
  ] as const)("counts a stream %s as failed", async (_what, how, error) => {
    const { client, recorder } = await serve((_request, response) => {
      if (how === "refused") {
        response.writeHead(429, { "content-type": "application/json" }).end('{"error":{}}');
        return;
      }
      response.setHeader(
        "content-type",
        how === "json" ? "application/json" : "text/event-stream; charset=utf-8",
      );
      response.write(`data: ${events[0]}\n\n`);
      if (how === "destroy") setTimeout(() => response.destroy(), 10);
      else if (how === "error")
        response.end(`data: ${JSON.stringify({ error: { type: "server_error" } })}\n\n`);
      else response.end();
    });
    const res = await client.stream("/", { json: {} });
    expect(res.ok).toBe(false);
    expect(res.error).toMatchObject(error);
    if (how === "refused") expect(res.text()).toBe('{"error":{}}');
    expect(recorder.takeAll()[0]).toMatchObject({ requests: [{ count: 1, failures: 1 }], errors: [error] });
  });

  it("counts as goodput what keeps its bounds and did not fail", async () => {
    const { client, recorder } = await serve((request, response) => {
      response.setHeader("content-type", "text/event-stream");
      response.write(`data: ${events[0]}\n\n`);
      const isCut = request.url === "/cut";
      setTimeout(() => response.end(isCut ? "" : `data: ${events[1]}\n\ndata: [DONE]\n\n`), 40);
    });
    await client.stream("/good", { goodput: { ttftMs: 5000, itlMs: 5000, totalMs: 5000 } });
    await client.stream("/cut", { goodput: { ttftMs: 5000 } });
    await client.stream("/slow", { goodput: { itlMs: 1 } });
    await client.stream("/late", { goodput: { totalMs: 5 } });
    const metrics = recorder.takeAll().flatMap((delta) => delta.metrics);
    expect(metrics.find((entry) => entry.name === "llm_goodput")).toMatchObject({ count: 4, sum: 1 });
  });

  it("hangs up when the scenario says so, which is no failure", async () => {
    let isClosed: () => void = () => {};
    const closed = new Promise<void>((resolve) => {
      isClosed = resolve;
    });
    const { client } = await serve((_request, response) => {
      response.on("close", () => isClosed());
      response.setHeader("content-type", "text/event-stream");
      response.write(`data: ${events[0]}\n\n`);
    });
    const res = await client.stream("/", { onEvent: () => false });
    expect(res).toMatchObject({ ok: true, events: 1, truncated: false });
    await closed;
  });
});
