import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createGuard, DEFAULT_POLICY, type Vault } from "#detect";
import type { StreamAdapter } from "./adapter.ts";
import { MESSAGES_STREAM } from "./anthropic-stream.ts";
import { CHAT_STREAM, COMPLETION_STREAM } from "./openai-stream.ts";
import { RESPONSES_STREAM } from "./responses-stream.ts";
import { SseRestorer } from "./stream-restorer.ts";

const MAX_EVENT_BYTES = 1 << 20;
const guard = createGuard({ policy: { ...DEFAULT_POLICY, restoreIn: { urls: false, toolCalls: true } } });

/** A vault that issued `[EMAIL_1]`, `[NAME_1]` and `[NAME_2]`; the second name needs JSON escaping. */
function filledVault(): Vault {
  const vault = guard.createVault();
  vault.placeholderFor("EMAIL_ADDRESS", "zoë@exämple.com");
  vault.placeholderFor("PERSON", "Łukasz 🙂 Ng");
  vault.placeholderFor("PERSON", 'Ann "Q"\nO\\Hara');
  return vault;
}

const VALUES: Readonly<Record<string, string>> = {
  "[EMAIL_1]": "zoë@exämple.com",
  "[NAME_1]": "Łukasz 🙂 Ng",
  "[NAME_2]": 'Ann "Q"\nO\\Hara',
};

function plainRestore(text: string, isJson = false): string {
  return text.replace(/\[(?:EMAIL_1|NAME_1|NAME_2)\]/g, (placeholder) => {
    const value = VALUES[placeholder] ?? placeholder;
    return isJson ? JSON.stringify(value).slice(1, -1) : value;
  });
}

/** Events of a stream as another reader would see them. */
function eventsOf(bytes: Buffer): { name: string; data: string }[] {
  return bytes
    .toString("utf8")
    .replace(/^\uFEFF/, "")
    .split(/\r\n\r\n|\n\n|\r\r/)
    .map((block) => {
      const lines = block.split(/\r\n|\n|\r/);
      return {
        name:
          lines
            .find((line) => line.startsWith("event:"))
            ?.slice(6)
            .trim() ?? "",
        data: lines
          .filter((line) => line.startsWith("data:"))
          .map((line) => line.slice(5).replace(/^ /, ""))
          .join("\n"),
      };
    })
    .filter(({ data }) => data !== "");
}

function run(stream: Buffer, cuts: readonly number[], adapter: StreamAdapter, vault = filledVault()): Buffer {
  const restorer = new SseRestorer(guard, vault, adapter, MAX_EVENT_BYTES);
  const parts: Buffer[] = [];
  let from = 0;
  for (const cut of [...cuts, stream.length]) {
    // A copy: the restorer must not depend on the chunks sharing memory.
    parts.push(Buffer.from(restorer.push(Buffer.from(stream.subarray(from, cut)))));
    from = cut;
  }
  parts.push(restorer.end(false));
  return Buffer.concat(parts);
}

/** Text by key, gathered from the events as a client would. */
type Texts = Record<string, string>;

interface Case {
  readonly name: string;
  readonly adapter: StreamAdapter;
  readonly stream: Buffer;
  readonly gather: (bytes: Buffer) => Texts;
  readonly expected: Texts;
}

// biome-ignore lint/suspicious/noExplicitAny: bodies of three APIs, read field by field
type Loose = any;

function gatherChat(bytes: Buffer): Texts {
  const texts: Texts = {};
  const finished = new Set<number>();
  for (const { data } of eventsOf(bytes)) {
    if (data === "[DONE]") {
      finished.add(-1);
      continue;
    }
    expect(finished.has(-1)).toBe(false);
    const body: Loose = JSON.parse(data);
    for (const choice of body.choices ?? []) {
      const add = (field: string, text: string | null | undefined) => {
        if (typeof text !== "string" || text === "") return;
        expect(finished.has(choice.index)).toBe(false);
        texts[`${choice.index}.${field}`] = (texts[`${choice.index}.${field}`] ?? "") + text;
      };
      add("content", choice.delta?.content);
      add("refusal", choice.delta?.refusal);
      add("text", choice.text);
      for (const call of choice.delta?.tool_calls ?? []) add(`tool${call.index}`, call.function?.arguments);
      for (const token of choice.logprobs?.content ?? []) add("tokens", token.token);
      if (choice.finish_reason != null) finished.add(choice.index);
    }
  }
  return texts;
}

