import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ANTHROPIC_MESSAGES_REQUEST } from "../providers/anthropic-requests.data.ts";
import { OPENAI_CHAT_REQUEST, OPENAI_COMPLETION_REQUEST } from "../providers/openai-requests.data.ts";
import type { Shape } from "../providers/shape.ts";
import { countKeys } from "./json-keys.ts";
import { Leaves, type UnknownFields } from "./leaves.ts";

const MAX_DEPTH = 32;

function walked(body: unknown, shape: Shape, unknown: UnknownFields = "flag"): Leaves {
  const leaves = new Leaves(MAX_DEPTH, unknown);
  leaves.walk(body, shape);
  return leaves;
}

/** The body with every leaf written in capitals. */
function shouted(body: unknown, shape: Shape): unknown {
  const copy: unknown = JSON.parse(JSON.stringify(body));
  const leaves = walked(copy, shape);
  leaves.replace(leaves.texts.map((text) => text.toUpperCase()));
  return copy;
}

describe("the leaves of a chat", () => {
  it("are all turns, parts, names, tool calls as JSON leaves, tool results and definitions", () => {
    const body = {
      model: "gpt-4",
      user: "u",
      messages: [
        { role: "system", content: "a" },
        { role: "user", content: [{ type: "text", text: "b" }], name: "n" },
        {
          role: "assistant",
          content: null,
          tool_calls: [
            {
              id: "call_1",
              type: "function",
              function: { name: "f", arguments: '{"x":["c",{"y":"d"}],"n":1}' },
            },
          ],
        },
        { role: "tool", tool_call_id: "call_1", content: "e" },
      ],
      tools: [{ type: "function", function: { name: "f", description: "g", parameters: { enum: ["h"] } } }],
    };
    const leaves = walked(body, OPENAI_CHAT_REQUEST);
    expect(Object.fromEntries(leaves.texts.map((text, i) => [text, leaves.origins[i]]))).toEqual({
      u: "definition",
      a: "instruction",
      b: "user",
      n: "user",
      c: "assistant",
      d: "assistant",
      e: "tool",
      f: "definition",
      g: "definition",
      h: "definition",
    });
    expect(leaves.unknown).toEqual([]);
    expect(shouted(body, OPENAI_CHAT_REQUEST)).toMatchObject({
      model: "gpt-4",
      messages: [
        { role: "system", content: "A" },
        { content: [{ type: "text", text: "B" }], name: "N" },
        { tool_calls: [{ id: "call_1", function: { arguments: '{"x":["C",{"y":"D"}],"n":1}' } }] },
        { tool_call_id: "call_1", content: "E" },
      ],
    });
  });

  it("treat tool arguments that are no JSON as text", () => {
    const body = { messages: [{ role: "assistant", tool_calls: [{ function: { arguments: '{"broken' } }] }] };
    expect(walked(body, OPENAI_CHAT_REQUEST).texts).toEqual(['{"broken']);
  });

  it("treat identifiers that do not look like one as text", () => {
    expect(walked({ model: "call me at home", messages: [] }, OPENAI_CHAT_REQUEST).texts).toEqual([
      "call me at home",
    ]);
  });

  it("include unusual keys of free JSON, which are renamed in place", () => {
    const body = { metadata: { first: "x", "ann@example.com": "y", last: "z" } };
    const leaves = walked(body, OPENAI_CHAT_REQUEST);
    expect(leaves.texts).toEqual(["x", "ann@example.com", "y", "z"]);
    leaves.replace(["x", "[EMAIL_1]", "y", "z"]);
    expect(JSON.stringify(body)).toBe('{"metadata":{"first":"x","[EMAIL_1]":"y","last":"z"}}');
  });

  it("name what is not read", () => {
    const content = [
      { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } },
      { type: "input_audio", input_audio: { data: "AAAA", format: "wav" } },
      { type: "file", file: { file_data: "AAAA", filename: "cv of Ann" } },
    ];
    const leaves = walked({ messages: [{ role: "user", content }] }, OPENAI_CHAT_REQUEST);
    expect(leaves.texts).toEqual(["cv of Ann"]);
    expect(leaves.unread).toEqual(["image", "audio", "file"]);
    expect(walked({ prompt: [1, 2, 3] }, OPENAI_COMPLETION_REQUEST).unread).toEqual(["tokens"]);
  });
});

