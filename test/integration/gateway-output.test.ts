import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createGuard, DEFAULT_POLICY, type Policy, type Recogniser } from "#detect";
import { createGateway, type Gateway } from "#gateway";

/** A value that no request holds: when it comes back, the model wrote it. */
const OWN = "mallory@example.org";
const USERS = "ann@example.com";

let provider: Server;
let providerUrl: string;
let answer: { type: string; chunks: string[] } = { type: "application/json", chunks: [] };
let aborted = 0;
const open: Gateway[] = [];

beforeAll(async () => {
  provider = createServer((request, response) => {
    request.resume();
    request.on("end", async () => {
      response.on("close", () => {
        if (!response.writableFinished) aborted += 1;
      });
      response.writeHead(200, { "content-type": answer.type });
      for (const chunk of answer.chunks) {
        response.write(chunk);
        await new Promise((resolve) => setImmediate(resolve));
      }
      if (answer.chunks.at(-1) !== "") response.end();
    });
  });
  await new Promise<void>((resolve) => provider.listen(0, "127.0.0.1", resolve));
  providerUrl = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
});

afterEach(async () => {
  for (const gateway of open.splice(0)) await gateway.close();
});

afterAll(() => {
  provider.closeAllConnections();
  provider.close();
});

async function gatewayWith(
  policy: Partial<Policy>,
  config: object = {},
  recognisers: Recogniser[] = [],
): Promise<string> {
  const gateway = createGateway({
    config: {
      port: 0,
      providers: { openai: { baseUrl: providerUrl }, anthropic: { baseUrl: providerUrl } },
      drainTimeoutMs: 200,
      ...config,
    },
    guard: createGuard({
      policy: { ...DEFAULT_POLICY, injection: { action: "off", threshold: 0.5 }, ...policy },
      recognisers,
    }),
    version: "0.0.0-test",
  });
  open.push(gateway);
  return (await gateway.listen()).url;
}

const REDACT: Partial<Policy> = { output: { EMAIL_ADDRESS: "redact" } };
const BLOCK: Partial<Policy> = { output: { EMAIL_ADDRESS: "block" } };

async function ask(
  url: string,
  path: string,
  stream: boolean,
): Promise<{ text: string; headers: Headers; status: number }> {
  const body = path.includes("responses")
    ? { input: `Write to ${USERS}` }
    : {
        messages: [{ role: "user", content: `Write to ${USERS}` }],
        prompt: `Write to ${USERS}`,
        max_tokens: 9,
      };
  const { messages, prompt, ...rest } = body as Record<string, unknown>;
  const shaped =
    path.endsWith("/completions") && !path.includes("chat")
      ? { prompt }
      : { ...rest, ...(messages === undefined ? {} : { messages }) };
  const got = await fetch(url + path, {
    method: "POST",
    body: JSON.stringify({ model: "m", stream, ...shaped }),
  });
  return { text: await got.text(), headers: got.headers, status: got.status };
}

const plain = (body: unknown) => ({ type: "application/json", chunks: [JSON.stringify(body)] });
const events = (bodies: object[], end = "data: [DONE]\n\n") => ({
  type: "text/event-stream",
  chunks: [
    ...bodies.map(
      (body) => `${"type" in body ? `event: ${body.type}\n` : ""}data: ${JSON.stringify(body)}\n\n`,
    ),
    end,
  ].filter((chunk) => chunk !== ""),
});
const parsed = (text: string) =>
  text.split("\n\n").flatMap((block) => {
    const data = /^data: (\{.*)$/m.exec(block)?.[1];
    return data === undefined ? [] : [JSON.parse(data) as Record<string, never>];
  });

/** The text "…[EMAIL_1]… mallory@example.org …" in pieces of three characters. */
const SAID = `Mail [EMAIL_1] now, or else ask ${OWN} about it. `;
const PIECES = SAID.match(/.{1,3}/gs) ?? [];

/** How a piece of text streams in each API, and the event that ends the text. */
const STREAMS: [path: string, piece: (text: string) => object, last: object][] = [
  [
    "/v1/chat/completions",
    (content: string) => ({
      id: "x",
      object: "chat.completion.chunk",
      choices: [
        {
          index: 0,
          delta: { content },
          finish_reason: null,
          logprobs: {
            content: [
              {
                token: content,
                logprob: 0,
                bytes: [...Buffer.from(content)],
                top_logprobs: [{ token: content, logprob: 0 }],
              },
            ],
          },
        },
      ],
    }),
    { choices: [{ index: 0, delta: {}, finish_reason: "stop" }] },
  ],
  [
    "/v1/completions",
    (text: string) => ({ choices: [{ index: 0, text, finish_reason: null }] }),
    { choices: [{ index: 0, text: "", finish_reason: "stop" }] },
  ],
  [
    "/v1/responses",
    (delta: string) => ({
      type: "response.output_text.delta",
      item_id: "i",
      output_index: 0,
      content_index: 0,
      delta,
    }),
    { type: "response.output_text.done", item_id: "i", output_index: 0, content_index: 0, text: SAID },
  ],
  [
    "/v1/messages",
    (text: string) => ({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text } }),
    { type: "content_block_stop", index: 0 },
  ],
];