function gatherMessages(bytes: Buffer): Texts {
  const texts: Texts = {};
  const stopped = new Set<unknown>();
  for (const { name, data } of eventsOf(bytes)) {
    const body: Loose = JSON.parse(data);
    expect(name).toBe(body.type);
    if (body.type === "content_block_stop") stopped.add(body.index);
    if (body.type !== "content_block_delta") continue;
    expect(stopped.has(body.index)).toBe(false);
    const text = body.delta.text ?? body.delta.partial_json ?? body.delta.thinking;
    texts[String(body.index)] = (texts[String(body.index)] ?? "") + text;
  }
  return texts;
}

function gatherResponses(bytes: Buffer): Texts {
  const texts: Texts = {};
  const done = new Set<string>();
  eventsOf(bytes).forEach(({ name, data }, i) => {
    const body: Loose = JSON.parse(data);
    expect(name).toBe(body.type);
    expect(body.sequence_number).toBe(i);
    const key = `${body.output_index}.${body.content_index ?? 0}`;
    if (body.type.endsWith(".delta")) {
      expect(done.has(key)).toBe(false);
      texts[key] = (texts[key] ?? "") + body.delta;
    } else if (body.type === "response.output_text.done") {
      done.add(key);
      texts[`${key} done`] = body.text;
    } else if (body.type === "response.function_call_arguments.done") {
      done.add(key);
      texts[`${key} done`] = body.arguments;
    } else if (body.type === "response.completed")
      for (const item of body.response.output)
        texts[`final ${item.type}`] = item.arguments ?? item.content[0].text;
  });
  return texts;
}

/** Cuts a text into pieces of the given UTF-16 lengths, again and again. */
function pieces(text: string, lengths: readonly number[]): string[] {
  const result: string[] = [];
  for (let at = 0, i = 0; at < text.length; i += 1) {
    const length = lengths[i % lengths.length]!;
    result.push(text.slice(at, at + length));
    at += length;
  }
  return result;
}

const FIRST = "Grüße [NAME_1], [EMAIL_1][NAME_2] not [EMAIL_2] nor [[NAME_1]] 🙂 [";
const SECOND = "Hi [NAME_2] — [NAME_1";
const TOOL = '{"to":"[EMAIL_1]","cc":["for [NAME_2]"]}';
const BRACKETLESS = "Grüße (NAME_1), nothing to put back 🙂";

function chatStream(lineEnd: string, text0 = FIRST, text1 = SECOND, toolText = TOOL): Buffer {
  const chunk = (choices: unknown) => `data: ${JSON.stringify({ id: "c1", choices })}${lineEnd}${lineEnd}`;
  const first = pieces(text0, [3, 1, 7, 12]);
  const second = pieces(text1, [3, 9]);
  const tool = pieces(toolText, [7, 1, 12]);
  let text = `: a comment${lineEnd}${lineEnd}`;
  text += chunk([
    { index: 0, delta: { role: "assistant", content: "" }, finish_reason: null },
    { index: 1, delta: { role: "assistant" }, finish_reason: null },
  ]);
  for (let i = 0; i < Math.max(first.length, second.length, tool.length); i += 1) {
    const choices: unknown[] = [];
    if (first[i] !== undefined) choices.push({ index: 0, delta: { content: first[i] }, finish_reason: null });
    if (second[i] !== undefined)
      choices.push({ index: 1, delta: { content: second[i] }, finish_reason: null });
    if (tool[i] !== undefined)
      choices.push({
        index: 2,
        delta: { tool_calls: [{ index: 0, id: "t", function: { name: "mail", arguments: tool[i] } }] },
        finish_reason: null,
      });
    text += chunk(choices);
  }
  for (const index of [0, 1, 2]) text += chunk([{ index, delta: {}, finish_reason: "stop" }]);
  text += `data: {"choices":[],${lineEnd}data: "usage":{"total_tokens":3}}${lineEnd}${lineEnd}`;
  return Buffer.from(`${text}data: [DONE]${lineEnd}${lineEnd}`, "utf8");
}

