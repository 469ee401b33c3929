import { describe, expect, it } from "vitest";
import { usageOf, writtenBytes } from "./usage.ts";
import { UsageMeter } from "./usage-meter.ts";

const passing = { push: (chunk: Buffer) => chunk, end: () => Buffer.alloc(0) };

/** Tokens counted in a stream that is cut into pieces of `size` bytes. */
function metered(events: readonly object[], size: number): number {
  const meter = new UsageMeter(passing, 10_000);
  const bytes = Buffer.from(
    `${events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("")}data: [DONE]\n\n`,
  );
  for (let at = 0; at < bytes.length; at += size) meter.push(bytes.subarray(at, at + size));
  return meter.tokens(50);
}

const chunk = (content: string): object => ({ choices: [{ index: 0, delta: { content } }], usage: null });

describe("usage", () => {
  it.each([
    [
      "chat",
      { usage: { prompt_tokens: 7, completion_tokens: 5, total_tokens: 12 } },
      { input: 7, output: 5 },
    ],
    ["embeddings", { usage: { prompt_tokens: 8, total_tokens: 8 } }, { input: 8, output: null }],
    ["embeddings, total only", { usage: { total_tokens: 8 } }, { input: 8, output: 0 }],
    [
      "messages with a prompt cache",
      {
        usage: {
          input_tokens: 3,
          cache_creation_input_tokens: 100,
          cache_read_input_tokens: 20,
          output_tokens: 9,
        },
      },
      { input: 123, output: 9 },
    ],
    [
      "a stream's start",
      { message: { usage: { input_tokens: 25, output_tokens: 1 } } },
      { input: 25, output: 1 },
    ],
    [
      "a response's end",
      { response: { usage: { input_tokens: 4, output_tokens: 6 } } },
      { input: 4, output: 6 },
    ],
    ["null", { usage: null, choices: [] }, null],
    ["nonsense", { usage: { prompt_tokens: -5, completion_tokens: "9", total_tokens: Number.NaN } }, null],
    ["no object", "usage", null],
  ])("of %s is read", (_, value, expected) => {
    expect(usageOf(value)).toEqual(expected);
  });

  it("is estimated by the text where it is not told, whatever the field", () => {
    expect(
      writtenBytes({ choices: [{ message: { role: "assistant", content: "12345678" } }], id: "chat-1" }),
    ).toBe(8);
    expect(writtenBytes({ type: "content_block_delta", delta: { type: "text_delta", text: "1234" } })).toBe(
      4,
    );
    expect(writtenBytes({ choices: [{ delta: { tool_calls: [{ function: { arguments: "{}é" } }] } }] })).toBe(
      4,
    );
    expect(writtenBytes({ type: "response.output_text.delta", delta: "12" })).toBe(2);
  });
});

describe("the meter of a stream", () => {
  it.each([1, 7, 1_000])("takes the provider's total, in pieces of %i bytes", (size) => {
    const end = { choices: [], usage: { prompt_tokens: 11, completion_tokens: 4 } };
    expect(metered([chunk("one two three"), chunk("four"), end], size)).toBe(15);
  });

  it("counts the text when the provider tells nothing, and what came after the last total", () => {
    expect(metered([chunk("x".repeat(400)), chunk("y".repeat(400))], 64)).toBe(50 + 200);
    const started = { type: "message_start", message: { usage: { input_tokens: 30, output_tokens: 1 } } };
    const delta = { type: "content_block_delta", delta: { type: "text_delta", text: "z".repeat(400) } };
    expect(metered([started, delta], 64)).toBe(30 + 1 + 100);
    const end = { type: "message_delta", usage: { output_tokens: 90 } };
    expect(metered([started, delta, end], 64)).toBe(30 + 90);
  });
});