describe("the leaves of messages", () => {
  it("are system, blocks, tool inputs, tool results and text documents, not pictures", () => {
    const body = {
      system: [{ type: "text", text: "a" }],
      messages: [
        { role: "assistant", content: [{ type: "tool_use", id: "t", name: "f", input: { to: "b" } }] },
        {
          role: "user",
          content: [
            { type: "tool_result", tool_use_id: "t", content: [{ type: "text", text: "c" }] },
            { type: "tool_result", tool_use_id: "t", content: "d" },
            { type: "image", source: { type: "base64", media_type: "image/png", data: "AAAA" } },
            { type: "document", source: { type: "text", media_type: "text/plain", data: "e" }, title: "g" },
            { type: "document", source: { type: "base64", media_type: "application/pdf", data: "AAAA" } },
          ],
        },
      ],
    };
    const leaves = walked(body, ANTHROPIC_MESSAGES_REQUEST);
    expect(leaves.texts).toEqual(expect.arrayContaining(["a", "b", "c", "d", "e", "g"]));
    expect(leaves.texts).not.toContain("AAAA");
    expect(leaves.unread).toEqual(["image", "file"]);
    expect(leaves.origins[leaves.texts.indexOf("c")]).toBe("tool");
  });
});

describe("fields that no table lists", () => {
  const body = { messages: [], brand_new: { text: "secret" }, other_new: 7 };

  it("are guarded and named when the policy flags", () => {
    const leaves = walked(body, OPENAI_CHAT_REQUEST, "flag");
    expect(leaves.texts).toEqual(["secret"]);
    expect(leaves.unknown).toEqual(["brand_new"]);
  });

  it("are named and left alone when the policy passes them", () => {
    const leaves = walked(body, OPENAI_CHAT_REQUEST, "pass");
    expect(leaves.texts).toEqual([]);
    expect(leaves.unknown).toEqual(["brand_new"]);
    expect(leaves.keyCount).toBe(countKeys(JSON.stringify(body)));
  });

  it("are refused when the policy refuses, without quoting them", () => {
    expect(() => walked(body, OPENAI_CHAT_REQUEST, "refuse")).toThrow(
      expect.objectContaining({ code: "RMP_REQ_INVALID", field: "brand_new" }),
    );
    expect(() => walked({ "ann@example.com": "x" }, OPENAI_CHAT_REQUEST, "refuse")).toThrow(
      expect.objectContaining({ field: "(unprintable)" }),
    );
  });
});

describe("names that stand twice", () => {
  it("are counted in the source as they are in the value, for any JSON", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const body = { metadata: value };
        const leaves = new Leaves(100, "flag");
        leaves.walk(body, OPENAI_CHAT_REQUEST);
        expect(countKeys(JSON.stringify(body))).toBe(leaves.keyCount);
        expect(countKeys(JSON.stringify(body, null, 2))).toBe(leaves.keyCount);
      }),
    );
  });

  it("are seen", () => {
    const source = '{"messages":[{"role":"user","content":"ann@example.com"}],"messages":[]}';
    expect(countKeys(source)).not.toBe(walked(JSON.parse(source), OPENAI_CHAT_REQUEST).keyCount);
  });

  it("are settled in favour of what was read when they stand in tool arguments", () => {
    const body = {
      messages: [{ role: "assistant", tool_calls: [{ function: { arguments: '{"a":"x","a":"y"}' } }] }],
    };
    const leaves = walked(body, OPENAI_CHAT_REQUEST);
    expect(leaves.hasForced).toBe(true);
    leaves.replace(leaves.texts);
    expect(JSON.stringify(body)).toContain('{\\"a\\":\\"y\\"}');
  });
});