function completionStream(text = SECOND): Buffer {
  const list = pieces(text, [3, 4]);
  let events = "";
  list.forEach((piece, i) => {
    const finish_reason = i === list.length - 1 ? "length" : null;
    events += `data: ${JSON.stringify({ id: "x", choices: [{ index: 0, text: piece, finish_reason }] })}\n\n`;
  });
  return Buffer.from(`${events}data: [DONE]\n\n`, "utf8");
}

function messagesStream(): Buffer {
  const event = (body: { type: string; [key: string]: unknown }) =>
    `event: ${body.type}\r\ndata: ${JSON.stringify(body)}\r\n\r\n`;
  let text = event({ type: "message_start", message: { id: "m", content: [], usage: {} } });
  const block = (index: number, start: unknown, deltas: readonly object[]) => {
    text += event({ type: "content_block_start", index, content_block: start });
    for (const delta of deltas) text += event({ type: "content_block_delta", index, delta });
    text += event({ type: "content_block_stop", index });
  };
  block(
    0,
    { type: "thinking", thinking: "" },
    pieces(SECOND, [7]).map((thinking) => ({ type: "thinking_delta", thinking })),
  );
  block(
    1,
    { type: "text", text: "" },
    pieces(FIRST, [5, 3, 11]).map((piece) => ({ type: "text_delta", text: piece })),
  );
  block(
    2,
    { type: "tool_use", id: "t", name: "mail", input: {} },
    pieces(TOOL, [8, 3]).map((partial_json) => ({ type: "input_json_delta", partial_json })),
  );
  text += event({ type: "message_delta", delta: { stop_reason: "end_turn" }, usage: {} });
  return Buffer.from(text + event({ type: "message_stop" }), "utf8");
}

function responsesStream(): Buffer {
  let text = "";
  let sequence_number = 0;
  const event = (type: string, fields: object) => {
    text += `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number, ...fields })}\n\n`;
    sequence_number += 1;
  };
  const output = [
    { type: "message", content: [{ type: "output_text", text: SECOND }] },
    { type: "function_call", name: "mail", arguments: TOOL },
  ];
  event("response.created", { response: { status: "in_progress", output: [] } });
  const [message, call] = [pieces(SECOND, [5, 9]), pieces(TOOL, [9, 4])];
  for (let i = 0; i < Math.max(message.length, call.length); i += 1) {
    const place = { item_id: "m", output_index: 0, content_index: 0 };
    if (message[i] !== undefined) event("response.output_text.delta", { ...place, delta: message[i] });
    if (call[i] !== undefined)
      event("response.function_call_arguments.delta", { item_id: "f", output_index: 1, delta: call[i] });
  }
  event("response.output_text.done", { output_index: 0, content_index: 0, text: SECOND });
  event("response.function_call_arguments.done", { output_index: 1, arguments: TOOL });
  event("response.output_item.done", { output_index: 1, item: output[1] });
  event("response.completed", { response: { status: "completed", output } });
  return Buffer.from(text, "utf8");
}

const chatTexts: Texts = {
  "0.content": plainRestore(FIRST),
  "1.content": plainRestore(SECOND),
  "2.tool0": plainRestore(TOOL, true),
};

