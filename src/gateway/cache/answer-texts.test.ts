import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ENDPOINTS, type Endpoint } from "../providers/endpoints.ts";
import { textsOfAnswer } from "./answer-texts.ts";

const TEXT = "Ask anna@example.com or call (555) 123-4567.";

function endpointOf(path: string): Endpoint {
  const endpoint = ENDPOINTS.find((candidate) => candidate.path === path);
  if (endpoint === undefined) throw new Error(`no endpoint ${path}`);
  return endpoint;
}

const event = (body: unknown): string => `data: ${JSON.stringify(body)}\n\n`;

/** A stream of each API that carries pieces of one text. */
const STREAMS: Readonly<Record<string, (pieces: readonly string[]) => string>> = {
  "/v1/chat/completions": (pieces) =>
    `${pieces.map((content) => event({ choices: [{ index: 0, delta: { content } }] })).join("")}data: [DONE]\n\n`,
  "/v1/completions": (pieces) =>
    `${pieces.map((text) => event({ choices: [{ index: 0, text }] })).join("")}data: [DONE]\n\n`,
  "/v1/responses": (pieces) =>
    pieces
      .map((delta) => event({ type: "response.output_text.delta", output_index: 0, content_index: 0, delta }))
      .join("") + event({ type: "response.completed", response: { status: "completed", error: null } }),
  "/v1/messages": (pieces) =>
    pieces
      .map((text) => event({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text } }))
      .join("") + event({ type: "message_stop" }),
};

describe("the texts of an answer", () => {
  it.each(Object.keys(STREAMS))("of %s are whole however they were cut", (path) => {
    const streamOf = STREAMS[path]!;
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (sizes) => {
        const pieces: string[] = [];
        for (let at = 0, k = 0; at < TEXT.length; k += 1) {
          const size = sizes[k % sizes.length]!;
          pieces.push(TEXT.slice(at, at + size));
          at += size;
        }
        expect(textsOfAnswer(Buffer.from(streamOf(pieces)), true, endpointOf(path))).toContain(TEXT);
      }),
      { numRuns: 50 },
    );
  });

  it.each(Object.keys(STREAMS))("of %s are nothing to keep when any of it is missing", (path) => {
    const whole = Buffer.from(STREAMS[path]!([TEXT, "And more."]));
    expect(textsOfAnswer(whole, true, endpointOf(path))).not.toBeNull();
    for (let length = 0; length < whole.length; length += 1)
      expect(textsOfAnswer(whole.subarray(0, length), true, endpointOf(path))).toBeNull();
  });

  it.each([
    ["no JSON", "/v1/chat/completions", "<html>"],
    ["no object", "/v1/chat/completions", "[]"],
    ["an error", "/v1/chat/completions", '{"error":{"message":"x"}}'],
    ["an error of the other provider", "/v1/messages", '{"type":"error","error":null}'],
    ["an answer that goes on in the background", "/v1/responses", '{"status":"queued","output":[]}'],
    ["too deep", "/v1/chat/completions", `{"x":${"[".repeat(500)}${"]".repeat(500)}}`],
  ])("are not there in %s", (_what, path, body) => {
    expect(textsOfAnswer(Buffer.from(body), false, endpointOf(path))).toBeNull();
  });

  it("leave out bytes and names, and put token texts together", () => {
    const answer = {
      id: "chatcmpl-1",
      choices: [
        {
          message: { role: "assistant", content: "Hi.", audio: { data: "AAAA", transcript: "Said." } },
          logprobs: { content: [{ token: "H" }, { token: "i." }] },
        },
      ],
      error: null,
    };
    const texts = textsOfAnswer(
      Buffer.from(JSON.stringify(answer)),
      false,
      endpointOf("/v1/chat/completions"),
    );
    expect(texts?.toSorted()).toEqual(["Hi.", "Hi.", "Said."]);
    const numbers = { object: "list", data: [{ embedding: [0.1, 0.2] }], usage: { prompt_tokens: 1 } };
    expect(textsOfAnswer(Buffer.from(JSON.stringify(numbers)), false, endpointOf("/v1/embeddings"))).toEqual(
      [],
    );
  });
});