describe("an answer in which the model writes personal data of its own", () => {
  it("passes when nothing is asked for", async () => {
    answer = plain({ choices: [{ index: 0, message: { content: SAID } }] });
    const got = await ask(await gatewayWith({}), "/v1/chat/completions", false);
    expect(got.text).toContain(OWN);
    expect(got.headers.get("x-rampart-guards")).not.toContain("output");
  });

  it("loses it, while the user's own values come back, in every field and without token texts", async () => {
    const url = await gatewayWith(REDACT);
    answer = plain({
      choices: [
        {
          index: 0,
          message: {
            content: SAID,
            refusal: OWN,
            tool_calls: [
              { id: "c", type: "function", function: { name: "f", arguments: JSON.stringify({ to: OWN }) } },
            ],
          },
          logprobs: {
            content: [
              { token: "mallory@", top_logprobs: [] },
              { token: "example.org", top_logprobs: [] },
            ],
          },
        },
        { index: 1, message: { content: OWN } },
      ],
    });
    const got = await ask(url, "/v1/chat/completions", false);
    expect(got.text).not.toContain("mallory");
    const { choices } = JSON.parse(got.text);
    expect(choices[0].message.content).toBe(`Mail ${USERS} now, or else ask [EMAIL REDACTED] about it. `);
    expect(JSON.parse(choices[0].message.tool_calls[0].function.arguments)).toEqual({
      to: "[EMAIL REDACTED]",
    });
    expect(choices[0].logprobs.content).toEqual([]);
    expect(got.headers.get("x-rampart-guards")).toContain("output;redacted=4");
    const metrics = (await (await fetch(`${url}/metrics`)).json()) as { output_findings_total: object };
    expect(metrics.output_findings_total).toEqual({ "EMAIL_ADDRESS.redact": 4 });
  });

  it.each(STREAMS)("loses it in a stream of %s", async (path, piece, last) => {
    answer = events([...PIECES.map(piece), last], path.endsWith("completions") ? "data: [DONE]\n\n" : "");
    const got = await ask(await gatewayWith(REDACT), path, true);
    expect(got.text).not.toContain("mallory");
    const shown = parsed(got.text)
      .map((event) => JSON.stringify(event).match(/"(?:content|text|delta)":"((?:[^"\\]|\\.)*)"/)?.[1] ?? "")
      .join("");
    expect(shown).toContain(`Mail ${USERS} now, or else ask [EMAIL REDACTED] about it. `);
    expect(got.headers.get("x-rampart-guards")).toContain("output;scanned");
  });

  it.each([
    [
      "/v1/chat/completions",
      { choices: [{ index: 0, message: { content: SAID }, finish_reason: "stop" }] },
      /"content":"".*"finish_reason":"content_filter"/,
    ],
    [
      "/v1/completions",
      { choices: [{ index: 0, text: SAID, finish_reason: "stop" }] },
      /"text":"".*"finish_reason":"content_filter"/,
    ],
    [
      "/v1/responses",
      {
        object: "response",
        status: "completed",
        output: [{ type: "message", content: [{ type: "output_text", text: SAID }] }],
      },
      /"status":"incomplete","output":\[\],"incomplete_details":\{"reason":"content_filter"\}/,
    ],
    [
      "/v1/messages",
      { type: "message", content: [{ type: "text", text: SAID }], stop_reason: "end_turn" },
      /"content":\[\],"stop_reason":"refusal"/,
    ],
  ])("is ended as the provider's own filter would, %s", async (path, body, shape) => {
    answer = plain(body);
    const got = await ask(await gatewayWith(BLOCK), path, false);
    expect(got.status).toBe(200);
    expect(got.text).toMatch(shape);
    expect(got.text).not.toContain("Mail");
    expect(got.headers.get("x-rampart-guards")).toContain("output;blocked");
  });

  it("is ended in the middle of a stream, and the provider's is cancelled", async () => {
    const filler = Array.from({ length: 90 }, (_, i) => ({
      choices: [{ index: 0, delta: { content: `word ${i} ` } }],
    }));
    const said = PIECES.map((content) => ({ choices: [{ index: 0, delta: { content } }] }));
    // An empty last chunk: the provider does not end its answer.
    answer = { ...events([...filler, ...said, ...filler], ""), type: "text/event-stream" };
    answer.chunks.push("");
    aborted = 0;
    const url = await gatewayWith(BLOCK);
    const got = await ask(url, "/v1/chat/completions", true);
    expect(got.text).toContain("word 40");
    expect(got.text).not.toContain("mallory");
    expect(got.text).not.toContain("RMP_");
    expect(got.text.trimEnd().endsWith("data: [DONE]")).toBe(true);
    expect(parsed(got.text).at(-1)).toMatchObject({
      choices: [{ index: 0, finish_reason: "content_filter" }],
    });
    while (aborted === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const metrics = (await (await fetch(`${url}/metrics`)).json()) as {
      errors_by_code: Record<string, number>;
    };
    expect(metrics.errors_by_code["RMP_GUARD_BLOCKED"]).toBe(1);
  });

  it("is ended at the end of a stream too, in Anthropic's and in the responses' shape", async () => {
    const url = await gatewayWith(BLOCK);
    answer = events(
      [
        { type: "message_start", message: {} },
        { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
        ...PIECES.map((text) => ({
          type: "content_block_delta",
          index: 0,
          delta: { type: "text_delta", text },
        })),
        { type: "content_block_stop", index: 0 },
      ],
      "",
    );
    const messages = await ask(url, "/v1/messages", true);
    expect(parsed(messages.text).slice(-3)).toEqual([
      { type: "content_block_stop", index: 0 },
      expect.objectContaining({
        type: "message_delta",
        delta: { stop_reason: "refusal", stop_sequence: null },
      }),
      { type: "message_stop" },
    ]);
    answer = events(
      [
        { type: "response.created", sequence_number: 0, response: { id: "r1", status: "in_progress" } },
        ...PIECES.map((delta, i) => ({
          type: "response.output_text.delta",
          sequence_number: i + 1,
          item_id: "i",
          output_index: 0,
          content_index: 0,
          delta,
        })),
      ],
      "",
    );
    const responses = await ask(url, "/v1/responses", true);
    expect(parsed(responses.text).at(-1)).toMatchObject({
      type: "response.incomplete",
      response: {
        id: "r1",
        status: "incomplete",
        incomplete_details: { reason: "content_filter" },
        output: [],
      },
    });
    for (const { text } of [messages, responses]) expect(text).not.toContain("mallory");
  });
});

describe("a scan that crashes", () => {
  let isBroken = false;
  const fragile: Recogniser = {
    name: "fragile",
    types: ["EMAIL_ADDRESS"],
    find: (text) => {
      if (isBroken && text.includes("Mail")) throw new Error("secret inside");
      return [];
    },
  };

  it.each(["closed", "open"] as const)(
    "is told, and ends the answer unless its fail mode is open: %s",
    async (mode) => {
      const url = await gatewayWith(REDACT, { guard: { outputFailMode: mode } }, [fragile]);
      isBroken = true;
      answer = plain({ choices: [{ index: 0, message: { content: SAID } }] });
      const got = await ask(url, "/v1/chat/completions", false);
      answer = events(PIECES.map((content) => ({ choices: [{ index: 0, delta: { content } }] })));
      const stream = await ask(url, "/v1/chat/completions", true);
      isBroken = false;
      if (mode === "closed") {
        expect(got.status).toBe(500);
        expect(stream.text).toContain("RMP_GUARD_FAILED");
        for (const { text } of [got, stream]) expect(text).not.toContain("mallory");
      } else {
        expect(got.text).toContain(OWN);
        expect(got.headers.get("x-rampart-fail-mode")).toContain("open;failed=output");
        expect(got.headers.get("x-rampart-guards")).toContain("output;skipped=failed");
        expect(stream.text).toContain("about");
      }
      expect(got.text).not.toContain("secret inside");
    },
  );
});