const CASES: readonly Case[] = [
  {
    name: "chat, LF",
    adapter: CHAT_STREAM,
    stream: chatStream("\n"),
    gather: gatherChat,
    expected: chatTexts,
  },
  {
    name: "chat, CRLF",
    adapter: CHAT_STREAM,
    stream: chatStream("\r\n"),
    gather: gatherChat,
    expected: chatTexts,
  },
  {
    name: "chat, CR",
    adapter: CHAT_STREAM,
    stream: chatStream("\r"),
    gather: gatherChat,
    expected: chatTexts,
  },
  {
    name: "completions",
    adapter: COMPLETION_STREAM,
    stream: completionStream(),
    gather: gatherChat,
    expected: { "0.text": plainRestore(SECOND) },
  },
  {
    name: "messages",
    adapter: MESSAGES_STREAM,
    stream: messagesStream(),
    gather: gatherMessages,
    expected: { "0": plainRestore(SECOND), "1": plainRestore(FIRST), "2": plainRestore(TOOL, true) },
  },
  {
    name: "responses",
    adapter: RESPONSES_STREAM,
    stream: responsesStream(),
    gather: gatherResponses,
    expected: {
      "0.0": plainRestore(SECOND),
      "0.0 done": plainRestore(SECOND),
      "1.0": plainRestore(TOOL, true),
      "1.0 done": plainRestore(TOOL, true),
      "final message": plainRestore(SECOND),
      "final function_call": plainRestore(TOOL, true),
    },
  },
];

describe("restoring a stream", () => {
  for (const { name, adapter, stream, gather, expected } of CASES) {
    it(`gives the same text for every single split (${name})`, () => {
      const whole = run(stream, [], adapter);
      expect(gather(whole)).toEqual(expected);
      for (let cut = 1; cut < stream.length; cut += 1) {
        const split = run(stream, [cut], adapter);
        // The same events whatever the split: comparing bytes is stricter than comparing texts.
        if (!split.equals(whole)) expect(gather(split), `cut at ${cut}`).toEqual(expected);
      }
    });

    it(`gives the same text byte by byte (${name})`, () => {
      const cuts = Array.from({ length: stream.length - 1 }, (_, i) => i + 1);
      expect(gather(run(stream, cuts, adapter))).toEqual(expected);
    });

    it(`gives the same text for any chunking (${name})`, () => {
      fc.assert(
        fc.property(
          fc.uniqueArray(fc.integer({ min: 1, max: stream.length - 1 }), { maxLength: 40 }),
          (cuts) => {
            cuts.sort((a, b) => a - b);
            expect(gather(run(stream, cuts, adapter))).toEqual(expected);
          },
        ),
        { numRuns: 40 },
      );
    });
  }

  it("leaves every byte as it was where no text could be a placeholder", () => {
    for (const lineEnd of ["\n", "\r\n", "\r"]) {
      const stream = chatStream(lineEnd, BRACKETLESS, BRACKETLESS, '{"a":1}');
      for (let cut = 1; cut < stream.length; cut += 1)
        expect(run(stream, [cut], CHAT_STREAM).equals(stream), `cut at ${cut}`).toBe(true);
    }
    const completion = completionStream(BRACKETLESS);
    expect(run(completion, [], COMPLETION_STREAM).equals(completion)).toBe(true);
  });

  it("puts values into token texts and recounts their bytes", () => {
    const tokens = ["Hi", " [", "EMAIL", "_1", "]", "."];
    const events = tokens.map(
      (token) =>
        `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: token }, logprobs: { content: [{ token, logprob: -1, bytes: [...Buffer.from(token)] }] }, finish_reason: null }] })}\n\n`,
    );
    const bytes = run(Buffer.from(`${events.join("")}data: [DONE]\n\n`), [], CHAT_STREAM);
    expect(gatherChat(bytes)).toEqual({
      "0.content": "Hi zoë@exämple.com.",
      "0.tokens": "Hi zoë@exämple.com.",
    });
  });

  it("sends what it held when the stream breaks off", () => {
    const body = { choices: [{ index: 0, delta: { content: "see [NAME_1" }, finish_reason: null }] };
    const bytes = run(Buffer.from(`data: ${JSON.stringify(body)}\n\n`), [], CHAT_STREAM);
    expect(gatherChat(bytes)).toEqual({ "0.content": "see [NAME_1" });
  });

  it("refuses an event beyond the bound", () => {
    const restorer = new SseRestorer(guard, filledVault(), CHAT_STREAM, 100);
    expect(() => restorer.push(Buffer.alloc(101, "x"))).toThrow(
      expect.objectContaining({ code: "RMP_UPSTREAM_TOO_LARGE" }),
    );
  });
});
